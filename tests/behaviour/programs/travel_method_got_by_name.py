# proves: a handle whose method is looked up by name stays
# api: eventlet.spawn
# tier: manual
# rewrite: none
import eventlet


def job(n):
    return n + 1


ACTIONS = ("wait", "kill")
task = eventlet.spawn(job, 1)
for name in ACTIONS:
    print(name, getattr(task, name)())
print(task.dead)
