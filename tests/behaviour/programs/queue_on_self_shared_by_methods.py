# proves: one method fills the queue of an object, another empties it
# api: eventlet.queue.Queue, eventlet.spawn_n
# tier: review
import eventlet
from eventlet.queue import Empty, Queue


class Buffer:
    def __init__(self, size):
        self._items = Queue(size)
        self._flushed = Queue()

    def add(self, *items):
        for item in items:
            self._items.put(item)

    def run(self):
        while True:
            batch = [self._items.get()]
            while len(batch) < 3 and batch[-1] != ".":
                batch.append(self._items.get())
            self._flushed.put("".join(batch))

    def next_batch(self):
        return self._flushed.get()

    def leftover(self):
        try:
            return self._flushed.get_nowait()
        except Empty:
            return "nothing"


buffer = Buffer(2)
eventlet.spawn_n(buffer.run)
buffer.add("a", "b", "c", "d", ".")
print(buffer.next_batch(), buffer.next_batch(), buffer.leftover())
