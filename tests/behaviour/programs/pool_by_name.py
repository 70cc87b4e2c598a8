# proves: pools in a dict, one for each kind of work
# api: eventlet.GreenPool, eventlet.queue.Queue, eventlet.GreenPool.spawn_n, eventlet.GreenPool.waitall
# tier: review
# settings: helpers=concurrency
import eventlet
from eventlet import queue

SIZES = {"mail": 2, "sms": 1}


class Dispatcher:
    def __init__(self):
        self._pools = {kind: eventlet.GreenPool(size) for kind, size in SIZES.items()}
        self._sent = queue.Queue()

    def send(self, kind, to):
        self._pools[kind].spawn_n(self._sent.put, f"{kind} to {to}")

    def flush(self):
        for pool in self._pools.values():
            pool.waitall()
        return sorted(self._sent.get() for _ in range(self._sent.qsize()))


dispatcher = Dispatcher()
for name in ("ann", "bob", "cem"):
    dispatcher.send("mail", name)
    dispatcher.send("sms", name)
print(dispatcher.flush())
