# proves: wait raises what the function raised; it is no longer printed on the way
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
# errors: LookupError: no such user: mallory
# differs: C-EXC (native, patched)
# then-errors:
import eventlet

USERS = {"alice": 7}


def user_id(name):
    if name not in USERS:
        raise LookupError("no such user: " + name)
    return USERS[name]


good = eventlet.spawn(user_id, "alice")
bad = eventlet.spawn(user_id, "mallory")
print("alice:", good.wait())
try:
    print("mallory:", bad.wait())
except LookupError as exc:
    print("refused:", exc)
