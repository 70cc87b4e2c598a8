# proves: an RPC client: waiters in one file, the connection in another, callers in a third
# api: eventlet.event.Event, eventlet.queue.Queue, eventlet.spawn
# tier: review
import eventlet
from connection import Connection
from waiters import Waiters

waiters = Waiters()
connection = Connection(waiters)
eventlet.spawn(connection.serve)
calls = {word: eventlet.spawn(connection.call, word) for word in ("red", "green", "blue")}
print({word: call.wait() for word, call in calls.items()})
try:
    connection.call("black")
except KeyError as exc:
    print("no such colour", exc)
print("left:", len(waiters))
