"""`eventlet.wrap_ssl` for the socket of a server."""

from __future__ import annotations

import socket
import ssl


def wrap_server(
    sock: socket.socket,
    keyfile: str | None = None,
    certfile: str | None = None,
    *,
    ciphers: str | None = None,
) -> ssl.SSLSocket:
    """Wrap the socket of a server for TLS; clients need no certificate.

    Each connection shakes hands when it is read or written first, so a client
    that says nothing does not hold up ``accept``.

    Raises OSError, of which ssl.SSLError is one, for files that do not do.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certfile is not None:
        context.load_cert_chain(certfile, keyfile)
    if ciphers:
        context.set_ciphers(ciphers)
    return context.wrap_socket(
        sock,
        server_side=True,
        do_handshake_on_connect=False,
    )
