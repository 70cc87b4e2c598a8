# proves: a semaphore created empty is a signal from one child to the next
# api: eventlet.Semaphore, eventlet.BoundedSemaphore, eventlet.spawn_n
# tier: review
import eventlet
from eventlet import queue

migrated = eventlet.Semaphore(0)
indexed = eventlet.Semaphore(0)
turn = eventlet.BoundedSemaphore(1)
steps = queue.Queue()


def note(text):
    with turn:
        steps.put(text)


def index():
    migrated.acquire()
    note("index")
    indexed.release()


def migrate():
    note("migrate")
    migrated.release()


eventlet.spawn_n(index)
eventlet.spawn_n(migrate)
indexed.acquire()
note("serve")
print([steps.get_nowait() for _ in range(3)])
