# proves: handles that are put on a queue and waited for by its consumer stay
# api: eventlet.spawn, eventlet.queue.Queue
# tier: manual
# rewrite: none
import eventlet
from eventlet import queue

started = queue.Queue()


def job(n):
    return n * n


def reap(amount):
    return [started.get().wait() for _ in range(amount)]


reaper = eventlet.spawn(reap, 3)
for n in range(3):
    started.put(eventlet.spawn(job, n))
print(reaper.wait(), started.empty())
