# proves: queues given to children connect the stages of a pipeline
# api: eventlet.queue.Queue, eventlet.spawn, eventlet.spawn_n
# tier: review
import eventlet
from eventlet import queue


def stage(function, source, target):
    while True:
        item = source.get()
        if item is None:
            target.put(None)
            return
        target.put(function(item))


def collect(source, into):
    for item in iter(source.get, None):
        into.append(item)
    return into


raw, clean, numbers = queue.Queue(2), queue.Queue(2), queue.Queue()
eventlet.spawn_n(stage, str.strip, raw, clean)
eventlet.spawn(stage, int, source=clean, target=numbers)
for text in (" 3", "14 ", " 15 ", "92"):
    raw.put(text)
raw.put(None)
print(collect(numbers, into=[]))
