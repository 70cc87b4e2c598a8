# proves: ready is False before the value and True after, also for None and an exception
# api: eventlet.event.Event, eventlet.event.Event.ready, eventlet.event.Event.send, eventlet.event.Event.send_exception, eventlet.event.Event.wait
# tier: review
from eventlet import event

found, nothing, failed = event.Event(), event.Event(), event.Event()
print(found.ready(), nothing.ready(), failed.ready())
found.send("a needle")
nothing.send(None)
failed.send_exception(KeyError("haystack"))
print(found.ready(), nothing.ready(), failed.ready())
print(found.wait(), nothing.wait())
