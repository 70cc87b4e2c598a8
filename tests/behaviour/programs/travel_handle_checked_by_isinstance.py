# proves: a handle that is told apart by its class stays
# api: eventlet.spawn, eventlet.greenthread.GreenThread
# tier: manual
# rewrite: none
import eventlet
from eventlet.greenthread import GreenThread


def settle(value):
    if isinstance(value, GreenThread):
        return value.wait()
    return value


print([settle(value) for value in (1, eventlet.spawn(pow, 2, 3), "three")])
