# proves: SocketServer under its old name becomes socketserver
# api: eventlet.monkey_patch, eventlet.green.SocketServer, eventlet.green.socket, eventlet.spawn_n
# tier: review
# settings: force=yes
import eventlet

eventlet.monkey_patch()

from eventlet.green import SocketServer
from eventlet.green import socket as green_socket


class Rot13(SocketServer.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line.swapcase())


class Server(SocketServer.TCPServer):
    allow_reuse_address = True


with Server(("127.0.0.1", 0), Rot13) as server:
    eventlet.spawn_n(server.serve_forever, 0.01)
    with green_socket.create_connection(server.server_address) as client:
        client.sendall(b"Hello\nWorld\n")
        client.shutdown(green_socket.SHUT_WR)
        chunks = iter(lambda: client.recv(64), b"")
        print(b"".join(chunks).decode().split())
    server.shutdown()
