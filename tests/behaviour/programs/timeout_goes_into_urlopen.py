# proves: urlopen with a limit ends as the Timeout did, and other errors are what they were
# api: eventlet.Timeout, eventlet.green.urllib.request, eventlet.green.socket
# tier: review
import eventlet
from eventlet.green import socket
from eventlet.green.urllib import request

silent = socket.socket()
silent.bind(("127.0.0.1", 0))
silent.listen(5)
closed = socket.socket()
closed.bind(("127.0.0.1", 0))


def fetch(place):
    try:
        with eventlet.Timeout(0.1):
            return request.urlopen("http://%s:%d/" % place)
    except eventlet.Timeout:
        return "no answer"
    except OSError as error:
        return type(error).__name__


def fetch_silently(place):
    with eventlet.Timeout(0.1, False):
        return request.urlopen("http://%s:%d/" % place)


print(fetch(silent.getsockname()))
print(fetch(closed.getsockname()))
print(fetch_silently(silent.getsockname()))
try:
    fetch_silently(closed.getsockname())
except OSError as error:
    print(type(error).__name__)
