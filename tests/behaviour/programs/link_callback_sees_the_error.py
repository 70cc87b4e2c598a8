# proves: the callback gets the error of the child from wait
# api: eventlet.spawn, eventlet.queue.Queue, eventlet.greenthread.GreenThread.link, eventlet.greenthread.GreenThread.wait
# tier: review
# errors: ConnectionError: peer is gone
# differs: C-EXC (native, patched)
# then-errors:
import eventlet
from eventlet import queue

outcomes = queue.Queue()


def send(peer):
    if peer == "carol":
        raise ConnectionError("peer is gone")
    return "delivered to " + peer


def report(task, peer):
    try:
        outcomes.put(task.wait())
    except ConnectionError as exc:
        outcomes.put(f"not delivered to {peer}: {exc}")


for peer in ("bob", "carol"):
    eventlet.spawn(send, peer).link(report, peer)
print(sorted([outcomes.get(), outcomes.get()]))
