# proves: target and arguments are evaluated once, left to right, before the child starts
# api: eventlet.spawn_n, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import queue

trace = []


def seen(name, value):
    trace.append(name)
    return value


def deliver(box, host, *ports, retries, tag):
    box.put((host, ports, retries, tag))


outbox = queue.Queue()
eventlet.spawn_n(
    seen("target", deliver),
    seen("box", outbox),
    seen("host", "db1"),
    *seen("ports", [5432, 5433]),
    retries=seen("retries", 3),
    **seen("extra", {"tag": "blue"}),
)
print(trace)
print(outbox.get())
