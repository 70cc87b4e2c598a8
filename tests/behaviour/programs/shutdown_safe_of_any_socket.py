# proves: a socket is shut down whether it is connected or closed already, and other errors are raised
# api: eventlet.greenio.shutdown_safe
# tier: review
import socket

from eventlet import greenio


class Refusing:
    def shutdown(self, how):
        raise OSError(5, "Input/output error")


def stop(sock):
    try:
        greenio.shutdown_safe(sock)
    except OSError as exc:
        return f"failed: {exc}"
    return "stopped"


left, right = socket.socketpair()
print(stop(left), right.recv(1))
left.close()
right.close()
print(stop(left))
print(stop(socket.socket()))
print(stop(Refusing()))
