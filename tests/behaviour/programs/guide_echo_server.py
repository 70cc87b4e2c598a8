# proves: every connection has a handler of its own that echoes until the client ends
# api: eventlet.spawn, eventlet.green.socket
# tier: review
import eventlet
from eventlet.green import socket


def serve(server):
    while True:
        connection, _ = server.accept()
        eventlet.spawn(handle, connection)


def handle(connection):
    while True:
        data = connection.recv(1024)
        if not data:
            break
        connection.sendall(data)
    connection.close()


server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen(5)
eventlet.spawn(serve, server)
clients = [socket.create_connection(server.getsockname()) for _ in range(3)]
for number, client in enumerate(clients):
    client.sendall(b"%d" % number)
for client in reversed(clients):
    print(client.recv(10), end=" ")
    client.shutdown(socket.SHUT_WR)
    print(client.recv(10))
