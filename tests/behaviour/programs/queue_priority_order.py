# proves: the smallest comes first, whatever the order of putting
# api: eventlet.queue.PriorityQueue, eventlet.spawn_n, eventlet.event.Event
# tier: review
import eventlet
from eventlet.event import Event
from eventlet.queue import PriorityQueue

alarms = PriorityQueue()
all_raised = Event()
handled = PriorityQueue(10)


def operator():
    all_raised.wait()
    while not alarms.empty():
        level, text = alarms.get()
        handled.put((len(text), level, text))


eventlet.spawn_n(operator)
for level, text in ((5, "disk"), (1, "fire alarm"), (3, "door"), (1, "evacuation")):
    alarms.put((level, text))
print("next:", alarms.get_nowait())
alarms.put((0, "drill"))
all_raised.send()
print([handled.get()[1:] for _ in range(4)])
