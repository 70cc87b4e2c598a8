# proves: a client's socket is connected, bound to its own end, and refused in the same way
# api: eventlet.convenience.connect
# tier: review
# settings: helpers=concurrency
import socket

import eventlet

listener = socket.create_server(("127.0.0.1", 0))
address = listener.getsockname()
client = eventlet.connect(address, bind=("127.0.0.2", 0))
peer, own = listener.accept()
client.sendall(b"asked")
peer.sendall(peer.recv(5).upper())
peer.close()
print(client.recv(5), client.recv(5), own[0])
client.close()
listener.close()
try:
    eventlet.connect(address, family=socket.AF_INET)
except OSError as error:
    print(type(error).__name__)
