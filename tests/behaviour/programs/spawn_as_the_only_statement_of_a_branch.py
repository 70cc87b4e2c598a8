# proves: a spawn that is the whole body of a branch, loop or handler leaves valid code
# api: eventlet.spawn, eventlet.spawn_n, eventlet.spawn_after, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import queue

out = queue.Queue()


def dispatch(message):
    if message == "now": eventlet.spawn(out.put, "at once")
    elif message == "soon":
        eventlet.spawn_after(0.001, out.put, "in a moment")
    else:
        try:
            int(message)
        except ValueError:
            eventlet.spawn_n(out.put, "not a number")
        else: eventlet.spawn_n(out.put, message); return "forwarded"
    return "accepted"


for message in ("now", "soon", "12", "what"):
    print(dispatch(message), "/", out.get())
