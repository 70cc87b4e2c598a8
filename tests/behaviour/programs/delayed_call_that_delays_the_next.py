# proves: a call that arms itself again keeps its handle, and stop() cancels the pending one
# api: eventlet.spawn_after, eventlet.queue.Queue, eventlet.greenthread.GreenThread.cancel
# tier: review
import eventlet
from eventlet import queue


class Clock:
    def __init__(self):
        self.ticks = queue.Queue()
        self.count = 0
        self._next = eventlet.spawn_after(0, self._tick)

    def _tick(self):
        self.count += 1
        delay = 0.05 if self.count < 3 else 60
        self._next = eventlet.spawn_after(delay, self._tick)
        self.ticks.put(self.count)

    def stop(self):
        self._next.cancel()


clock = Clock()
print([clock.ticks.get() for _ in range(3)])
clock.stop()
print("count:", clock.count, clock.ticks.empty())
