# proves: a sleep under a Timeout ends with the shorter of the two, as it did
# api: eventlet.Timeout, eventlet.sleep
# tier: review
import time

import eventlet


def rounded(began):
    return round(time.monotonic() - began, 1)


def late():
    try:
        with eventlet.Timeout(0.1):
            eventlet.sleep(10)
        return "never"
    except eventlet.Timeout as error:
        return f"late: {error}"


def silent():
    with eventlet.Timeout(0.1, False):
        eventlet.sleep(10)
    return "on"


def early():
    try:
        with eventlet.Timeout(10):
            eventlet.sleep(0.1)
        return "slept"
    except eventlet.Timeout:
        return "never"


for nap in (late, silent, early):
    began = time.monotonic()
    print(nap(), rounded(began))
