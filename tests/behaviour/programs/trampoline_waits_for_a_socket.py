# proves: select() waits like trampoline, ends when data comes and raises what it was told to
# api: eventlet.hubs.trampoline, eventlet.spawn
# tier: review
import eventlet

eventlet.monkey_patch()

import socket

from eventlet.hubs import trampoline


def answer(sock):
    trampoline(sock, read=True)
    sock.sendall(sock.recv(100).upper())


def ask(sock, question):
    trampoline(sock.fileno(), write=True)
    sock.sendall(question)
    trampoline(sock, read=True, timeout=30, timeout_exc=OSError("no answer"))
    return sock.recv(100)


here, there = socket.socketpair()
answering = eventlet.spawn(answer, there)
print(ask(here, b"hello"))
answering.wait()
try:
    trampoline(here, read=True, timeout=0.01, timeout_exc=socket.timeout("nothing came"))
except socket.timeout as error:
    print("late:", error)
