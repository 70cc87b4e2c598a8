# proves: a callback that compares the green thread it is given with another stays
# api: eventlet.spawn, eventlet.greenthread.GreenThread.link
# tier: manual
# rewrite: none
import eventlet
from eventlet import greenthread

checks = []


def job():
    return "done"


def finished(task):
    checks.append((task is greenthread.getcurrent(), task is mine, bool(task)))


mine = eventlet.spawn(job)
mine.link(finished)
print(mine.wait(), checks)
