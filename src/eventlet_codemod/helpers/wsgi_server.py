"""`eventlet.wsgi.server`, on cheroot and native threads."""

from __future__ import annotations

import socket
from typing import Any

from eventlet_codemod.helpers.cheroot_server import WSGIServer


def wsgi_server(
    sock: socket.socket,
    site: Any,
    *args: Any,
    **options: Any,
) -> None:
    """Serve ``site`` on ``sock``; ``WSGIServer`` says with what options.

    Returns when the socket was closed or ``WSGIServer.is_accepting`` is
    False, on KeyboardInterrupt, and when the application raises SystemExit.
    """
    WSGIServer(sock, site, *args, **options).run()
