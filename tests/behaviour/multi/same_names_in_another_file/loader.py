import eventlet
from eventlet import queue


class Loader:
    def __init__(self, names):
        self.queue = queue.Queue()
        self.task = eventlet.spawn(self._run, names)

    def _run(self, names):
        for name in names:
            self.queue.put(name)
        return sorted(names)

    def finish(self):
        return self.task.wait(), self.queue.get()
