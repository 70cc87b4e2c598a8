# proves: what __enter__ starts, __exit__ waits for, and its error comes out of the with
# api: eventlet.spawn, eventlet.queue.Queue, eventlet.greenthread.GreenThread.wait
# tier: review
# errors: ValueError: line too long
# differs: C-EXC (native, patched)
# then-errors:
import eventlet
from eventlet import queue


class Writer:
    def __init__(self):
        self.lines = queue.Queue()
        self.written = []

    def __enter__(self):
        self._task = eventlet.spawn(self._run)
        return self.lines.put

    def __exit__(self, *exc_info):
        self.lines.put(None)
        self._task.wait()

    def _run(self):
        for line in iter(self.lines.get, None):
            if len(line) > 8:
                raise ValueError("line too long")
            self.written.append(line)


writer = Writer()
with writer as write:
    write("short")
    write("lines")
print(writer.written)
try:
    with Writer() as write:
        write("a line that is too long")
except ValueError as exc:
    print("not written:", exc)
