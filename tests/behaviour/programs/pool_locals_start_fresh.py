# proves: each task of a pool starts with locals of its own
# api: eventlet.GreenPool, eventlet.corolocal.local, eventlet.GreenPool.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
# settings: helpers=concurrency
import eventlet
from eventlet import corolocal

request = corolocal.local()


def handle(user=None):
    before = getattr(request, "user", "nobody")
    if user is not None:
        request.user = user
    return before, getattr(request, "user", "nobody")


pool = eventlet.GreenPool(1)
print(pool.spawn(handle, "alice").wait())
print(pool.spawn(handle).wait())
print(handle())
