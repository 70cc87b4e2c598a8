# proves: a timer that has not fired does not hold the process
# api: eventlet.spawn_after, eventlet.greenthread.spawn_after
# tier: review
import atexit

import eventlet
from eventlet import greenthread


def report():
    print("late report")


def rotate(name, keep=7):
    print("rotated", name, keep)


atexit.register(print, "bye")
eventlet.spawn_after(3600, report)
greenthread.spawn_after(3600, rotate, "audit.log", keep=3)
print("nothing left to do")
