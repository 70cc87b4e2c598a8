# proves: send(exc=...) is an exception like that of send_exception
# api: eventlet.event.Event, eventlet.spawn_n, eventlet.event.Event.send, eventlet.event.Event.wait
# tier: review
import eventlet
from eventlet import Event


def settle(outcome, text):
    if text.isdigit():
        outcome.send(result=int(text))
    else:
        outcome.send(exc=TypeError(f"not a number: {text}"))


for text in ("41", "forty"):
    outcome = Event()
    eventlet.spawn_n(settle, outcome, text)
    try:
        print(outcome.wait() + 1)
    except TypeError as exc:
        print(exc)
