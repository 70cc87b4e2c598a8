# proves: a clause for StopServe goes, and a try that has no clause left is dissolved
# api: eventlet.StopServe, eventlet.spawn
# tier: review
# settings: force=yes
import eventlet
from eventlet import queue


def accept_loop(connections, handle):
    try:
        for connection in iter(connections.get, None):
            handle(connection)
    except eventlet.StopServe:
        pass
    closed.put("closed")


connections, closed, greeted = queue.Queue(), queue.Queue(), []
eventlet.spawn(accept_loop, connections, lambda name: greeted.append(f"hello {name}"))
for name in ("ann", "bob", None):
    connections.put(name)
print(closed.get(), greeted)
