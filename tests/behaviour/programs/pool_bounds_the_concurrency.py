# proves: exactly as many as the pool is large run at once
# api: eventlet.GreenPool, eventlet.queue.Queue, eventlet.semaphore.Semaphore, eventlet.GreenPool.spawn_n, eventlet.GreenPool.waitall
# tier: review
import eventlet
from eventlet import queue, semaphore

entered = queue.Queue()
gate = queue.Queue()
mutex = semaphore.Semaphore(1)
inside, most = [], []


def encode(clip):
    with mutex:
        inside.append(clip)
        most.append(len(inside))
    entered.put(clip)
    gate.get()
    with mutex:
        inside.remove(clip)


def encode_all(clips):
    pool = eventlet.GreenPool(3)
    for clip in clips:
        pool.spawn_n(encode, clip)
    pool.waitall()
    entered.put("all done")


eventlet.spawn_n(encode_all, range(8))
clips = [entered.get() for _ in range(3)]
print("inside:", len(inside))
for _ in range(5):
    gate.put("leave")
    clips.append(entered.get())
for _ in range(3):
    gate.put("leave")
print(entered.get(), sorted(clips), "at most", max(most))
