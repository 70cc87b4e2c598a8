# proves: dead is False while the child is held up and True once it was waited for
# api: eventlet.spawn, eventlet.queue.Queue, eventlet.greenthread.GreenThread.dead, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet
from eventlet import queue

started = queue.Queue()
gate = queue.Queue()


def deploy(version):
    started.put(version)
    return gate.get()


task = eventlet.spawn(deploy, "1.2")
print("deploying", started.get())
print("over:", task.dead)
gate.put("deployed")
print(task.wait())
print("over:", task.dead)
if not task.dead:
    print("never printed")
