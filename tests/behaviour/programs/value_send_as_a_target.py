# proves: the bound send of an event is a target and a callback
# api: eventlet.event.Event, eventlet.spawn_after, eventlet.spawn_n, eventlet.event.Event.send, eventlet.event.Event.wait
# tier: review
import eventlet
from eventlet import event


def measure(report):
    report({"cpu": 40})


reading, alarm = event.Event(), event.Event()
eventlet.spawn_n(measure, reading.send)
eventlet.spawn_after(0.005, alarm.send, "too long")
print(reading.wait())
print(alarm.wait())
