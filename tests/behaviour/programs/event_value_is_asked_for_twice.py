# proves: an event that hands over a value is a Future, which every wait reads
# api: eventlet.event.Event
# tier: review
import eventlet
from eventlet.event import Event

answer = Event()


def compute(n):
    eventlet.sleep(0.01)
    answer.send(sum(range(n)))


eventlet.spawn_n(compute, 10)
print(answer.wait())
print(answer.wait(), answer.ready())
