# proves: a second value is an AssertionError, which the program counts on, so it stays
# api: eventlet.event.Event, eventlet.event.Event.send
# tier: manual
# rewrite: none
from eventlet import event

winner = event.Event()


def finish(name):
    try:
        winner.send(name)
    except AssertionError:
        return f"{name} is late"
    return f"{name} wins"


print(finish("ann"), "/", finish("bob"), "/", winner.wait())
