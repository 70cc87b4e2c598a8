# proves: wait on a delayed call gives its value after the delay
# api: eventlet.spawn_after, eventlet.greenthread.GreenThread.wait
# tier: review
# settings: helpers=concurrency
import time

import eventlet


def token(user, ttl=60):
    return f"{user}:{ttl}"


begin = time.monotonic()
refresh = eventlet.spawn_after(0.03, token, "ann", ttl=5)
print(refresh.wait(), time.monotonic() - begin >= 0.029)
print(eventlet.spawn_after(0, token, "bob").wait())
print([task.wait() for task in [eventlet.spawn_after(0.001 * n, pow, n, 2) for n in (3, 2, 1)]])
