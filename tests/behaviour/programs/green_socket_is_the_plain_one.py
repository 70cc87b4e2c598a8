# proves: sockets made and wrapped by GreenSocket are plain ones, with the same limits and errors
# api: eventlet.greenio.GreenSocket, eventlet.spawn
# tier: review
import eventlet

eventlet.monkey_patch()

import socket

from eventlet.greenio import GreenSocket


def serve(listener):
    conn = GreenSocket(listener.accept()[0])
    with conn:
        conn.sendall(conn.recv(100).upper())


def ask(address):
    sock = GreenSocket(socket.AF_INET, socket.SOCK_STREAM)
    sock.settimeout(30)
    sock.connect(address)
    sock.sendall(b"hello")
    print(sock.gettimeout(), sock.recv(100), isinstance(sock, GreenSocket))
    sock.close()


listener = GreenSocket()
listener.bind(("127.0.0.1", 0))
listener.listen(5)
serving = eventlet.spawn(serve, listener)
ask(listener.getsockname())
serving.wait()
quiet = GreenSocket(socket.AF_INET, socket.SOCK_DGRAM)
quiet.bind(("127.0.0.1", 0))
quiet.settimeout(0.01)
try:
    quiet.recv(100)
except socket.timeout as error:
    print(type(error).__name__, error)
