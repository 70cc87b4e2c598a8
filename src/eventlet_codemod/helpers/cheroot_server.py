"""A WSGI server on cheroot, for a socket that is there already."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Mapping
from traceback import format_exc
from typing import Any

import cheroot.wsgi

from eventlet_codemod.helpers._wsgi_listener import (
    _TLS,
    _listener,
    _listens,
    _url,
)
from eventlet_codemod.helpers._wsgi_request import _Connection
from eventlet_codemod.helpers._wsgi_response import _Log, _Response
from eventlet_codemod.helpers._wsgi_workers import _Workers


class WSGIServer(cheroot.wsgi.Server):
    """A server for a socket that listens already: TCP, UNIX, or with TLS.

    A thread serves a connection while it has a request. There are up to
    ``max_size`` threads, or ``custom_pool.size``, started when needed. The
    other arguments mean what they mean to ``eventlet.wsgi.server``, but
    connections that are kept alive take up no thread. Timeouts are in seconds,
    None is no limit.

    HTTP is cheroot's: an answer has a ``Server`` header, ``100 Continue`` is
    sent before the application reads, and a request line must name its
    version. Of what eventlet's server adds to the environ there are posthooks
    and minimum_write_chunk_size, as ``wsgi_server.…`` and not ``eventlet.…``.
    """

    #: Set it to False to let every server stop as if its socket was closed.
    is_accepting = True
    #: The bytes that a line of a request's headers must stay below.
    max_header_line = 8192
    #: The bytes that all headers of a request may have.
    max_header_size = 65536

    def __init__(
        self,
        sock: socket.socket,
        site: Any,
        log: Any = None,
        environ: Mapping[str, Any] | None = None,
        max_size: int | None = None,
        max_http_version: str | None = "HTTP/1.1",
        *,
        minimum_chunk_size: int | None = None,
        log_x_forwarded_for: bool = True,
        custom_pool: Any = None,
        keepalive: bool | float = True,
        log_output: bool = True,
        log_format: str = (
            '%(client_ip)s - - [%(date_time)s] "%(request_line)s"'
            " %(status_code)s %(body_length)s %(wall_seconds).6f"
        ),
        url_length_limit: int = 8192,
        debug: bool = True,
        socket_timeout: float | None = None,
        capitalize_response_headers: bool = True,
    ) -> None:
        name = sock.getsockname()
        address = name[:2] if isinstance(name, tuple) else name
        unlimited: Any = None
        super().__init__(address, site, shutdown_timeout=unlimited)
        size = (max_size or 1024) if custom_pool is None else custom_pool.size
        self.requests = _Workers(self, max(size, 1))
        self.gateway = _Response
        self.ConnectionClass = _Connection
        if isinstance(sock, ssl.SSLSocket):
            self.ssl_adapter = _TLS(sock.context)
        self.protocol = max_http_version or "HTTP/1.1"
        self.keep_alive_conn_limit = unlimited if keepalive else 0
        numeric = keepalive and not isinstance(keepalive, bool)
        self.idle_timeout = keepalive if numeric else socket_timeout
        self.socket_timeout = socket_timeout
        self.timeout = self.idle_timeout or 365 * 24 * 3600
        self.log = _Log(log, log_output)
        self.log_format = log_format
        self.log_x_forwarded_for = log_x_forwarded_for
        self.environ = environ or {}
        if minimum_chunk_size is None:
            minimum_chunk_size = 4096
        self.minimum_chunk_size = minimum_chunk_size
        self.url_length_limit = url_length_limit
        self.debug = debug
        self.capitalize_response_headers = capitalize_response_headers
        self._sock, self._listener = sock, _listener(sock)
        self._url = _url(sock)
        self._prepared = threading.Event()
        self._thread = threading.Thread(target=self._main, daemon=True)

    def begin(self) -> None:
        """Serve in a thread, which does not keep the process alive."""
        self._thread.start()
        self._prepared.wait()
        self.log.info(f"({os.getpid()}) wsgi starting up on {self._url}")

    def wait(self) -> None:
        """Wait for the thread that serves to end."""
        self._thread.join()

    def run(self) -> None:
        """Serve until the socket is closed, or the process interrupted.

        Returns when the requests that had begun are answered; the socket is
        closed then.
        """
        self.begin()
        try:
            while self._serves():
                self._thread.join(0.1)
        except (KeyboardInterrupt, SystemExit):
            self.log.info("wsgi exiting")
        finally:
            self.stop()
            self._sock.close()
            self.log.info(f"({os.getpid()}) wsgi exited")

    def bind(self, *args: Any) -> Any:
        """Take the socket that was given."""
        self.socket = self._listener
        return self.socket

    bind_unix_socket = bind

    def log_request(self, response: Any, sent: int, took: float) -> None:
        """Log a request: bytes that were sent, seconds that it took."""
        self.log.request(self.log_format, response, sent, took)

    def error_log(
        self,
        msg: str = "",
        level: int = 20,
        traceback: bool = False,
    ) -> None:
        """Log what went wrong, but not that the socket was closed."""
        if _listens(self._listener) or not msg.startswith("Error in HTTP"):
            trace = f"\n{format_exc()}" if traceback else ""
            self.log.info(f"{msg}{trace}")

    def _main(self) -> None:
        try:
            self.prepare()
        finally:
            self._prepared.set()
        self.serve()

    def _serves(self) -> bool:
        alive = self._thread.is_alive() and self.is_accepting
        return alive and _listens(self._sock)
