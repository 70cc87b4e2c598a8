"""What a WSGI server on cheroot takes for a request."""

from __future__ import annotations

from typing import Any

import cheroot.server


class _Lines:
    """The lines of a request's head, of which none may be too long."""

    def __init__(self, file: Any, limit: int) -> None:
        self._file = file
        self._limit = limit

    def readline(self) -> bytes:
        """Read a line. Raises ValueError if it is too long."""
        line: bytes = self._file.readline()
        if len(line) >= self._limit:
            raise ValueError("Header Line Too Long")
        return line


class _Headers(dict[bytes, bytes]):
    """Headers by name; those of one name become one, none is lost."""

    def __setitem__(self, name: bytes, value: bytes) -> None:
        server: Any = cheroot.server
        if name in self and name not in server.comma_separated_headers:
            value = self[name] + b"," + value
        super().__setitem__(name, value)


class _HeaderReader(cheroot.server.HeaderReader):
    """Reads headers with the care that eventlet's server takes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit

    def __call__(self, rfile: Any, hdict: Any = None) -> Any:
        """Read the headers. Raises ValueError where the answer is 400."""
        headers = _Headers()
        super().__call__(_Lines(rfile, self._limit), headers)
        length = headers.get(b"Content-Length")
        if length is not None:
            if not length.isdigit():
                raise ValueError("Bad Content-Length")
            if b"Transfer-Encoding" in headers:
                raise ValueError("Content-Length with Transfer-Encoding")
        found = {} if hdict is None else hdict
        found.update(headers)
        return found

    def _allow_header(self, key_name: bytes) -> bool:
        # HTTP_X_USER could be X-User or X_User, and only one can be trusted.
        return b"_" not in key_name


class _Request(cheroot.server.HTTPRequest):
    """A request within the limits of its server."""

    def read_request_line(self) -> Any:
        """Read the first line: until it has come, the connection is idle."""
        server, sock = self.server, self.conn.socket
        self.rfile.maxlen = server.url_length_limit - 1
        try:
            if not server.requests.reads(self.conn):
                return False
            sock.settimeout(server.idle_timeout)
            parent: Any = super()
            return parent.read_request_line()
        finally:
            server.requests.has_read(self.conn)
            sock.settimeout(server.socket_timeout)

    def read_request_headers(self) -> Any:
        """Read the headers."""
        server = self.server
        self.header_reader = _HeaderReader(server.max_header_line)
        self.rfile.maxlen = self.rfile.bytes_read + server.max_header_size
        parent: Any = super()
        return parent.read_request_headers()

    def send_headers(self) -> None:
        """Send the headers, which tell any client that this is the end."""
        names = {name.lower() for name, _ in self.outheaders}
        old = self.response_protocol == "HTTP/1.0"
        if old and b"content-length" not in names:
            self.close_connection = True  # nothing else tells the length
        if old and self.close_connection and b"connection" not in names:
            self.outheaders.append((b"Connection", b"close"))
        super().send_headers()


class _Connection(cheroot.server.HTTPConnection):
    """A connection whose requests are read with that care."""

    RequestHandlerClass = _Request
