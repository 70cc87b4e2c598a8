import eventlet
from eventlet import semaphore

slots = semaphore.Semaphore(2)
_seen = []


def new_pile():
    return eventlet.GreenPile(3)


def note(number):
    _seen.append(number)


def most_at_once():
    return max(_seen)
