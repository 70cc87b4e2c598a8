# proves: a factory of the program makes the queues and pools that others use
# api: eventlet.queue.Queue, eventlet.GreenPool, eventlet.GreenPool.spawn_n, eventlet.GreenPool.waitall
# tier: review
# settings: helpers=concurrency
import eventlet
from eventlet import queue


def make_queue(size=None):
    return queue.Queue(size) if size else queue.Queue()


def make_pool(workers):
    return eventlet.GreenPool(workers)


class Stage:
    def __init__(self, workers):
        self.pool = make_pool(workers)
        self.out = make_queue()

    def run(self, function, items):
        for item in items:
            self.pool.spawn_n(self._one, function, item)
        self.pool.waitall()
        return sorted(self.out.get() for _ in range(self.out.qsize()))

    def _one(self, function, item):
        self.out.put(function(item))


print(Stage(2).run(len, ["a", "bbb", "cc"]))
print(Stage(1).run(abs, [-3, 2, -1]))
