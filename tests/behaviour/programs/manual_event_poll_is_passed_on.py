# proves: an event whose poll is passed on stays, since no method of a Future is like it
# api: eventlet.event.Event, eventlet.event.Event.poll
# tier: manual
# rewrite: none
from eventlet import event

good, bad = event.Event(), event.Event()
good.send(7)
bad.send_exception(RuntimeError("broken"))


def attempt(call, *args):
    try:
        return call(*args)
    except RuntimeError as exc:
        return f"raised {exc}"


print(attempt(good.poll), attempt(good.poll_exception, "fine"))
print(attempt(bad.poll), attempt(bad.poll_result, "no result"), attempt(bad.poll_exception))
