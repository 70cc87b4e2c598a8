# proves: a result can be waited for again, and so can an error
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
# errors: ValueError: bad manifest
# differs: C-EXC (native, patched)
# then-errors:
import eventlet


def load(name):
    if name.endswith(".bad"):
        raise ValueError("bad manifest")
    return [name]


def complaint(task):
    try:
        task.wait()
    except ValueError as exc:
        return exc


task = eventlet.spawn(load, "app.yaml")
first, second = task.wait(), task.wait()
print(first, second, first is second)
broken = eventlet.spawn(load, "app.bad")
print(complaint(broken), "/", complaint(broken), complaint(broken) is complaint(broken))
