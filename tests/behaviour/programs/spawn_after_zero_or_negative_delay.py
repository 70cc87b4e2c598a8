# proves: a delay of zero or less means "soon", in a child, not an error
# api: eventlet.spawn_after, eventlet.queue.Queue
# tier: review
import time

import eventlet
from eventlet import queue

ran = queue.Queue()


def schedule(due, name):
    eventlet.spawn_after(due - time.monotonic(), ran.put, name)


schedule(time.monotonic() - 5, "overdue")
print(ran.get())
eventlet.spawn_after(0, ran.put, "immediate")
print(ran.get())
eventlet.spawn_after(-1, ran.put, "negative")
print(ran.get())
