# proves: a task that begins later waits for an event that is sent once
# api: eventlet.spawn_after, eventlet.event.Event, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet.event import Event
from eventlet import queue

told = queue.Queue()


def deferred(event):
    told.put("it waits")
    event.wait()
    told.put("it goes on")


event = Event()
eventlet.spawn_after(0.01, deferred, event)
print(told.get())
event.send()
print(told.get())
