# proves: a consumer that is killed while it waits for work takes no more, so it stays
# api: eventlet.spawn, eventlet.greenthread.GreenThread.kill
# tier: manual
# rewrite: none
import eventlet
from eventlet import queue

jobs = queue.Queue()
done = queue.Queue()


def consume():
    while True:
        done.put(jobs.get() * 2)


worker = eventlet.spawn(consume)
jobs.put(1)
print(done.get())
worker.kill()
jobs.put(2)
eventlet.sleep(0.01)
print(done.empty(), jobs.qsize(), worker.dead)
