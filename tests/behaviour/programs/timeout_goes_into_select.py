# proves: select with a limit ends as the Timeout did, and tells what is ready in time
# api: eventlet.Timeout, eventlet.green.select, eventlet.green.socket
# tier: review
import eventlet
from eventlet.green import select, socket

one, two = socket.socketpair()


def ready():
    try:
        with eventlet.Timeout(0.05):
            r, w, x = select.select([two], [], [])
            return r == [two]
    except eventlet.Timeout as error:
        return f"nothing: {error}"


print(ready())
one.sendall(b"here I am")
print(ready())
