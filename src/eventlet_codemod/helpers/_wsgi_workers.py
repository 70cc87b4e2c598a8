"""The threads of a WSGI server on cheroot."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any

import cheroot.workers.threadpool


class _Workers(cheroot.workers.threadpool.ThreadPool):
    """Threads that are started when no other waits for work, up to ``size``.

    cheroot's own pool keeps the number that it begins with.
    """

    def __init__(self, server: Any, size: int) -> None:
        super().__init__(server, min=1, max=size)
        self._lock = threading.Lock()
        self._spare = 0  # threads that wait, less what waits for a thread
        self._reading: set[Any] = set()  # connections without a request
        self._stopping = False
        pool: Any = self
        self._take = pool.get
        pool.get = self._ask

    def put(self, obj: Any) -> None:
        """Hand a connection to a thread that waits, or to a new one."""
        super().put(obj)
        with self._lock:
            self._spare -= 1
            short = self._spare < 0
        if short:
            self.grow(1)

    def reads(self, connection: Any) -> bool:
        """Note that a thread waits for a request; False if it must not."""
        with self._lock:
            self._reading.add(connection)
            return not self._stopping

    def has_read(self, connection: Any) -> None:
        """Note that the request has come, or will not come."""
        with self._lock:
            self._reading.discard(connection)

    def stop(self, timeout: Any = None) -> None:
        """Wait for the requests that have begun, and for no others."""
        with self._lock:
            self._stopping = True
            idle = list(self._reading)
        for connection in idle:
            with contextlib.suppress(OSError):
                connection.socket.shutdown(socket.SHUT_RD)
        super().stop(timeout)

    def _ask(self) -> Any:
        with self._lock:
            self._spare += 1
        return self._take()
