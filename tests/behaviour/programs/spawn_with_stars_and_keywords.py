# proves: *args, **kwargs and plain keywords reach the child unchanged
# api: eventlet.spawn, eventlet.spawn_n, eventlet.queue.LightQueue
# tier: review
import eventlet
from eventlet.queue import LightQueue

log = LightQueue()


def record(event, *parts, level="info", **context):
    log.put((event, parts, level, sorted(context.items())))


def emit(event, *parts, **context):
    eventlet.spawn_n(record, event, *parts, **context)
    return log.get()


print(emit("boot"))
print(emit("login", "alice", "tty1", level="debug", target="ssh", args=(1,)))
eventlet.spawn(record, "quit", daemon=False, kwargs={"a": 1}, **{"name": "x"})
print(log.get())
eventlet.spawn(record, *["halt", "now"], *("please",))
print(log.get())
