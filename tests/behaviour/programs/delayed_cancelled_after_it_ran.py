# proves: cancelling a call that has run has no effect, and its value stays
# api: eventlet.spawn_after, eventlet.greenthread.GreenThread.cancel, eventlet.greenthread.GreenThread.wait
# tier: review
# settings: helpers=concurrency
import eventlet


def expire(session):
    return f"{session} expired"


timer = eventlet.spawn_after(0.001, expire, "s1")
print(timer.wait())
timer.cancel()
print(timer.wait(), timer.dead)
