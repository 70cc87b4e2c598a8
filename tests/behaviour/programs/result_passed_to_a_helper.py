# proves: a helper of the program waits for the green threads it is given
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
# errors: ZeroDivisionError: integer division or modulo by zero
# differs: C-EXC (native, patched)
# then-errors:
import eventlet


def share(total, heads):
    return total // heads


def outcome(task, default):
    try:
        return task.wait()
    except ZeroDivisionError:
        return default


def outcomes(tasks):
    return [outcome(task, default=-1) for task in tasks]


print(outcome(eventlet.spawn(share, 10, 2), None))
print(outcomes([eventlet.spawn(share, 9, heads) for heads in (3, 0, 1)]))
