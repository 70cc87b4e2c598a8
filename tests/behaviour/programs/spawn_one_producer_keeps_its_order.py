# proves: what one child puts arrives in its order, and the child stops at the sentinel
# api: eventlet.spawn, eventlet.spawn_n, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import queue

raw, parsed = queue.Queue(), queue.Queue()


def reader(lines):
    for line in lines:
        raw.put(line)
    raw.put(None)


def parser():
    for line in iter(raw.get, None):
        key, _, value = line.partition("=")
        parsed.put((key, int(value)))
    parsed.put(None)


eventlet.spawn(parser)
eventlet.spawn_n(reader, ["c=3", "a=1", "b=2"])
print(list(iter(parsed.get, None)))
