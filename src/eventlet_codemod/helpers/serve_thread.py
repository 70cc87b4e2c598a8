"""`eventlet.serve` in a green thread, as one that can be stopped."""

from __future__ import annotations

import collections
import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Any

from eventlet_codemod.helpers.serve import _accept
from eventlet_codemod.helpers.stop_serve import StopServe


class ServeThread:
    """Does what ``serve`` does in a daemon thread, from the beginning."""

    def __init__(
        self,
        sock: socket.socket,
        handle: Callable[[socket.socket, Any], object],
        concurrency: int = 1000,
    ) -> None:
        self._failures: collections.deque[BaseException] = collections.deque()
        self._error: BaseException | None = None
        pair = socket.socketpair()
        self._waker = pair[1]
        given = (sock, handle, concurrency, self._failures, pair)
        self._thread = threading.Thread(
            target=self._run,
            args=given,
            daemon=True,
        )
        self._thread.start()

    def stop(self) -> None:
        """Take no more connections; handlers that run go on.

        The socket stays open. Returns when that is done, or after a second
        where there is no room for a connection that was taken; ``wait`` waits
        for it.
        """
        self._failures.append(StopServe())
        with contextlib.suppress(OSError):  # it has ended
            self._waker.send(b"!")
        self._thread.join(1)

    def wait(self) -> None:
        """Wait until it has ended; raises what a handler raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self, *given: Any) -> None:
        try:
            _accept(*given)
        except BaseException as error:
            self._error = error
            raise
