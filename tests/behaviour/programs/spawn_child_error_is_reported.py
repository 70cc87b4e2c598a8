# proves: an error in a child is printed once and the service goes on
# api: eventlet.spawn_n, eventlet.sleep, eventlet.queue.Queue
# tier: review
# errors: ValueError: no such user: mallory
import sys
import time

import eventlet
from eventlet import queue


class Tee:
    """Passes all on to the real stream and remembers it."""

    def __init__(self, stream):
        self.stream, self.text = stream, ""

    def write(self, text):
        self.text += text
        return self.stream.write(text)

    def flush(self):
        self.stream.flush()


def handle(user):
    if user == "mallory":
        raise ValueError("no such user: " + user)
    served.put(user)


sys.stderr = errors = Tee(sys.stderr)
served = queue.Queue()
for user in ("alice", "mallory", "bob"):
    eventlet.spawn_n(handle, user)
print(sorted([served.get(), served.get()]))
deadline = time.monotonic() + 10
while "mallory\n" not in errors.text and time.monotonic() < deadline:
    eventlet.sleep(0.005)
print("reported:", errors.text.count("ValueError: no such user"))
