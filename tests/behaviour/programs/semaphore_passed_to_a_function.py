# proves: a semaphore is given to children and helpers, and bounds them
# api: eventlet.semaphore.Semaphore, eventlet.spawn, eventlet.sleep, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet
from eventlet import semaphore

inside, most = [], []


def scan(host, slots):
    with slots:
        inside.append(host)
        most.append(len(inside))
        eventlet.sleep(0.002)
        inside.remove(host)
    return host.upper()


def try_scan(host, slots):
    if not slots.acquire(blocking=False):
        return "busy"
    try:
        return host.upper()
    finally:
        slots.release()


slots = semaphore.Semaphore(2)
scans = [eventlet.spawn(scan, host, slots=slots) for host in ("a", "b", "c", "d", "e")]
print([task.wait() for task in scans], "at most two:", max(most) <= 2)
print(try_scan("f", slots), slots.acquire(), slots.acquire(), try_scan("g", slots))
