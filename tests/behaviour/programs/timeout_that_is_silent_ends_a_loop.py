# proves: after a silent Timeout the program goes on below the loop, and skips its else
# api: eventlet.Timeout, eventlet.sleep
# tier: review
import eventlet


def fill(box, rounds, limit):
    with eventlet.Timeout(limit, False):
        while len(box) < rounds:
            box.append(len(box))
            eventlet.sleep(0.01 if rounds < 5 else 60)
        else:
            box.append("full")
    return box


print(fill([], 3, 60))
print(fill([], 9, 0.1))
