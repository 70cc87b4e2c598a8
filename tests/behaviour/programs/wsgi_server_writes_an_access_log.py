# proves: the access log says the same, in the format that is given, to a file as to a logger
# api: eventlet.monkey_patch, eventlet.wsgi.server, eventlet.listen, eventlet.spawn
# tier: review
# settings: force=yes; helpers=concurrency
import eventlet

eventlet.monkey_patch()

import logging
import socket

from eventlet import wsgi


class Lines(logging.Handler):
    def __init__(self):
        super().__init__()
        self.found = []

    def emit(self, record):
        if '"' in record.getMessage():
            self.found.append(record.getMessage())


def application(environ, start_response):
    size = int(environ["QUERY_STRING"])
    start_response(f"{200 if size else 404} Whatever", [("Content-Length", str(size))])
    return [b"x" * size]


def client(sock, sizes):
    address = sock.getsockname()
    for size in sizes:
        with socket.create_connection(address) as connection:
            request = f"GET /log?{size} HTTP/1.1\r\nX-Forwarded-For: 10.0.0.{size}\r\n"
            connection.sendall(f"{request}Connection: close\r\n\r\n".encode())
            while connection.recv(4096):
                pass
    sock.shutdown(socket.SHUT_RDWR)


lines = Lines()
log = logging.getLogger("access")
log.setLevel(logging.INFO)
log.propagate = False
log.addHandler(lines)
listening = eventlet.listen(("127.0.0.1", 0))
asking = eventlet.spawn(client, listening, [0, 1, 7])
try:
    wsgi.server(
        listening,
        application,
        log,
        max_size=3,
        log_format='%(client_ip)s "%(request_line)s" %(status_code)s',
    )
except OSError:
    pass
asking.wait()
print(*lines.found, sep="\n")
