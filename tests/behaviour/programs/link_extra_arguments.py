# proves: further arguments of link are taken when it is called and passed on
# api: eventlet.spawn, eventlet.queue.Queue, eventlet.greenthread.GreenThread.link, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet
from eventlet import queue

log = queue.Queue()


def work(n):
    return n * n


def finished(task, key, *tags, level="info", **extra):
    log.put((key, task.wait(), tags, level, extra))


for key in ("a", "b"):
    task = eventlet.spawn(work, 5)
    task.link(finished, key, "x", level="debug", node=key * 2)
    key = "changed"
    task.wait()
    print(log.get())
arguments, options = ["k", "t1", "t2"], {"level": "warn"}
task = eventlet.spawn(work, 3)
task.link(finished, *arguments, **options)
print(log.get())
