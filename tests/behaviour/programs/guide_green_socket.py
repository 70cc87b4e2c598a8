# proves: a client on a green socket is one on a plain socket
# api: eventlet.green.socket, eventlet.spawn
# tier: review
import eventlet
from eventlet.green import socket

server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen(1)


def answer():
    connection, _ = server.accept()
    with connection:
        connection.sendall(b"you said " + connection.recv(100))


eventlet.spawn(answer)
s = socket.socket()
s.connect(server.getsockname())
s.send(b"hello")
print(s.recv(100))
s.close()
