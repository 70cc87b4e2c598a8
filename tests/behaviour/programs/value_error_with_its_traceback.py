# proves: the error of a worker travels with sys.exc_info()
# api: eventlet.event.Event, eventlet.spawn_n, eventlet.event.Event.send_exception, eventlet.event.Event.wait
# tier: review
import sys
import traceback

import eventlet
from eventlet import event


def risky(n):
    return 100 // n


def worker(n, done):
    try:
        done.send(risky(n))
    except ZeroDivisionError:
        done.send_exception(*sys.exc_info())


for n in (5, 0):
    done = event.Event()
    eventlet.spawn_n(worker, n, done)
    try:
        print(done.wait())
    except ZeroDivisionError as exc:
        names = [frame.name for frame in traceback.extract_tb(exc.__traceback__)]
        print(exc, "in", "risky" if "risky" in names else names)
