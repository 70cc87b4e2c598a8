# proves: spawn of a full pool waits until a task is over, so the source is read no further
# api: eventlet.GreenPool, eventlet.queue.Queue, eventlet.GreenPool.spawn, eventlet.GreenPool.waitall
# tier: review
# settings: helpers=concurrency
import eventlet
from eventlet import queue

pulled = queue.Queue()
entered = queue.Queue()
gate = queue.Queue()


def rows():
    for row in range(5):
        pulled.put(row)
        yield row


def load(row):
    entered.put(row)
    gate.get()


def load_all():
    pool = eventlet.GreenPool(2)
    for row in rows():
        pool.spawn(load, row)
    pool.waitall()
    entered.put("loaded")


eventlet.spawn_n(load_all)
print("working:", sorted([entered.get(), entered.get()]))
print("read ahead:", [pulled.get() for _ in range(3)], pulled.empty())
gate.put("next")
print("working:", entered.get(), "read ahead:", pulled.get(), pulled.empty())
for _ in range(4):
    gate.put("next")
print([entered.get() for _ in range(3)][-1], pulled.get(), pulled.empty())
