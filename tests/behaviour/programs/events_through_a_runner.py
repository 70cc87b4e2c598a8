# proves: events that a runner passes on to the function beside them are followed there
# api: eventlet.event.Event, eventlet.spawn, eventlet.greenthread.spawn.wait
# tier: review
import functools

import eventlet
from eventlet import event


def with_label(label, function, *args, **kwargs):
    @functools.wraps(function)
    def labelled(*args, **kwargs):
        return f"{label} {function(*args, **kwargs)}"

    return labelled(*args, **kwargs)


def fetch(name, go=None, done=None):
    go.wait()
    done.send()
    return f"fetched {name}"


go = event.Event()
done = event.Event()
worker = eventlet.spawn(with_label, "the worker", fetch, "an image", go=go, done=done)
print("ready before:", done.ready())
go.send()
done.wait()
print("ready after:", done.ready())
print(worker.wait())
