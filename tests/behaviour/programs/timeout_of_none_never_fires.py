# proves: a Timeout of None never fires, whatever it is given to raise
# api: eventlet.Timeout, eventlet.sleep
# tier: safe
import eventlet


def wait(seconds):
    with eventlet.Timeout(None, ValueError):
        eventlet.sleep(0.02)
        return seconds


print(wait(3))
