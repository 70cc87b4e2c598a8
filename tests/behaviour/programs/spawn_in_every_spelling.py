# proves: spawn is found under each of its import forms
# api: eventlet.spawn, eventlet.spawn_n, eventlet.greenthread.spawn, eventlet.greenthread.spawn_n
# tier: review
import eventlet as green
from eventlet import greenthread, queue
from eventlet import spawn_n as fire
from eventlet.greenthread import spawn as start_task

done = queue.Queue()


def finish(name):
    done.put(name)


green.spawn(finish, "module alias")
greenthread.spawn(finish, "submodule")
greenthread.spawn_n(finish, "submodule, no result")
fire(finish, "function alias")
start_task(finish, "function of the submodule")
for name in sorted(done.get() for _ in range(5)):
    print(name)
