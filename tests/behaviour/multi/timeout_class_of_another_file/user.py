import threading

import errors
from more import NoLock

lock = threading.Lock()


def take(limit):
    with NoLock(limit):
        lock.acquire()


def attempt(limit):
    try:
        take(limit)
    except (ValueError, errors.NoAnswer) as error:
        return str(error)
    return "taken"
