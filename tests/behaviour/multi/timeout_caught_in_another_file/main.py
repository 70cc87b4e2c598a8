# proves: a Timeout that flies to a clause of another file changes together with that clause
# api: eventlet.Timeout, eventlet.sleep
# tier: review
import eventlet
import waiting


def attempt(box):
    try:
        waiting.wait(box)
    except eventlet.Timeout:
        return "too late"
    return "ready"


print(attempt([]), attempt([1]))
