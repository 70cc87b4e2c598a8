"""`eventlet.connect`: the client's end of a connection."""

from __future__ import annotations

import socket
from typing import Any


def connect(
    addr: Any,
    family: int = socket.AF_INET,
    bind: Any = None,
) -> socket.socket:
    """Return a socket of ``family`` that is connected to an address.

    ``bind`` is the address of its own end. Raises OSError.
    """
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        if bind is not None:
            sock.bind(bind)
        sock.connect(addr)
    except BaseException:
        sock.close()
        raise
    return sock
