# proves: create_server sets the options of eventlet.listen, for computed ports and families
# api: eventlet.listen
# tier: review
import eventlet

eventlet.monkey_patch()

import socket


def shown(sock):
    options = [(socket.SOL_SOCKET, socket.SO_REUSEADDR)]
    if sock.family != socket.AF_UNIX:  # which some kernels know nothing of
        options.append((socket.SOL_SOCKET, socket.SO_REUSEPORT))
    if sock.family == socket.AF_INET6:
        options.append((socket.IPPROTO_IPV6, socket.IPV6_V6ONLY))
    values = [sock.getsockopt(*option) for option in options]
    sock.close()
    return sock.family.name, sock.type.name, values


def bind(host, port):
    info = socket.getaddrinfo(host, port, socket.AF_UNSPEC, socket.SOCK_STREAM)[0]
    family = info[0]
    return eventlet.listen(info[-1], family, backlog=5)


print(shown(bind("127.0.0.1", 0)))
free = eventlet.listen(("127.0.0.1", 0))
port = free.getsockname()[1]
print(shown(free))
print(shown(bind("127.0.0.1", port)))
print(shown(eventlet.listen(("127.0.0.1", port), socket.AF_INET, 5, True, None)))
address = ("127.0.0.1", port)
taken = eventlet.listen(address, reuse_port=False)
try:
    bind(*address)
except OSError as error:
    print(type(error).__name__, error.errno)
print(shown(taken))
print(shown(eventlet.listen("sock", family=socket.AF_UNIX)))
if socket.has_dualstack_ipv6():
    print(shown(bind("::1", 0)))
    print(shown(bind("::", port)))
    print(shown(eventlet.listen(("::", port), family=socket.AF_INET6)))
