# proves: the question whether the process is patched is answered with no
# api: eventlet.patcher.is_monkey_patched
# tier: review
# settings: force=yes
import threading

from eventlet import patcher


class Journal:
    def __init__(self):
        self.lock = threading.Lock()
        self.lines = []

    def write(self, line):
        with self.lock:
            self.lines.append(line)


def pool_size(cores):
    if patcher.is_monkey_patched("thread"):
        return 1000
    return cores * 4


journal = Journal()
journal.write("green" if patcher.is_monkey_patched("socket") else "native")
if not patcher.is_monkey_patched("os"):
    journal.write("may fork")
journal.write(f"{pool_size(2)} workers")
print(journal.lines)
