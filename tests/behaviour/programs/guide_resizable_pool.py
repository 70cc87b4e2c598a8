# proves: a pool grows and shrinks while it works
# api: eventlet.GreenPool.spawn_n, eventlet.GreenPool.resize, eventlet.GreenPool.waitall
# tier: review
# settings: helpers=concurrency
import eventlet
from eventlet import queue

inside, gate, left = queue.Queue(), queue.Queue(), queue.Queue()
pool = eventlet.GreenPool(2)


def task(name):
    inside.put(name)
    gate.get()
    left.put(name)


for name in "ab":
    pool.spawn_n(task, name)
print(sorted([inside.get(), inside.get()]), pool.free(), pool.running())
pool.resize(4)
for name in "cd":
    pool.spawn_n(task, name)
print(sorted([inside.get(), inside.get()]), pool.free(), pool.running())
pool.resize(3)
print(pool.free())
for _ in range(4):
    gate.put(None)
pool.waitall()
print(sorted(left.get() for _ in range(4)), pool.free())
