# proves: numbers of errors, text of bytes and names of hosts are the standard library's own
# api: eventlet.support.get_errno, eventlet.support.bytes_to_str, eventlet.support.greendns.getaddrinfo
# tier: review
import eventlet

eventlet.monkey_patch()

import errno
import socket

from eventlet.support import bytes_to_str, get_errno
from eventlet.support import greendns


def connect(port):
    sock = socket.socket()
    try:
        sock.connect(("127.0.0.1", port))
    except OSError as error:
        if get_errno(error) != errno.ECONNREFUSED:
            raise
        return "refused"
    finally:
        sock.close()
    return "connected"


with socket.create_server(("127.0.0.1", 0)) as listener:
    port = listener.getsockname()[1]
    print(connect(port))
print(connect(port))
print(bytes_to_str(b"text"), bytes_to_str(b"\xc3\xa9", "utf-8") == "\u00e9")
for found in greendns.getaddrinfo("127.0.0.1", 80, socket.AF_INET, socket.SOCK_STREAM):
    print(found[-1])
