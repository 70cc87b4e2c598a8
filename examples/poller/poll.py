"""Ask for the state of a server until it is up. Nothing here is monkey patched."""

import itertools

import eventlet
from eventlet.green.urllib import request

STATES = itertools.chain(["building", "building"], itertools.repeat("active"))
INTERVAL = 0.01


def fetch(url):
    with request.urlopen(url) as answer:
        return answer.read().decode()


def wait_until_active(ask, attempts=10):
    """Ask until the answer is "active"; how many times it took."""
    for attempt in range(1, attempts + 1):
        state = ask()
        print(f"attempt {attempt}: {state}")
        if state == "active":
            return attempt
        eventlet.sleep(INTERVAL * attempt)
    raise SystemExit("still not active")


if __name__ == "__main__":
    wait_until_active(lambda: fetch(f"data:text/plain,{next(STATES)}"))
