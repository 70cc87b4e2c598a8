"""`eventlet.wsgi.server` in a green thread, as one that can be stopped."""

from __future__ import annotations

import socket
import threading
from typing import Any

from eventlet_codemod.helpers.cheroot_server import WSGIServer


class WSGIThread:
    """Serves ``site`` on ``sock`` in a daemon thread, from the beginning.

    ``WSGIServer`` says with what options. It ends like ``wsgi_server``, and
    by ``stop``.
    """

    def __init__(
        self,
        sock: socket.socket,
        site: Any,
        *args: Any,
        **options: Any,
    ) -> None:
        self.server = WSGIServer(sock, site, *args, **options)
        self._thread = threading.Thread(target=self.server.run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests, and close the socket after those there are.

        Returns when that is done, or after a second; ``wait`` waits for it.
        """
        self.server.is_accepting = False
        self._thread.join(1)

    def wait(self) -> None:
        """Wait until it has ended."""
        self._thread.join()
