# proves: a delayed call may be cancelled before it runs
# api: eventlet.spawn_after
# tier: review
# legs: native, patched
import eventlet

eventlet.monkey_patch()

from eventlet import queue


class Watchdog:
    def __init__(self, limit):
        self.limit = limit
        self.barked = queue.Queue()
        self._timer = None

    def feed(self):
        if self._timer is not None:
            self._timer.cancel()
        self._timer = eventlet.spawn_after(self.limit, self.barked.put, "woof")


dog = Watchdog(0.05)
for _ in range(3):
    dog.feed()
print(dog.barked.get())
eventlet.sleep(0.1)
print("once:", dog.barked.empty())
