# proves: a pool of a service takes work until stop() waits for the rest
# api: eventlet.GreenPool, eventlet.queue.Queue, eventlet.GreenPool.spawn_n, eventlet.GreenPool.waitall
# tier: review
import eventlet
from eventlet import queue


class Mailer:
    def __init__(self, workers=2):
        self._pool = eventlet.GreenPool(workers)
        self._gate = queue.Queue()
        self._sent = queue.Queue()

    def send(self, address):
        self._pool.spawn_n(self._deliver, address)

    def _deliver(self, address):
        self._gate.get()
        self._sent.put(address)

    def open(self, times):
        for _ in range(times):
            self._gate.put("go")

    def stop(self):
        self._pool.waitall()
        return sorted(self._sent.get() for _ in range(self._sent.qsize()))


mailer = Mailer()
mailer.send("ann@example")
mailer.send("bob@example")
mailer.open(4)
mailer.send("cem@example")
mailer.send("dan@example")
print(mailer.stop())
