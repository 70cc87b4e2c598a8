"""A small web service whose work is bounded in number and in time."""

import eventlet

eventlet.monkey_patch()

import sys

from eventlet import wsgi

POOL = eventlet.GreenPool(100)


def look_up(name):
    """Ask a slow backend, but not for longer than two seconds."""
    with eventlet.Timeout(2, False):
        eventlet.sleep(0.01)
        return f"found {name}\n"
    return f"no answer for {name}\n"


def application(environ, start_response):
    names = environ["QUERY_STRING"].split("+")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [line.encode() for line in POOL.imap(look_up, names)]


def serve(port):
    wsgi.server(eventlet.listen(("127.0.0.1", port)), application)


if __name__ == "__main__":
    warm_up = eventlet.spawn(look_up, "eel")
    print(warm_up.wait(), end="")
    if sys.argv[1:]:
        serve(int(sys.argv[1]))
