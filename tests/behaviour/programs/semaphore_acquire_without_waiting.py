# proves: non-blocking and timed acquires answer the same
# api: eventlet.semaphore.Semaphore, eventlet.Semaphore
# tier: safe
import eventlet
from eventlet import semaphore

cranes = semaphore.Semaphore(2)
gate = eventlet.Semaphore()


def try_load(ship):
    if not cranes.acquire(blocking=False):
        return f"{ship}: all cranes busy"
    return f"{ship}: loading"


for ship in ("Argo", "Beagle", "Calypso"):
    print(try_load(ship))
print("timed:", cranes.acquire(timeout=0.01))
cranes.release()
print("after release:", cranes.acquire(True, 0.01), cranes.acquire(False))
print("gate:", gate.acquire(), gate.acquire(False))
