# proves: a lock that is taken with a timeout of None waits for ever, and says so to no one
# api: eventlet.lock.Lock, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet.lock import Lock
from eventlet.queue import Queue

lock = Lock()
told = Queue()


def write(name):
    told.put(f"{name} waits")
    lock.acquire(blocking=True, timeout=None)
    try:
        told.put(f"{name} writes")
    finally:
        lock.release()


lock.acquire(True, None)
eventlet.spawn_n(write, "journal")
print(told.get())
print(lock.acquire(timeout=0.01))
lock.release()
print(told.get())
