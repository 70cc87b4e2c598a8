# proves: a lambda may be linked, with and without a use for the green thread
# api: eventlet.spawn, eventlet.queue.Queue, eventlet.greenthread.GreenThread.link, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet
from eventlet import queue

events = queue.Queue()


def build(target):
    return f"{target}.whl"


task = eventlet.spawn(build, "tool")
task.link(lambda build_task: events.put(build_task.wait()))
print(events.get())
task = eventlet.spawn(build, "docs")
task.link(lambda _task: events.put("a build is over"))
print(events.get(), task.wait())
