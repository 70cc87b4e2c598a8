# proves: the error numbers and the timeout of greenio are those of errno and socket
# api: eventlet.greenio.SOCKET_CLOSED, eventlet.greenio.SOCKET_BLOCKING, eventlet.greenio.socket_timeout, eventlet.greenio.set_nonblocking, eventlet.connect
# tier: review
import errno
import socket

import eventlet
from eventlet import greenio

listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]
client = eventlet.connect(("127.0.0.1", port), bind=("127.0.0.2", 0))
peer, own = listener.accept()
print(own[0])
peer.sendall(b"hello")
print(client.recv(5))
client.settimeout(0.01)
try:
    client.recv(5)
except greenio.socket_timeout as error:
    print(type(error).__name__)
greenio.set_nonblocking(peer)
try:
    peer.recv(5)
except OSError as error:
    print(error.errno in greenio.SOCKET_BLOCKING)
client.close()
peer.close()
for code in (errno.EPIPE, errno.ENOENT):
    print(code in greenio.SOCKET_CLOSED)
listener.close()
try:
    eventlet.connect(("127.0.0.1", port))
except OSError as error:
    print(type(error).__name__)
