# proves: a task of an executor finds the locals of an earlier one; C-LOCAL says so
# api: eventlet.GreenPool.spawn, eventlet.corolocal.local
# tier: review
# differs: C-LOCAL (native, patched)
# then-stdout:
#   | nobody
#   | alice
import eventlet
from eventlet import corolocal

request = corolocal.local()


def handle(user):
    before = getattr(request, "user", "nobody")
    request.user = user
    return before


pool = eventlet.GreenPool(1)
print(pool.spawn(handle, "alice").wait())
print(pool.spawn(handle, "bob").wait())
