# proves: stop() of the helper ends an accept loop as kill() did: handlers go on, the socket is open
# api: eventlet.monkey_patch, eventlet.serve, eventlet.listen, eventlet.spawn
# tier: review
# settings: helpers=concurrency
import eventlet

eventlet.monkey_patch()

import socket
import threading

begun, gate = threading.Event(), threading.Event()


def handle(conn, addr):
    question = conn.recv(100)
    if question == b"slow":
        begun.set()
        gate.wait(60)
    conn.sendall(question.upper())


def ask(sock, question):
    with socket.create_connection(sock.getsockname(), timeout=60) as client:
        client.sendall(question)
        return client.recv(100)


class Service:
    def __init__(self):
        self.loop = None

    def start(self):
        self.sock = eventlet.listen(("127.0.0.1", 0))
        self.loop = eventlet.spawn(eventlet.serve, self.sock, handle, concurrency=10)

    def stop(self):
        if self.loop is not None:
            self.loop.kill()


service = Service()
service.stop()
service.start()
print(ask(service.sock, b"hello"))
slow = threading.Thread(target=lambda: print(ask(service.sock, b"slow")))
slow.start()
begun.wait(60)
service.stop()
print("open:", service.sock.fileno() != -1)
with socket.create_connection(service.sock.getsockname(), timeout=0.5) as client:
    client.sendall(b"anybody")
    try:
        print(client.recv(100))
    except socket.timeout:
        print("nobody answers")
gate.set()
slow.join()
