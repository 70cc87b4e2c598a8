# proves: of two events of an object one carries a value, the other none
# api: eventlet.event.Event, eventlet.spawn_n, eventlet.event.Event.send, eventlet.event.Event.wait
# tier: review
import eventlet
from eventlet import event


class Worker:
    def __init__(self):
        self._started = event.Event()
        self._result = event.Event()

    def run(self, numbers):
        self._started.send()
        self._result.send(max(numbers))

    def start(self, numbers):
        eventlet.spawn_n(self.run, numbers)
        self._started.wait()
        return self._started.ready()

    def result(self):
        return self._result.wait()


worker = Worker()
print(worker.start([3, 9, 4]), worker.result())
