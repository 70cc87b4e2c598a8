"""`eventlet.listen`."""

from __future__ import annotations

import contextlib
import socket
from typing import Any


def listen(
    addr: Any,
    family: int = socket.AF_INET,
    backlog: int = 50,
    reuse_addr: bool = True,
    reuse_port: bool | None = None,
) -> socket.socket:
    """Return a socket that listens on ``addr``: host and port, or a path.

    Without ``reuse_port`` other processes can listen on the same port if it is
    a fixed one. Where the system has it, an IPv6 wildcard is for IPv4 as well.

    Raises OSError if the address is taken or is none of this machine.
    """
    sock = socket.socket(family, socket.SOCK_STREAM)
    if reuse_addr:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if reuse_port is None:
        internet = family in (socket.AF_INET, socket.AF_INET6)
        reuse_port = not internet or addr[1] != 0
    if reuse_port and hasattr(socket, "SO_REUSEPORT"):
        with contextlib.suppress(OSError):  # this family may not know it
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind(addr)
    sock.listen(backlog)
    return sock
