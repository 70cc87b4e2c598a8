# proves: the error of a child that is kept but never waited for is printed, as before
# api: eventlet.spawn, eventlet.sleep
# tier: review
# errors: ValueError: bad feed
import sys
import time

import eventlet


class Tee:
    """Passes all on to the real stream and remembers it."""

    def __init__(self, stream):
        self.stream, self.text = stream, ""

    def write(self, text):
        self.text += text
        return self.stream.write(text)

    def flush(self):
        self.stream.flush()


class Feed:
    def start(self):
        self._reader = eventlet.spawn(self._read)

    def _read(self):
        raise ValueError("bad feed")


sys.stderr = errors = Tee(sys.stderr)
feed = Feed()
feed.start()
deadline = time.monotonic() + 10
while "bad feed\n" not in errors.text and time.monotonic() < deadline:
    eventlet.sleep(0.005)
print("reported:", errors.text.count("ValueError: bad feed"))
