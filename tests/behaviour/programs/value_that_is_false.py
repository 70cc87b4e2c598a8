# proves: 0, an empty text and None are values too
# api: eventlet.event.Event, eventlet.event.Event.send, eventlet.event.Event.wait, eventlet.event.Event.ready
# tier: review
from eventlet.event import Event

for value in (0, "", None, [], False):
    cell = Event()
    cell.send(value)
    print(repr(cell.wait()), repr(cell.wait(timeout=0.01)), cell.ready(), cell.has_exception())
