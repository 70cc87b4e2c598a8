# proves: a class that derives from Timeout is raised by the wait that takes its limit, and caught
# api: eventlet.Timeout
# tier: review
import threading

import eventlet

eventlet.monkey_patch()


class NoAnswer(eventlet.Timeout):
    """Nobody answered."""


class NoLock(NoAnswer):
    def __str__(self):
        return "no lock"


lock = threading.Lock()


def take(limit):
    with NoLock(limit):
        lock.acquire()


def attempt(limit):
    try:
        take(limit)
    except NoAnswer as error:
        return f"{type(error).__name__} {error}"
    return "taken"


def poll(box, limit):
    try:
        with NoAnswer(limit):
            while not box:
                eventlet.sleep(0.01)
    except (KeyError, NoAnswer) as error:
        return f"{type(error).__name__} {error}"
    return box.pop()


def give_up():
    raise NoAnswer()


print(attempt(0.05), attempt(0.05), sep=" | ")
print(poll([], 0.05), poll([3], 0.05), sep=" | ")
try:
    give_up()
except eventlet.Timeout as error:
    print(type(error).__name__)
try:
    take(0.01)
except eventlet.Timeout as error:
    print(type(error).__name__, error)
