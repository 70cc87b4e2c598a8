# proves: an error in spawn_n is printed once, and the pool goes on
# api: eventlet.GreenPool, eventlet.queue.Queue, eventlet.GreenPool.spawn_n, eventlet.GreenPool.waitall
# tier: review
# settings: helpers=concurrency
# errors: ValueError: no such photo: 3
import eventlet
from eventlet import queue

done = queue.Queue()


def develop(photo):
    if photo == 3:
        raise ValueError(f"no such photo: {photo}")
    done.put(photo)


pool = eventlet.GreenPool(2)
for photo in range(6):
    pool.spawn_n(develop, photo)
pool.waitall()
print(sorted(done.get() for _ in range(5)))
pool.spawn_n(develop, 9)
pool.waitall()
print(done.get())
