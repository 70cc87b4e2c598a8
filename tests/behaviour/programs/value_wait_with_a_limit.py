# proves: wait answers None when the limit is over, and the value once it is sent
# api: eventlet.event.Event, eventlet.spawn_n, eventlet.queue.Queue, eventlet.event.Event.wait
# tier: review
import eventlet
from eventlet import event, queue

go = queue.Queue()
leader = event.Event()


def elect():
    leader.send(go.get())


eventlet.spawn_n(elect)
print("leader:", leader.wait(timeout=0.01))
print("leader:", leader.wait(0))
go.put("node-2")
print("leader:", leader.wait(timeout=10))
print("leader:", leader.wait(0.01), leader.wait(None))
