# proves: children may spawn children; the main thread waits for the last by counting
# api: eventlet.spawn_n, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import queue

TREE = {"/": ["/etc", "/usr"], "/usr": ["/usr/bin", "/usr/lib"], "/usr/lib": ["/usr/lib/x"]}
pending = queue.Queue()
found = queue.Queue()


def crawl(path):
    found.put(path)
    for child in TREE.get(path, ()):
        pending.put(child)
        eventlet.spawn_n(crawl, child)
    pending.get()
    pending.task_done()


pending.put("/")
eventlet.spawn_n(crawl, "/")
pending.join()
print(sorted(found.get_nowait() for _ in range(6)), found.empty())
