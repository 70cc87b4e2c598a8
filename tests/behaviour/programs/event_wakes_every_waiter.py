# proves: one send releases all who wait, and those who come later
# api: eventlet.Event, eventlet.spawn_n, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import Event
from eventlet import queue

doors = Event()
waiting = queue.Queue()
seated = queue.Queue()


def guest(name):
    waiting.put(name)
    doors.wait()
    seated.put(name)


for name in ("ann", "bob", "cem"):
    eventlet.spawn_n(guest, name)
print("queueing:", sorted(waiting.get() for _ in range(3)))
print("anyone in:", seated.qsize())
doors.send()
print("in:", sorted(seated.get() for _ in range(3)))
eventlet.spawn_n(guest, "late dan")
print("in:", seated.get())
