# proves: a child is given the event that it answers
# api: eventlet.event.Event, eventlet.spawn, eventlet.spawn_n, eventlet.event.Event.send, eventlet.event.Event.wait
# tier: review
import eventlet
from eventlet import event


def lookup(name, answer):
    answer.send({"db": "10.0.0.5", "web": "10.0.0.9"}.get(name))


def relay(source, target):
    target.send(f"{source.wait()}:5432")


address, endpoint = event.Event(), event.Event()
eventlet.spawn(relay, address, target=endpoint)
eventlet.spawn_n(lookup, "db", address)
print(endpoint.wait())
missing = event.Event()
eventlet.spawn_n(lookup, "mail", answer=missing)
print(missing.wait(), missing.ready())
