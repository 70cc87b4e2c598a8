# proves: a small application is served as before, through a listener made in the same call
# api: eventlet.wsgi.server, eventlet.listen, eventlet.spawn
# tier: review
# settings: helpers=concurrency
import urllib.request

import eventlet
from eventlet import listen, wsgi

eventlet.monkey_patch()


def greet(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"good day, ", environ["PATH_INFO"].encode()]


listener = listen(("127.0.0.1", 0))
host, port = listener.getsockname()
eventlet.spawn(wsgi.server, listener, greet, log_output=False)
for path in ("/ann", "/bob"):
    with urllib.request.urlopen(f"http://{host}:{port}{path}") as answer:
        print(answer.status, answer.read().decode())
