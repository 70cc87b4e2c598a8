# proves: a clause for GreenletExit that does nothing goes; the other clauses stay
# api: greenlet.GreenletExit, eventlet.greenlet.GreenletExit, eventlet.spawn_n, eventlet.queue.Queue
# tier: review
# settings: force=yes
import eventlet
import greenlet
from eventlet import queue

jobs, results = queue.Queue(), queue.Queue()


def consume():
    try:
        for job in iter(jobs.get, None):
            results.put(10 // job)
    except eventlet.greenlet.GreenletExit:
        pass
    except ZeroDivisionError as exc:
        results.put(str(exc))


def quiet(function):
    try:
        return function()
    except greenlet.GreenletExit:
        return None


eventlet.spawn_n(quiet, consume)
for job in (5, 2, 0):
    jobs.put(job)
print([results.get() for _ in range(3)])
