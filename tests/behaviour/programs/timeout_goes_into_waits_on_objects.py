# proves: queues, locks, events and threads end their wait as the Timeout did, with its exception
# api: eventlet.Timeout, eventlet.queue.Queue, eventlet.semaphore.Semaphore, eventlet.sleep
# tier: review
import eventlet

eventlet.monkey_patch()

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from eventlet import queue, semaphore


class TooLate(Exception):
    pass


def gather(items, count, seconds):
    answers = queue.Queue()
    for item in items:
        answers.put(item)
    found = []
    with eventlet.Timeout(seconds, TooLate):
        try:
            while len(found) < count:
                found.append(answers.get())
        except TooLate:
            found.append("nothing more")
    return found


def silent(items):
    answers = queue.Queue()
    for item in items:
        answers.put(item)
    found = []
    with eventlet.Timeout(0.1, False):
        while True:
            found.append(answers.get())
    return found


def full(room):
    answers = queue.Queue(room)
    answers.put("first")
    try:
        with eventlet.Timeout(0.05):
            answers.put("second")
    except (Exception, eventlet.Timeout) as error:
        return str(error)
    return answers.get()


def enter(places):
    gate = semaphore.Semaphore(places)
    limit = eventlet.Timeout(0.05)
    try:
        gate.acquire()
        return "in"
    except eventlet.Timeout as error:
        if error is not limit:
            raise
        return "out"
    finally:
        limit.cancel()


def silently(places):
    gate = semaphore.Semaphore(places)
    inside = False
    with eventlet.Timeout(0.05, False):
        gate.acquire()
        inside = True
    return inside


def asked(started):
    event = threading.Event()
    if started:
        event.set()
    with eventlet.Timeout(0.05, TooLate("never started")):
        answer = event.wait()
    return answer


def joined(nap):
    release = threading.Event()
    if not nap:
        release.set()
    thread = threading.Thread(target=release.wait, daemon=True)
    thread.start()
    try:
        with eventlet.Timeout(0.2):
            thread.join()
    except eventlet.Timeout:
        return "still there"
    finally:
        release.set()
    return "ended"


def computed(nap):
    release = threading.Event()
    if not nap:
        release.set()
    with ThreadPoolExecutor(1) as executor:
        future = executor.submit(release.wait)
        try:
            with eventlet.Timeout(0.2, TooLate):
                return future.result()
        except TooLate:
            return "too late"
        finally:
            release.set()


print(gather("abc", 3, 50), gather("ab", 3, 0.05), gather("ab", 2, 0), gather("a", 2, 0))
print(silent("xyz"))
print(full(2), full(1))
print(enter(1), enter(0))
print(silently(1), silently(0))
print(asked(True))
try:
    asked(False)
except TooLate as error:
    print(error)
print(joined(False), joined(True))
print(computed(False), computed(True))
began = time.monotonic()
eventlet.sleep(0.1)
print("nothing fires later", time.monotonic() - began < 30)
