# proves: maxsize None means no limit, which queue.Queue(None) would not accept
# api: eventlet.queue.Queue, eventlet.queue.LightQueue, eventlet.queue.LifoQueue, eventlet.Queue
# tier: review
import eventlet
from eventlet import queue


def fill(box, count):
    for n in range(count):
        box.put_nowait(n)
    return box.qsize(), box.full()


print(fill(queue.Queue(None), 100))
print(fill(queue.Queue(maxsize=None), 100))
print(fill(queue.LightQueue(None), 100))
print(fill(queue.LifoQueue(maxsize=None), 100))
print(fill(queue.Queue(), 100))
print(fill(eventlet.Queue(), 100))
