# proves: wait(timeout) answers None after send(); Event.wait would answer True, so it stays
# api: eventlet.event.Event
# tier: manual
# rewrite: none
from eventlet import event

stop = event.Event()


def ticks(limit):
    count = 0
    while count < limit:
        if stop.wait(timeout=0.001):
            return "stopped", count
        count += 1
        if count == 2:
            stop.send()
    return "ran out", count


print(ticks(4))
