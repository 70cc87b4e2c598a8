# proves: a Timeout that ends the wait for a green thread or an event is met by the caller's clause
# api: eventlet.Timeout, eventlet.spawn, eventlet.event.Event
# tier: review
import threading

import eventlet
from eventlet import event

go_on = threading.Event()


def work(seconds):
    if seconds:
        while not go_on.is_set():
            eventlet.sleep(0.01)
    return "worked"


def ask(seconds, limit):
    thread = eventlet.spawn(work, seconds)
    with eventlet.Timeout(limit):
        return thread.wait()


class Box:
    def __init__(self):
        self.ready = event.Event()

    def fill(self):
        self.ready.send()

    def wait(self, limit):
        with eventlet.Timeout(limit):
            self.ready.wait()
        return "ready"


def attempt(function, *args):
    try:
        return function(*args)
    except (KeyError, eventlet.Timeout) as error:
        return f"late: {error}"


box = Box()
print(attempt(ask, 0, 5), attempt(ask, 1, 0.05), attempt(box.wait, 0.05), sep=" | ")
box.fill()
go_on.set()
print(attempt(box.wait, 5))
