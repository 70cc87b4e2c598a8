# proves: release() is passed on, to be called without arguments later
# api: eventlet.semaphore.Semaphore, eventlet.spawn_after
# tier: review
import eventlet
from eventlet.semaphore import Semaphore

slots = Semaphore(1)
slots.acquire()
print(slots.acquire(blocking=False))
eventlet.spawn_after(0.01, slots.release)
print(slots.acquire(timeout=10))
