# proves: each feeding puts off the bark, which comes once
# api: eventlet.spawn_after, eventlet.queue.Queue, eventlet.greenthread.GreenThread.cancel
# tier: review
import eventlet
from eventlet import queue


class Watchdog:
    def __init__(self, limit):
        self.limit = limit
        self.barked = queue.Queue()
        self._feedings = 0
        self._timer = eventlet.spawn_after(limit, self._bark, 0)

    def feed(self):
        self._timer.cancel()
        self._feedings += 1
        self._timer = eventlet.spawn_after(self.limit, self._bark, self._feedings)

    def _bark(self, feedings):
        self.barked.put(f"woof after {feedings}")


dog = Watchdog(0.2)
for _ in range(3):
    dog.feed()
print(dog.barked.get())
print("once:", dog.barked.empty())
