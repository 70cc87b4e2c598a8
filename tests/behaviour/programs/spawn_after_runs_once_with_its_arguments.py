# proves: a delayed call runs once, not early, with arguments as they were when it was made
# api: eventlet.spawn_after, eventlet.queue.Queue
# tier: review
import time

import eventlet
from eventlet import queue

fired = queue.Queue()


def expire(key, *, reason):
    fired.put((key, reason, time.monotonic()))


key, reason = "token-1", "ttl"
made = time.monotonic()
eventlet.spawn_after(0.02, expire, key, reason=reason)
key, reason = "token-2", "other"
print("armed")
name, why, when = fired.get()
print(name, why, "waited:", when - made > 0.018)
print("fired again:", not fired.empty())
