# proves: a kill below a wait for the same has nothing to do any more
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait, eventlet.greenthread.GreenThread.kill
# tier: review
import eventlet


def measure(sensor):
    return len(sensor) * 10


first = eventlet.spawn(measure, "door")
print(first.wait())
first.kill()
others = [eventlet.spawn(measure, name) for name in ("roof", "cellar")]
print([other.wait() for other in others])
[other.wait() for other in others]
[other.kill() for other in others]
print(first.wait(), others[0].wait())
