"""How a WSGI server on cheroot asks its application, and what it sends."""

from __future__ import annotations

import sys
import time
import urllib.parse
from collections.abc import Iterable, Iterator
from traceback import format_exc
from typing import Any

import cheroot.wsgi


class _Response(cheroot.wsgi.Gateway_10):
    """Calls an application as eventlet's server does."""

    def get_environ(self) -> Any:
        """Return what the application is told of the request."""
        parent: Any = super()
        req, env = self.req, parent.get_environ()
        path = req.uri.decode("latin-1").partition("?")[0]
        host, port = _host_and_port(req.conn.socket.getsockname())
        env.update(
            GATEWAY_INTERFACE="CGI/1.1",
            PATH_INFO=urllib.parse.unquote(path, encoding="latin-1"),
            RAW_PATH_INFO=path,
            REMOTE_ADDR=req.conn.remote_addr or "unix",
            SERVER_NAME=host,
            SERVER_PORT=port,
            SERVER_PROTOCOL="HTTP/1.0",
        )
        env.setdefault("CONTENT_TYPE", "text/plain")
        if b"?" not in req.uri:
            del env["QUERY_STRING"]
        for name, value in req.server.environ.items():
            if name not in env or name.startswith("wsgi."):
                env[name] = value
        env["wsgi.input"] = req.rfile
        size = req.server.minimum_chunk_size
        env["wsgi_server.posthooks"] = []
        env["wsgi_server.minimum_write_chunk_size"] = size
        return env

    def respond(self) -> None:
        """Call the application, send what it returns, and log it."""
        req = self.req
        begun, before = time.time(), req.conn.wfile.bytes_written
        result: Any = None
        try:
            try:
                result = req.server.wsgi_app(self.env, self.start_response)
                self._send(result)
            except Exception:
                self._fail(format_exc())
        finally:
            if hasattr(result, "close"):
                result.close()
            self._skip_body()
            took = time.time() - begun
            for hook, args, options in self.env["wsgi_server.posthooks"]:
                hook(self.env, *args, **options)
            sent = req.conn.wfile.bytes_written - before
            req.server.log_request(self, sent, took)

    def start_response(
        self,
        status: str,
        headers: Any,
        exc_info: Any = None,
    ) -> Any:
        """Take the status and the headers of the response."""
        req = self.req
        if exc_info and req.sent_headers:
            raise exc_info[1].with_traceback(exc_info[2])
        self.started_response = True
        req.status = status.encode("latin-1")
        req.outheaders = []
        for name, value in headers:
            item = self._name(str(name)), str(value).encode("latin-1")
            req.outheaders.append(item)
        return self.write

    def _name(self, name: str) -> bytes:
        if self.req.server.capitalize_response_headers:
            name = "-".join(part.capitalize() for part in name.split("-"))
        return name.encode("latin-1")

    def _send(self, result: Any) -> None:
        req = self.req
        names = {name.lower() for name, _ in req.outheaders}
        sized = hasattr(result, "__len__") and self.started_response
        bodyless = req.method == b"HEAD" or req.status[:3] in (b"204", b"304")
        told = req.sent_headers or b"content-length" in names
        if sized and not told and not bodyless:
            length = str(sum(map(len, result))).encode()
            req.outheaders.append((b"Content-Length", length))
        size = int(self.env["wsgi_server.minimum_write_chunk_size"])
        for data in _joined(result, size):
            self.write(data)
        if not self.started_response:
            raise AssertionError("no call of start_response()")
        req.ensure_headers_sent()

    def _fail(self, trace: str) -> None:
        """Answer 500 if nothing was sent yet, and break the connection."""
        req = self.req
        req.close_connection = True
        req.server.log.info(trace)
        if req.sent_headers:
            req.chunked_write = False  # what was sent must not look complete
            return
        body = trace.encode() if req.server.debug else b""
        headers = [
            ("Content-Type", "text/plain"),
            ("Content-Length", len(body)),
        ]
        self.start_response("500 Internal Server Error", headers)
        self.write(body)

    def _skip_body(self) -> None:
        """Read what the application left of a request in chunks."""
        req = self.req
        if not req.chunked_read or req.close_connection:
            return
        try:
            while req.rfile.read(1 << 14):
                pass
        except (OSError, ValueError):
            req.close_connection = True


def _joined(result: Iterable[Any], size: int) -> Iterator[bytes]:
    """Give the parts of a body, small ones put together."""
    held = bytearray()
    for part in result:
        held += part.encode("ascii") if isinstance(part, str) else part
        if len(held) >= max(size, 1):
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _host_and_port(address: Any) -> tuple[str, str]:
    """Return how an address of a socket is written, with 'unix' for a path."""
    if isinstance(address, tuple):
        return str(address[0]), str(address[1])
    return "unix", ""


class _Log:
    """What a server writes to: a logger, or a file (``sys.stderr``)."""

    def __init__(self, log: Any, enabled: bool) -> None:
        self._log = log
        self._enabled = enabled

    def info(self, message: str) -> None:
        """Write one message."""
        if not self._enabled:
            return
        if callable(getattr(self._log, "info", None)):
            self._log.info(message)
        else:
            (self._log or sys.stderr).write(f"{message}\n")

    def request(
        self,
        text: str,
        response: Any,
        sent: int,
        took: float,
    ) -> None:
        """Write about a request that was answered."""
        req, env = response.req, response.env
        host, port = env["REMOTE_ADDR"], env["REMOTE_PORT"]
        forwarded = env.get("HTTP_X_FORWARDED_FOR", "").replace(" ", "")
        if forwarded and req.server.log_x_forwarded_for:
            host = f"{forwarded},{host}"
        line = b" ".join((req.method, req.uri, req.request_protocol))
        fields = {
            "client_ip": host,
            "client_port": port,
            "date_time": time.strftime("%d/%b/%Y %H:%M:%S"),
            "request_line": line.decode("latin-1"),
            "status_code": int(req.status[:3] or 200),
            "body_length": sent,
            "wall_seconds": took,
        }
        self.info(text % fields)
