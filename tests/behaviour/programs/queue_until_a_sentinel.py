# proves: iter(queue.get, sentinel) drains a queue up to the sentinel
# api: eventlet.queue.Queue, eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet
from eventlet import queue

STOP = object()
lines = queue.Queue()


def shout():
    return [line.upper() for line in iter(lines.get, STOP)]


task = eventlet.spawn(shout)
for line in ("one", "two", "three"):
    lines.put(line)
lines.put(STOP)
lines.put("left over")
print(task.wait(), lines.qsize(), lines.get())
