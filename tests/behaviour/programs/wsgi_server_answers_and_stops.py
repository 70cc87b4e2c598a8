# proves: a service answers the same requests, also at once, and ends when its socket is shut down
# api: eventlet.monkey_patch, eventlet.wsgi.server, eventlet.listen, eventlet.spawn
# tier: review
# settings: force=yes; helpers=concurrency
import eventlet

eventlet.monkey_patch()

import http.client
import logging
import socket
import threading

from eventlet import wsgi

both = threading.Semaphore(0)
held = threading.Semaphore(0)


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/broken":
        raise RuntimeError("no such thing")
    if path == "/meet":
        both.release()
        held.acquire()
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("content-type", "text/plain"), ("x-path", path)])
    return (part for part in (environ["REQUEST_METHOD"].encode(), b" ", body or b"nothing"))


def ask(connection, method, path, body=None, **headers):
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    told = sorted(answer.getheaders())
    shown = [f"{k}: {v}" for k, v in told if k not in ("Date", "Server", "Content-Length")]
    return answer.status, shown, answer.read()


def client(sock):
    host, port = sock.getsockname()
    connection = http.client.HTTPConnection(host, port)
    print(ask(connection, "GET", "/a%20path?x=1"))
    print(ask(connection, "POST", "/kept", b"alive"))
    print(ask(connection, "PUT", "/chunks", iter([b"one", b"two"])))
    print(ask(connection, "GET", "/broken"))
    print(ask(connection, "DELETE", "/again", Connection="close"))
    others = [http.client.HTTPConnection(host, port) for _ in range(3)]
    for other in others:
        other.request("GET", "/meet")
    for _ in others:
        both.acquire()
    print("all inside")
    sock.shutdown(socket.SHUT_RDWR)
    for _ in others:
        held.release()
    print(*(other.getresponse().read() for other in others))


def serve(sock):
    try:
        wsgi.server(sock, application, log=logging.getLogger("service"), debug=False)
    except OSError:
        pass
    print("closed")


listening = eventlet.listen(("127.0.0.1", 0))
talk = eventlet.spawn(client, listening)
serve(listening)
talk.wait()
