# proves: spawn_n of a pool passes all arguments on and runs everything
# api: eventlet.GreenPool, eventlet.queue.Queue, eventlet.GreenPool.spawn_n, eventlet.GreenPool.waitall
# tier: review
from eventlet import queue
from eventlet.greenpool import GreenPool

delivered = queue.Queue()


def deliver(address, *parcels, express=False):
    delivered.put((address, len(parcels), express))


pool = GreenPool(size=2)
pool.spawn_n(deliver, "elm street", "book")
pool.spawn_n(deliver, "main street", "hat", "coat", express=True)
for number in range(3):
    pool.spawn_n(deliver, f"{number} high street", *["box"] * number)
pool.waitall()
print(sorted(delivered.get_nowait() for _ in range(5)), delivered.empty())
