# proves: a child may run before the parent's next line; C-START says so
# api: eventlet.spawn, eventlet.queue.Queue
# tier: review
# differs: C-START (native, patched)
# then-stdout:
#   | child sees: no session yet
import eventlet
from eventlet import queue


class Client:
    session = "no session yet"

    def __init__(self):
        self.seen = queue.Queue()
        eventlet.spawn(self._keep_alive)
        self._negotiate()
        self.session = "session 42"

    def _keep_alive(self):
        self.seen.put(self.session)

    def _negotiate(self):
        """Computes for a while, without a point at which eventlet would switch."""
        for number in range(4000):
            if self.seen.qsize():
                break
            sum(range(number))


print("child sees:", Client().seen.get())
