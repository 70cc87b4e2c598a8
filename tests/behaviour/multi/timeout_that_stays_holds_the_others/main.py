# proves: while one Timeout that may fly stays, the clauses and the others stay with it
# api: eventlet.Timeout, eventlet.sleep
# tier: manual
# rewrite: partial
# keeps: except eventlet.Timeout:
import eventlet
import waiting


def attempt(work, *args):
    try:
        work(*args)
    except eventlet.Timeout:
        return "too late"
    return "ready"


def pause(seconds):
    eventlet.sleep(seconds)


print(attempt(waiting.wait, []), attempt(waiting.wait, [1]))
print(attempt(waiting.limited, pause, 60), attempt(waiting.limited, pause, 0))
