# proves: a function returns the event that will bring the result
# api: eventlet.event.Event, eventlet.spawn_n, eventlet.event.Event.send, eventlet.event.Event.wait
# tier: review
import eventlet
from eventlet import event


def promise(function, *args):
    done = event.Event()

    def run():
        done.send(function(*args))

    eventlet.spawn_n(run)
    return done


first = promise(sorted, "hello")
print(promise(len, "world").wait())
print("".join(first.wait()))
