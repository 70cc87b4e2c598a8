# proves: a wait that runs out returns, and ready() tells what happened
# api: eventlet.event.Event, eventlet.spawn_n
# tier: review
import time

import eventlet
from eventlet.event import Event

backup_done = Event()


def watch(limit):
    start = time.monotonic()
    backup_done.wait(timeout=limit)
    waited = time.monotonic() - start
    return "done" if backup_done.ready() else "still running", waited < 20


print(watch(0.01))
eventlet.spawn_n(backup_done.send)
print(watch(30))
