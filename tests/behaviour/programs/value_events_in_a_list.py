# proves: a list of events is waited for in order, whatever the order of sending
# api: eventlet.event.Event, eventlet.spawn_n, eventlet.event.Event.send, eventlet.event.Event.wait, eventlet.event.Event.ready
# tier: review
import eventlet
from eventlet import event

slots = [event.Event() for _ in range(4)]


def fill(order):
    for number in order:
        slots[number].send(number * number)


print([slot.ready() for slot in slots])
eventlet.spawn_n(fill, [2, 0, 3, 1])
print([slot.wait() for slot in slots])
print(all(slot.ready() for slot in slots))
