"""The socket that a WSGI server on cheroot listens on, with or without TLS."""

from __future__ import annotations

import os
import socket
import ssl
from typing import Any

from cheroot.makefile import MakeFile


class _Listener(socket.socket):
    """Another handle of a socket that listens already."""

    def listen(self, backlog: int = 0, /) -> None:
        """Do nothing: the backlog is chosen."""


def _listener(sock: socket.socket) -> _Listener:
    """Duplicate a socket, also one that is wrapped for TLS."""
    fileno = os.dup(sock.fileno())
    listener = _Listener(sock.family, sock.type, sock.proto, fileno=fileno)
    if listener.family in (socket.AF_INET, socket.AF_INET6):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _listens(sock: socket.socket) -> bool:
    """Return whether a socket still listens: it was not closed, or shut."""
    try:
        return bool(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except OSError:
        return False


def _url(sock: socket.socket) -> str:
    """Return how a log names the address of a socket."""
    name = sock.getsockname()
    if sock.family == socket.AF_INET6:
        name = f"//[{name[0]}]:{name[1]}"
    elif sock.family == socket.AF_INET:
        name = f"//{name[0]}:{name[1]}"
    scheme = "https" if isinstance(sock, ssl.SSLSocket) else "http"
    return f"{scheme}:{name}"


class _TLS:
    """Wraps connections; each thread shakes hands for its own.

    So a client that says nothing does not keep others from connecting.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context

    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, Any]:
        """Return the wrapped connection, and what the environ says of it."""
        wrapped = self._context.wrap_socket(
            sock,
            server_side=True,
            do_handshake_on_connect=False,
        )
        return wrapped, {"wsgi.url_scheme": "https", "HTTPS": "on"}

    def makefile(self, sock: Any, mode: str = "r", bufsize: int = -1) -> Any:
        """Return a file over the connection."""
        return MakeFile(sock, mode, bufsize)
