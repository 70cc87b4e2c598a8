# proves: no more than n children are inside at any time, and all get in
# api: eventlet.semaphore.Semaphore, eventlet.spawn_n, eventlet.sleep, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import queue, semaphore

slots = semaphore.Semaphore(2)
inside = []
most = []
done = queue.Queue()


def download(name):
    with slots:
        inside.append(name)
        most.append(len(inside))
        eventlet.sleep(0.005)
        inside.remove(name)
    done.put(name)


for n in range(6):
    eventlet.spawn_n(download, f"part-{n}")
print(sorted(done.get() for _ in range(6)))
print("never more than two:", max(most) <= 2)
