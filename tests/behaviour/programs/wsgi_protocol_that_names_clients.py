# proves: a server does without a protocol that only names the clients of a UNIX socket
# api: eventlet.monkey_patch, eventlet.wsgi.server, eventlet.wsgi.HttpProtocol, eventlet.listen
# tier: manual
# settings: force=yes; helpers=concurrency
# rewrite: partial
# keeps: class LocalProtocol(wsgi.HttpProtocol):
import eventlet

eventlet.monkey_patch()

import io
import os
import socket
import threading

from eventlet import wsgi


class LocalProtocol(wsgi.HttpProtocol):
    def __init__(self, conn_state, server):
        if not conn_state[0]:
            conn_state[0] = ("<local>", 0)
        wsgi.HttpProtocol.__init__(self, conn_state, server)


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    known = environ["REMOTE_ADDR"] in ("<local>", "unix")
    return [f"{environ['PATH_INFO']} {known}".encode()]


def ask(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.connect("sock")
        client.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        answer = b"".join(iter(lambda: client.recv(1000), b""))
        return answer.split(b"\r\n", 1)[0].split()[1], answer.rpartition(b"\r\n")[2]


def serve(sock):
    wsgi.server(sock, application, io.StringIO(), protocol=LocalProtocol, debug=False)


sock = eventlet.listen("sock", family=socket.AF_UNIX, backlog=5)
threading.Thread(target=serve, args=(sock,), daemon=True).start()
print(ask("/one"))
print(ask("/two"))
os.unlink("sock")
