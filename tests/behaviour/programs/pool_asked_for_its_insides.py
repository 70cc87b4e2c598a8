# proves: a pool that is asked who waits, or for its green threads, stays
# api: eventlet.GreenPool.waiting, eventlet.GreenPool.coroutines_running
# tier: manual
# rewrite: none
import eventlet
from eventlet import queue

gate = queue.Queue()
pool = eventlet.GreenPool(1)


def producer():
    for _ in range(2):
        pool.spawn_n(gate.get)


eventlet.spawn_n(producer)
eventlet.sleep(0.01)
print(pool.waiting(), len(pool.coroutines_running), pool.sem.balance)
gate.put(1)
gate.put(2)
eventlet.sleep(0.01)
print(pool.waiting(), len(pool.coroutines_running), pool.sem.balance)
