# proves: a green thread of a pool calls back, and the pool is free when all is over
# api: eventlet.GreenPool, eventlet.queue.Queue, eventlet.GreenPool.spawn, eventlet.greenthread.GreenThread.link, eventlet.greenthread.GreenThread.wait
# tier: review
# settings: helpers=concurrency
import eventlet
from eventlet import queue


class Workers:
    def __init__(self):
        self.pool = eventlet.GreenPool(2)
        self.finished = queue.Queue()

    def add(self, name, function, *args):
        task = self.pool.spawn(function, *args)
        task.link(self._finished, name)

    def _finished(self, task, name):
        self.finished.put((name, task.wait()))


workers = Workers()
workers.add("sum", sum, [1, 2, 3])
workers.add("len", len, "abcd")
print(sorted([workers.finished.get(), workers.finished.get()]))
workers.pool.waitall()
print(workers.pool.running(), workers.pool.free())
