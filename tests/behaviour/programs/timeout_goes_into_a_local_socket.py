# proves: a socket that is told the limit ends its wait as the Timeout did, and answers in time if it can
# api: eventlet.Timeout, eventlet.green.socket, eventlet.spawn
# tier: review
import eventlet
from eventlet.green import socket

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(5)


def ask(question):
    sock = socket.socket()
    try:
        with eventlet.Timeout(0.1):
            sock.connect(listener.getsockname())
            sock.sendall(question)
            return sock.recv(20)
    except eventlet.Timeout:
        return b"no answer"
    finally:
        sock.close()


def answer():
    while True:
        connection, _ = listener.accept()
        asked = connection.recv(20)
        if asked == b"speak":
            connection.sendall(b"here I am")
        kept.append(connection)


kept = []
eventlet.spawn(answer)
print(ask(b"speak"))
print(ask(b"be silent"))
print(ask(b"speak"))
