"""`oslo_service.wsgi.Server`, on cheroot and native threads."""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import threading
from pathlib import Path
from typing import Any

from oslo_config import cfg

from eventlet_codemod.helpers.cheroot_server import WSGIServer
from eventlet_codemod.helpers.listen import listen
from eventlet_codemod.helpers.wsgi_options import register_wsgi_opts


class ConfiguredWSGIServer:
    """A WSGI server whose settings are options of oslo.config.

    It has the options, arguments and methods of ``oslo_service.wsgi.Server``.
    The socket is there when it is made; ``start`` serves in a thread that
    does not keep the process alive. It can be started again when it stopped.

    Raises OSError if the address cannot be had, RuntimeError if files for TLS
    are missing.
    """

    def __init__(
        self,
        conf: Any,
        name: str,
        app: Any,
        host: str = "0.0.0.0",
        port: int = 0,
        pool_size: int | None = None,
        *,
        backlog: int = 128,
        use_ssl: bool = False,
        max_url_len: int | None = None,
        logger_name: str = "wsgi.server",
        socket_family: int | None = None,
        socket_file: str | None = None,
        socket_mode: int | None = None,
    ) -> None:
        if backlog < 1:
            raise ValueError("the backlog must be more than 0")
        register_wsgi_opts(conf)
        _register_tls_opts(conf)
        self.conf = conf
        self.name = name
        self.app = app
        self.pool_size = pool_size or conf.wsgi_default_pool_size
        self.client_socket_timeout = conf.client_socket_timeout or None
        self._logger = logging.getLogger(logger_name)
        self._use_ssl = use_ssl
        self._max_url_len = max_url_len
        self._server: WSGIServer | None = None
        self._stopping: threading.Thread | None = None
        WSGIServer.max_header_line = conf.max_header_line
        if socket_family == socket.AF_UNIX:
            self.socket = listen(socket_file, socket_family, backlog)
            if socket_file is not None and socket_mode is not None:
                Path(socket_file).chmod(socket_mode)
        elif socket_family in (None, socket.AF_INET, socket.AF_INET6):
            self.socket = self._bound(host, port, backlog)
        else:
            raise ValueError(f"unsupported socket family: {socket_family}")
        self.host, self.port = self.socket.getsockname()[:2]
        if use_ssl:
            _check_files(conf.ssl)

    def start(self) -> None:
        """Serve in a thread."""
        sock = self.socket.dup()
        if self._use_ssl:
            context = _tls_context(self.conf.ssl)
            sock = context.wrap_socket(sock, server_side=True)
        self._stopping = None
        self._server = WSGIServer(
            sock,
            self.app,
            self._logger,
            max_size=self.pool_size,
            log_format=self.conf.wsgi_log_format,
            debug=self.conf.wsgi_server_debug,
            keepalive=self.conf.wsgi_keep_alive,
            socket_timeout=self.client_socket_timeout,
            url_length_limit=self._max_url_len or 8192,
        )
        self._server.begin()

    def stop(self) -> None:
        """Take no more requests; ``wait`` waits for those that have begun."""
        if self._server is not None and self._stopping is None:
            self._logger.info("Stopping WSGI server.")
            self._stopping = threading.Thread(target=self._server.stop)
            self._stopping.start()

    def wait(self) -> None:
        """Wait until it has stopped, and all requests are answered."""
        if self._server is not None:
            self._server.wait()
        if self._stopping is not None:
            self._stopping.join()

    def reset(self) -> None:
        """Do nothing: it has as many threads as it needs."""

    def _bound(self, host: str, port: int, backlog: int) -> socket.socket:
        address: Any = (host, port)
        family: int = socket.AF_INET
        with contextlib.suppress(OSError):
            kind = socket.SOCK_STREAM
            found = socket.getaddrinfo(host, port, socket.AF_UNSPEC, kind)
            family, _, _, _, address = found[0]
        sock = listen(address, family, backlog)
        return self._set_socket_opts(sock)

    def _set_socket_opts(self, _socket: socket.socket) -> socket.socket:
        _socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if hasattr(socket, "TCP_KEEPIDLE"):
            idle = self.conf.tcp_keepidle
            _socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, idle)
        return _socket


def _register_tls_opts(conf: Any) -> None:
    """Register the options of TLS, unless something else has already."""
    for name in ("ca_file", "cert_file", "key_file", "version", "ciphers"):
        with contextlib.suppress(cfg.DuplicateOptError):
            conf.register_opt(cfg.StrOpt(name), group="ssl")


def _check_files(conf: Any) -> None:
    """Look for the files that TLS needs. Raises RuntimeError."""
    for name in ("cert_file", "ca_file", "key_file"):
        path = conf[name]
        if path and not Path(path).exists():
            raise RuntimeError(f"Unable to find {name}: {path}")
    if bool(conf.cert_file) != bool(conf.key_file):
        raise RuntimeError("TLS needs both a cert_file and a key_file")


def _tls_context(conf: Any) -> ssl.SSLContext:
    """Return the context that the options of the group ``ssl`` describe."""
    protocol: Any = ssl.PROTOCOL_TLS_SERVER
    if conf.version:
        known = {"sslv23": "SSLv23", "tlsv1": "TLSv1"}
        name = conf.version.lower()
        known.update(tlsv1_1="TLSv1_1", tlsv1_2="TLSv1_2")
        if name not in known:
            raise RuntimeError(f"Invalid SSL version: {conf.version}")
        protocol = getattr(ssl, f"PROTOCOL_{known[name]}")
    context = ssl.SSLContext(protocol)
    context.load_cert_chain(conf.cert_file, conf.key_file)
    if conf.ca_file:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(conf.ca_file)
    if conf.ciphers:
        context.set_ciphers(conf.ciphers)
    return context
