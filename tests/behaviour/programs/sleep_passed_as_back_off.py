# proves: sleep handed over as a value is still a function that waits
# api: eventlet.sleep, eventlet.greenthread.sleep
# tier: review
import eventlet
from eventlet import greenthread


def poll(ready, pause=eventlet.sleep, every=0.001):
    rounds = 0
    while not ready():
        rounds += 1
        pause(every)
    return rounds


def countdown(n):
    left = [n]

    def ready():
        left[0] -= 1
        return left[0] < 0

    return ready


class Backoff:
    wait = staticmethod(greenthread.sleep)


print(poll(countdown(3)))
print(poll(countdown(2), pause=eventlet.sleep))
print(poll(countdown(4), pause=Backoff.wait))
print(poll(countdown(2), pause=lambda seconds: None))
