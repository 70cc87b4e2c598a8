# proves: a yield after a spawn is no barrier where the next statement waits for the work anyway
# api: eventlet.sleep, eventlet.spawn, eventlet.event.Event
# tier: review
import eventlet
from eventlet import event


def copy(name, started, go, log):
    log.append(f"{name} started")
    started.send()
    go.wait()
    log.append(f"{name} done")


log = []
started, go = event.Event(), event.Event()
first = eventlet.spawn(copy, "first", started, go, log)
eventlet.sleep(0)
started.wait()
print(log)

started_too = event.Event()
second = eventlet.spawn(copy, "second", started_too, go, log)
eventlet.sleep(0)
started_too.wait()
print(log)

go.send()
eventlet.sleep(0)
first.wait()
second.wait()
print(sorted(log))
