# proves: a pile gives the results in the order of spawning
# api: eventlet.GreenPile, eventlet.queue.Queue, eventlet.GreenPile.spawn
# tier: review
import eventlet
from eventlet import queue

later = queue.Queue()


def fetch(url, wait_for=None):
    if wait_for is not None:
        wait_for.get()
    later.put(url)
    return f"body of {url}"


pile = eventlet.GreenPile(3)
pile.spawn(fetch, "/slow", wait_for=later)
pile.spawn(fetch, "/quick")
pile.spawn(fetch, "/quicker")
for body in pile:
    print(body)
