# proves: with_timeout around a known wait gives its timeout_value at the same time
# api: eventlet.with_timeout, eventlet.queue.Queue
# tier: review
import eventlet

eventlet.monkey_patch()

import threading

from eventlet import queue


def take(items, default):
    jobs = queue.Queue()
    for item in items:
        jobs.put(item)
    job = eventlet.with_timeout(0.05, jobs.get, timeout_value=default)
    return job


def put(room):
    jobs = queue.Queue(3)
    for number in range(3 - room):
        jobs.put(number)
    eventlet.with_timeout(0.05, jobs.put, "last", timeout_value=None)
    return [jobs.get() for _ in range(3)]


def enter(places):
    gate = threading.Semaphore(places)
    return bool(eventlet.with_timeout(0.05, gate.acquire, timeout_value=False))


print(take("a", None), take("", None), take("", 3))
print(put(1), put(0))
print(enter(1), enter(0))
