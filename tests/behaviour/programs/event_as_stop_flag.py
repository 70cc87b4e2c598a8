# proves: a stop event ends a polling loop, and the loop says when it is over
# api: eventlet.event.Event, eventlet.spawn, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import event, queue


class Poller:
    def __init__(self):
        self.stopping = event.Event()
        self.stopped = event.Event()
        self.ticks = queue.Queue()

    def run(self):
        while not self.stopping.ready():
            self.ticks.put("tick")
            self.stopping.wait(timeout=0.002)
        self.stopped.send()

    def stop(self):
        self.stopping.send()
        self.stopped.wait()


poller = Poller()
eventlet.spawn(poller.run)
print([poller.ticks.get() for _ in range(3)])
poller.stop()
print("stopped:", poller.stopped.ready())
