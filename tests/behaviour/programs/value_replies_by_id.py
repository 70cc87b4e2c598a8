# proves: events in a dict bring each reply to its own caller, as an RPC client does
# api: eventlet.event.Event, eventlet.spawn, eventlet.queue.Queue, eventlet.event.Event.send, eventlet.event.Event.send_exception, eventlet.event.Event.wait
# tier: review
# errors: LookupError: no method fly
# differs: C-EXC (native, patched)
# then-errors:
import itertools

import eventlet
from eventlet import event, queue


class Client:
    def __init__(self):
        self._ids = itertools.count(1)
        self._waiting = {}
        self.wire = queue.Queue()

    def call(self, method, *args):
        number = next(self._ids)
        self._waiting[number] = event.Event()
        self.wire.put((number, method, args))
        try:
            return self._waiting[number].wait()
        finally:
            del self._waiting[number]

    def on_reply(self, number, result=None, error=None):
        if error is not None:
            self._waiting[number].send_exception(LookupError(error))
        else:
            self._waiting[number].send(result)


client = Client()
calls = [eventlet.spawn(client.call, *call) for call in (("add", 1, 2), ("fly",), ("add", 3, 4))]
requests = sorted((client.wire.get() for _ in calls), key=lambda request: request[1:])
for number, method, args in reversed(requests):
    if method == "add":
        client.on_reply(number, sum(args))
    else:
        client.on_reply(number, error=f"no method {method}")
print(calls[0].wait(), calls[2].wait())
try:
    calls[1].wait()
except LookupError as exc:
    print(exc)
