# proves: a semaphore and a pile made in one module bound and collect the work of another
# api: eventlet.semaphore.Semaphore, eventlet.GreenPile, eventlet.GreenPile.spawn
# tier: manual
# rewrite: none
import limits
from downloads import download_all

print(list(download_all(["a", "bb", "ccc"])))
print(limits.slots.acquire(blocking=False), limits.most_at_once() <= 2)
