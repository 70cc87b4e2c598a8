# proves: a pool that is resized stays
# api: eventlet.GreenPool.resize
# tier: manual
# rewrite: none
import eventlet
from eventlet import queue

gate, entered = queue.Queue(), queue.Queue()
pool = eventlet.GreenPool(2)


def task(name):
    entered.put(name)
    gate.get()


pool.spawn_n(task, "a")
pool.spawn_n(task, "b")
print(sorted([entered.get(), entered.get()]), pool.free())
pool.resize(1)
print(pool.free(), pool.size)
pool.resize(3)
pool.spawn_n(task, "c")
print(entered.get(), pool.running(), pool.free())
