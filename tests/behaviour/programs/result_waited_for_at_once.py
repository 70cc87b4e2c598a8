# proves: spawn(...).wait() is the value, in its own thread of control
# api: eventlet.spawn, eventlet.corolocal.local, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet
from eventlet import corolocal

context = corolocal.local()


def whoami():
    return getattr(context, "user", "nobody")


def as_user(name):
    context.user = name
    return whoami()


context.user = "root"
print(as_user("root"), eventlet.spawn(whoami).wait())
print(eventlet.spawn(as_user, "alice").wait(), whoami())
