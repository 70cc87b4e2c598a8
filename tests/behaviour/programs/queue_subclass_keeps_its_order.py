# proves: a subclass that overrides the hooks keeps its order on the stdlib's Queue
# api: eventlet.queue.LightQueue, eventlet.spawn_n
# tier: review
import eventlet
from eventlet import queue


class Shortest(queue.LightQueue):
    """Gives the shortest word first."""

    def _init(self, maxsize):
        self.queue = []

    def _put(self, item):
        self.queue.append(item)
        self.queue.sort(key=len)

    def _get(self):
        return self.queue.pop(0)


words = Shortest()
done = queue.Queue()


def read():
    done.put([words.get() for _ in range(3)])


for word in ("elephant", "ox", "horse"):
    words.put(word)
eventlet.spawn_n(read)
print(done.get(), words.empty())
