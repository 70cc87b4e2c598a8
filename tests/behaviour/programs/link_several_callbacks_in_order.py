# proves: callbacks run in the order in which they were linked
# api: eventlet.spawn, eventlet.queue.Queue, eventlet.greenthread.GreenThread.link, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet
from eventlet import queue

gate = queue.Queue()
steps = queue.Queue()


def job():
    return gate.get()


def step(task, name):
    steps.put((name, task.wait()))


task = eventlet.spawn(job)
for name in ("log", "bill", "mail"):
    task.link(step, name)
gate.put("order 7")
print([steps.get() for _ in range(3)])
