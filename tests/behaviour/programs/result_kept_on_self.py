# proves: a green thread stored in one method is waited for in another
# api: eventlet.spawn, eventlet.queue.Queue, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet
from eventlet import queue


class Counter:
    def __init__(self):
        self._lines = queue.Queue()

    def start(self):
        self._worker = eventlet.spawn(self._run)

    def feed(self, line):
        self._lines.put(line)

    def _run(self):
        words = 0
        while True:
            line = self._lines.get()
            if line is None:
                return words
            words += len(line.split())

    def finish(self):
        self._lines.put(None)
        return self._worker.wait()


counter = Counter()
counter.start()
for line in ("to be", "or not", "to be that is"):
    counter.feed(line)
print("words:", counter.finish())
