# proves: a child may have callbacks and a waiter
# api: eventlet.spawn, eventlet.queue.Queue, eventlet.greenthread.GreenThread.link, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet
from eventlet import queue


class Runner:
    def __init__(self):
        self.audit = queue.Queue()

    def run(self, function, *args):
        self._task = eventlet.spawn(function, *args)
        self._task.link(self._record, function.__name__)
        return self._task.wait()

    def _record(self, task, name):
        self.audit.put((name, task.wait()))


def add(a, b):
    return a + b


runner = Runner()
print(runner.run(add, 2, 3), runner.audit.get())
print(runner.run(len, "four"), runner.audit.get())
