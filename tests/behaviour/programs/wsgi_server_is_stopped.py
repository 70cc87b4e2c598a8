# proves: stop() of the helper ends a server as kill() did: what has begun is answered, nothing else
# api: eventlet.monkey_patch, eventlet.wsgi.server, eventlet.listen, eventlet.spawn
# tier: review
# settings: force=yes; helpers=concurrency
import eventlet

eventlet.monkey_patch()

import http.client
import io
import threading

from eventlet import wsgi

begun, gate = threading.Event(), threading.Event()


def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        begun.set()
        gate.wait(60)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"hello"]


def get(port, path="/"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read()


class Service:
    def __init__(self):
        self._server = None

    def start(self):
        self.sock = eventlet.listen(("127.0.0.1", 0))
        self.port = self.sock.getsockname()[1]
        self._server = eventlet.spawn(wsgi.server, self.sock, application, io.StringIO(), debug=False)

    def stop(self):
        if self._server is not None:
            self._server.kill()

    def wait(self):
        try:
            self._server.wait()
        except BaseException:  # GreenletExit
            pass


service = Service()
service.stop()
for path in ("/", "/slow"):
    service.start()
    print(get(service.port))
    slow = threading.Thread(target=lambda: print(path, get(service.port, path)))
    slow.start()
    if path == "/slow":
        begun.wait(60)
    else:
        slow.join()
    service.stop()
    gate.set()
    slow.join()
    service.wait()
    print("closed:", service.sock.fileno() == -1)
    try:
        get(service.port)
    except OSError:
        print("nobody answers")
