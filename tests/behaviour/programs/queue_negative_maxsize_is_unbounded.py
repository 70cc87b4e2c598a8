# proves: a negative maxsize means no limit on both sides
# api: eventlet.queue.Queue, eventlet.queue.LightQueue, eventlet.queue.PriorityQueue
# tier: review
from eventlet import queue


class Buffer:
    def __init__(self, kind=queue.Queue):
        self._items = kind()

    def extend(self, items):
        for item in items:
            self._items.put(item)
        return self

    def drain(self):
        while not self._items.empty():
            yield self._items.get()


backlog = queue.Queue(-1)
for n in range(50):
    backlog.put(n, block=False)
print(backlog.qsize(), backlog.full())
print(list(Buffer().extend("abc").drain()))
print(list(Buffer(queue.LightQueue).extend("abc").drain()))
print(list(Buffer(queue.PriorityQueue).extend("cab").drain()))
