# proves: a lock held across a switch keeps others out
# api: eventlet.lock.Lock, eventlet.spawn_n, eventlet.sleep, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import lock, queue


class Sequence:
    def __init__(self):
        self._lock = lock.Lock()
        self._last = 0

    def next(self):
        with self._lock:
            last = self._last
            eventlet.sleep(0.001)
            self._last = last + 1
            return self._last


sequence = Sequence()
numbers = queue.Queue()
for _ in range(5):
    eventlet.spawn_n(lambda: numbers.put(sequence.next()))
print(sorted(numbers.get() for _ in range(5)))
