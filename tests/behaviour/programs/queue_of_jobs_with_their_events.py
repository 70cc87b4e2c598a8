# proves: a job on a queue carries the event that brings its result
# api: eventlet.queue.Queue, eventlet.event.Event, eventlet.spawn_n, eventlet.event.Event.send, eventlet.event.Event.send_exception
# tier: review
import eventlet
from eventlet import event, queue


class Pump:
    def __init__(self):
        self._jobs = queue.Queue()

    def run(self):
        while True:
            function, args, done = self._jobs.get()
            try:
                done.send(function(*args))
            except Exception as exc:
                done.send_exception(exc)

    def call(self, function, *args):
        done = event.Event()
        self._jobs.put((function, args, done))
        return done.wait()


pump = Pump()
eventlet.spawn_n(pump.run)
print(pump.call(pow, 2, 8), pump.call(str.title, "pump up"))
try:
    pump.call(int, "seven")
except ValueError as exc:
    print("failed:", exc)
