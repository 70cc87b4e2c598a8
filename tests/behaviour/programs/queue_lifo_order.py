# proves: the last in is the first out, also across children
# api: eventlet.queue.LifoQueue, eventlet.spawn, eventlet.Semaphore
# tier: review
import eventlet
from eventlet import queue

undo = queue.LifoQueue()
saved = eventlet.Semaphore(0)


def edit(*changes):
    for change in changes:
        undo.put(change)
    saved.release()


for words in (("type", "delete"), ("paste",)):
    eventlet.spawn(edit, *words)
    saved.acquire()
print([undo.get() for _ in range(3)])
try:
    undo.get(block=False)
except queue.Empty:
    print("nothing to undo")
