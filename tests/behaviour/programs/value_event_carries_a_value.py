# proves: an event hands a value to whoever waits, now and later
# api: eventlet.event.Event, eventlet.spawn_n, eventlet.event.Event.send, eventlet.event.Event.wait
# tier: review
import eventlet
from eventlet.event import Event

answer = Event()


def compute(n):
    answer.send(sum(range(n)))


eventlet.spawn_n(compute, 10)
print(answer.wait())
print(answer.wait(), answer.ready())
