# proves: two objects share an event that was given to both
# api: eventlet.event.Event, eventlet.spawn_n, eventlet.event.Event.send, eventlet.event.Event.wait, eventlet.event.Event.ready
# tier: review
import eventlet
from eventlet import event


class Producer:
    def __init__(self, finished):
        self.finished = finished
        self.made = 0

    def run(self, amount):
        self.made = amount
        self.finished.send(("finished", amount))


class Monitor:
    def __init__(self, producer_done):
        self._producer_done = producer_done

    def report(self):
        text, amount = self._producer_done.wait()
        ready = self._producer_done.ready()
        return f"{text}: {amount}, ready {ready}"


finished = event.Event()
producer, monitor = Producer(finished), Monitor(producer_done=finished)
eventlet.spawn_n(producer.run, 12)
print(monitor.report(), producer.made)
