# proves: green sockets become plain sockets together with the children that use them
# api: eventlet.green.socket, eventlet.spawn, eventlet.spawn_n
# tier: review
import eventlet
from eventlet.green import socket


def echo(connection):
    with connection, connection.makefile("rw") as stream:
        for line in stream:
            stream.write(line.upper())
            stream.flush()


def serve(listener):
    while True:
        connection, _ = listener.accept()
        eventlet.spawn_n(echo, connection)


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(("127.0.0.1", 0))
listener.listen(5)
eventlet.spawn(serve, listener)

clients = [socket.create_connection(listener.getsockname()) for _ in range(2)]
streams = [client.makefile("rw") for client in clients]
for stream, text in zip(streams, ("one", "two")):
    stream.write(text + "\n")
    stream.flush()
print([stream.readline().strip() for stream in streams])
