# proves: wait raises the error of a task of a pool, and the other tasks are done
# api: eventlet.GreenPool, eventlet.GreenPool.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
# errors: KeyError: 'carol'
# differs: C-EXC (native, patched)
# then-errors:
import eventlet

BALANCES = {"alice": 10, "bob": 5}


def balance(name):
    return BALANCES[name]


pool = eventlet.GreenPool(2)
tasks = {name: pool.spawn(balance, name) for name in ("alice", "carol", "bob")}
for name, task in tasks.items():
    try:
        print(name, task.wait())
    except KeyError as exc:
        print(name, "is unknown", exc)
