# proves: parameters and locals called queue or threading do not capture what is emitted
# api: eventlet.queue.Queue, eventlet.queue.Empty, eventlet.spawn_n
# tier: review
import eventlet
from eventlet.queue import Empty as NothingLeft
from eventlet.queue import Queue as Mailbox


def drain(queue):
    letters = []
    while True:
        try:
            letters.append(queue.get_nowait())
        except NothingLeft:
            return letters


def post(threading, queue):
    """``threading`` is how the letters are bound together."""
    delivered = Mailbox(1)
    eventlet.spawn_n(lambda: delivered.put([queue.put(letter) for letter in threading]))
    delivered.get(timeout=10)
    return drain(queue)


print(post("abc", Mailbox()))
