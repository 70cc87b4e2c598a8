# proves: events, with a value and without, and the Timeout that ends their wait change together
# api: eventlet.Timeout, eventlet.event.Event, eventlet.spawn_n, eventlet.sleep
# tier: review
import eventlet
from eventlet import event


class TooLate(Exception):
    pass


class Call:
    def __init__(self):
        self._reply = event.Event()

    def answer(self, value):
        self._reply.send(value)

    def fail(self, error):
        self._reply.send_exception(error)

    def ask(self, limit):
        with eventlet.Timeout(limit, TooLate):
            return self._reply.wait()

    def ask_twice(self, limit):
        found = []
        try:
            with eventlet.Timeout(limit):
                for _ in range(2):
                    reply = self._reply.wait()
                    found.append(reply)
        except eventlet.Timeout:
            found.append("too late")
        return found


def started(early):
    ready = event.Event()
    if early:
        ready.send()
    with eventlet.Timeout(0.05, TooLate("not ready")):
        ready.wait()
    return "ready"


def quietly(early):
    ready = event.Event()
    if early:
        eventlet.spawn_n(ready.send)
    with eventlet.Timeout(0.5, False):
        ready.wait()
    return ready.ready()


for answer in (None, 3, "x"):
    call = Call()
    call.answer(answer)
    print(call.ask(0), call.ask(50), call.ask_twice(0))
call = Call()
eventlet.spawn_n(call.answer, "later")
print(call.ask(50))
try:
    Call().ask(0.05)
except TooLate as error:
    print("too late", repr(error))
print(Call().ask_twice(0.05))
call = Call()
call.fail(KeyError("broken"))
try:
    call.ask(50)
except KeyError as error:
    print(error)
print(started(True))
try:
    started(False)
except TooLate as error:
    print(error)
print(quietly(True), quietly(False))
eventlet.sleep(0.1)
print("nothing fires later")
