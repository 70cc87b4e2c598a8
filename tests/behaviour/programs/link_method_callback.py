# proves: a method linked in start() tidies up when the connection is over
# api: eventlet.spawn, eventlet.queue.Queue, eventlet.greenthread.GreenThread.link, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet
from eventlet import queue


class Gateway:
    def __init__(self):
        self.connections = {}
        self.closed = queue.Queue()

    def open(self, peer):
        inbox = queue.Queue()
        self.connections[peer] = inbox
        reader = eventlet.spawn(self._read, inbox)
        reader.link(self._on_closed, peer)
        return inbox

    def _read(self, inbox):
        size = 0
        for message in iter(inbox.get, None):
            size += len(message)
        return size

    def _on_closed(self, reader, peer):
        del self.connections[peer]
        self.closed.put((peer, reader.wait()))


gateway = Gateway()
alice, bob = gateway.open("alice"), gateway.open("bob")
alice.put("hello")
alice.put(None)
print(gateway.closed.get(), sorted(gateway.connections))
bob.put(None)
print(gateway.closed.get(), sorted(gateway.connections))
