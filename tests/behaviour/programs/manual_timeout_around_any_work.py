# proves: a Timeout around a call of which nothing is known stays, and so do the clauses for it
# api: eventlet.Timeout, eventlet.sleep
# tier: manual
# rewrite: partial
# keeps: with eventlet.Timeout(0.05):
import eventlet


def work(pause):
    eventlet.sleep(pause)
    return "done"


def attempt(pause):
    try:
        with eventlet.Timeout(0.05):
            return work(pause)
    except eventlet.Timeout:
        return "too late"


print(attempt(0), attempt(60))
