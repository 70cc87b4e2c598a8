# proves: clients that hang hold up nobody, 100 Continue is sent, and a stop lets answers end
# api: eventlet.monkey_patch, eventlet.wsgi.server, eventlet.listen, eventlet.spawn
# tier: review
# settings: force=yes; helpers=concurrency
import eventlet

eventlet.monkey_patch()

import logging
import socket
import threading

from eventlet import wsgi

inside = threading.Semaphore(0)
go_on = threading.Semaphore(0)


def application(environ, start_response):
    path = environ["PATH_INFO"]
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    if path == "/long":
        return long_answer()
    return [path.encode(), b" ", body]


def long_answer():
    yield b"x" * 5000
    inside.release()
    go_on.acquire()
    yield b"the end"


def begin(address, text):
    sock = socket.create_connection(address)
    sock.settimeout(60)
    sock.sendall(text)
    return sock


def read(sock, until):
    data = b""
    while not data.endswith(until):
        part = sock.recv(4096)
        if not part:
            return data + b"<closed>"
        data += part
    return data


def shown(data):
    head, _, body = data.rpartition(b"\r\n\r\n")
    return data.split(b"\r\n")[0], body


def client(sock):
    address = sock.getsockname()
    hanging = [begin(address, text) for text in (b"", b"GET /ha", b"GET / HTTP/1.1\r\nHo") * 20]
    hanging.append(begin(address, b"POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf of it"))
    asking = begin(address, b"GET /first HTTP/1.1\r\nHost: a\r\n\r\n")
    print(shown(read(asking, b"/first ")))
    asking.sendall(
        b"POST /second HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
    )
    print(read(asking, b"\r\n\r\n"))
    asking.sendall(b"body")
    print(shown(read(asking, b"/second body")))
    hanging[-1].close()  # in the middle of its body
    asking.sendall(b"GET /third HTTP/1.1\r\nHost: a\r\n\r\n")
    print(shown(read(asking, b"/third ")))

    long = begin(address, b"GET /long HTTP/1.0\r\n\r\n")
    inside.acquire()
    sock.shutdown(socket.SHUT_RDWR)
    for idle in hanging[:-1]:
        idle.close()
    go_on.release()
    print(read(long, b"the end").count(b"x"), "and the end")


def serve(sock):
    try:
        wsgi.server(sock, application, log=logging.getLogger("service"))
    except OSError:
        pass
    print("closed")


listening = eventlet.listen(("127.0.0.1", 0))
talk = eventlet.spawn(client, listening)
serve(listening)
talk.wait()
