# proves: a limit alone raises a Timeout, here and where a caller catches it, and TimeoutError natively
# api: eventlet.hubs.trampoline, eventlet.Timeout
# tier: review
import eventlet

eventlet.monkey_patch()

import socket

from eventlet.hubs import trampoline


def receive(sock, limit):
    trampoline(sock, read=True, timeout=limit)
    return sock.recv(100)


def wait(fd, reads, limit):
    trampoline(fd, read=reads, write=not reads, timeout=limit)


def ask(sock):
    try:
        trampoline(sock, write=True, timeout=5)
        sock.sendall(b"hello")
        trampoline(sock, read=True, timeout=0.01)
    except eventlet.Timeout as error:
        return f"no answer: {str(error)!r}"
    return sock.recv(100)


here, there = socket.socketpair()
print(ask(here))
print(receive(there, 0))
try:
    receive(there, 0)
except (ValueError, eventlet.Timeout):
    print("nothing to receive")
wait(here, False, 1)
try:
    wait(here, True, 0.01)
except eventlet.Timeout:
    print("nothing to read")
