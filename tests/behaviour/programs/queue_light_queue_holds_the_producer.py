# proves: a full LightQueue stops its producer until there is room
# api: eventlet.queue.LightQueue, eventlet.spawn_n, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet.queue import LightQueue, Queue

belt = LightQueue(3)
produced = Queue()


def press(parts):
    for part in range(parts):
        belt.put(part)
        produced.put(part)
    produced.put("finished")


eventlet.spawn_n(press, 5)
print("pressed", [produced.get() for _ in range(3)])
print("belt full:", belt.full(), "press waits:", produced.empty())
print("taken", [belt.get() for _ in range(5)])
print("then", [produced.get() for _ in range(3)])
