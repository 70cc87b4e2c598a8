# proves: the helper wraps a socket like the green wrap_socket did, and verifies as little
# api: eventlet.green.ssl.wrap_socket
# tier: review
# settings: helpers=concurrency
import socket

from eventlet.green import ssl

near, far = socket.socketpair()
far.close()
try:
    ssl.wrap_socket(near, cert_reqs=ssl.CERT_NONE)
except ssl.SSLError as error:
    print("no TLS:", isinstance(error, OSError))
except OSError as error:
    print("no connection:", isinstance(error, OSError))
near.close()

try:
    ssl.wrap_socket(socket.socket(), None, "/no/certificate")
except OSError as error:
    print(type(error).__name__)

sock = ssl.wrap_socket(socket.socket(), server_side=False, ca_certs=None)
print(isinstance(sock, ssl.SSLSocket), sock.server_side, sock.context.verify_mode.name)
sock.close()
