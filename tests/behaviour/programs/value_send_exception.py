# proves: send_exception makes every wait raise
# api: eventlet.event.Event, eventlet.spawn, eventlet.event.Event.send_exception, eventlet.event.Event.wait
# tier: review
import eventlet
from eventlet import event


class Handshake:
    def __init__(self):
        self._done = event.Event()

    def run(self, greeting):
        if greeting != "hello":
            self._done.send_exception(ValueError(f"unexpected {greeting!r}"))
        else:
            self._done.send("welcome")

    def result(self):
        try:
            return self._done.wait()
        except ValueError as exc:
            return f"refused: {exc}"


for greeting in ("hello", "go away"):
    handshake = Handshake()
    eventlet.spawn(handshake.run, greeting)
    print(handshake.result())
    print(handshake.result())
