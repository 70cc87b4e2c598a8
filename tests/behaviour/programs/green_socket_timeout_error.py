# proves: a socket timeout is the same exception under the names that code catches it by
# api: eventlet.green.socket
# tier: review
import eventlet.green.socket as socket
from eventlet.green.socket import AF_INET, SOCK_STREAM
from eventlet.green.socket import timeout as SocketTimeout


def ask(server, question):
    left, right = socket.socketpair()
    left.settimeout(0.02)
    left.sendall(question)
    try:
        server(right)
        return left.recv(100)
    except SocketTimeout:
        return b"timed out"
    finally:
        left.close()
        right.close()


print(ask(lambda peer: peer.sendall(peer.recv(10)[::-1]), b"olleh"))
print(ask(lambda peer: None, b"anyone?"))
probe = socket.socket(AF_INET, SOCK_STREAM)
probe.bind(("127.0.0.1", 0))
try:
    socket.create_connection(("127.0.0.1", probe.getsockname()[1]), timeout=5)
except OSError as exc:
    print(type(exc).__name__)
