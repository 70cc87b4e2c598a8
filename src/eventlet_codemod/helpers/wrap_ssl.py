"""`eventlet.wrap_ssl`, for clients that verify nothing."""

from __future__ import annotations

import socket
import ssl


def wrap_ssl(
    sock: socket.socket,
    keyfile: str | None = None,
    certfile: str | None = None,
) -> ssl.SSLSocket:
    """Return the client's end of a TLS connection over a socket.

    It may show a certificate of its own, and verifies neither that of the
    server nor its name: whoever answers is trusted. Raises ssl.SSLError.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if certfile or keyfile:
        context.load_cert_chain(certfile=certfile, keyfile=keyfile)  # type: ignore[arg-type]
    return context.wrap_socket(sock)
