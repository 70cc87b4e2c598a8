# proves: a pool tells how many run and how many more may
# api: eventlet.GreenPool, eventlet.queue.Queue, eventlet.GreenPool.running, eventlet.GreenPool.free, eventlet.GreenPool.waitall
# tier: review
# settings: helpers=concurrency
import eventlet
from eventlet import queue


class Desk:
    def __init__(self, clerks):
        self.pool = eventlet.GreenPool(clerks)
        self.calls = queue.Queue()
        self.answers = queue.Queue()

    def status(self):
        busy, free = self.pool.running(), self.pool.free()
        return f"{busy} busy, {free} free"

    def serve(self, customer):
        self.calls.put(customer)
        self.answers.get()

    def close(self):
        self.pool.waitall()


desk = Desk(3)
print(desk.status())
for customer in ("ann", "bob"):
    desk.pool.spawn_n(desk.serve, customer)
print(sorted([desk.calls.get(), desk.calls.get()]), desk.status())
desk.answers.put("sure")
desk.answers.put("no")
desk.close()
print(desk.status())
