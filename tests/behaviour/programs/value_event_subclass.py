# proves: a subclass of Event stays
# api: eventlet.event.Event
# tier: manual
# rewrite: none
import eventlet
from eventlet import event


class Countdown(event.Event):
    def __init__(self, count):
        super().__init__()
        self.count = count

    def done(self, name):
        self.count -= 1
        if self.count == 0:
            self.send(name)


latch = Countdown(3)
for name in "abc":
    eventlet.spawn_n(latch.done, name)
print("last:", latch.wait(), latch.count)
