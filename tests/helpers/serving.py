"""What the tests of the server share: programs that serve, and a client that speaks plainly."""

from __future__ import annotations

import re
import socket
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 20  # seconds; only a hang comes near it

#: A certificate for localhost with its key, of no use anywhere else.
PEM = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYhxRIWpJWCmJGSmf
B48c+DEJ/qiADnh3efo8srgAPqShRANCAARYvyX7k55D6F1rclDP4BApMKlLx+5k
e7O3YH3YFRsAUxP5ui1kfc/2KoMxCY9OsZFRl/b0o5pBMu0iYNsS1MKk
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUM8IgwWgRFlP7qb0xeR/gbKUr1WowCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzEwMjAzMFoYDzIxMjYxMTAz
MTAyMDMwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARYvyX7k55D6F1rclDP4BApMKlLx+5ke7O3YH3YFRsAUxP5ui1kfc/2
KoMxCY9OsZFRl/b0o5pBMu0iYNsS1MKko28wbTAdBgNVHQ4EFgQUM3NprnrK2Fah
2Ears5KdhhNLc8YwHwYDVR0jBBgwFoAUM3NprnrK2Fah2Ears5KdhhNLc8YwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAIIealI40Yl+ig+hB/H7zNSu4zIFVxvJwFbl1QQNdP02AiAu
EO5au2LHttnHbWWfkcoCD9KLqSfFou4lbsMJLuPQpg==
-----END CERTIFICATE-----
"""

#: An application with what the requests of the tests ask for.
APPLICATION = """
import sys

called = []

def application(environ, start_response):
    path = environ["PATH_INFO"]
    text = [("content-type", "text/plain")]
    if path == "/raise":
        raise ValueError("on purpose")
    if path == "/late":
        start_response("200 OK", text)
        def body():
            yield b"x" * 5000
            raise ValueError("too late")
        return body()
    if path == "/silent":
        return [b"no start_response"]
    if path == "/twice":
        start_response("200 OK", text)
        start_response("201 Created", text)
        return [b"made"]
    if path == "/none":
        start_response("204 No Content", [])
        return []
    if path == "/write":
        start_response("200 OK", text)(b"written, ")
        return [b"returned"]
    if path == "/parts":
        start_response("200 OK", text)
        return (b"part %d;" % number for number in range(3))
    if path == "/large":
        start_response("200 OK", text)
        return (b"y" * 3000 for number in range(3))
    if path == "/odd":
        start_response("200 OK", [*text, ("x-mIXed-case", "1"), ("X-Number", 7)])
        return ["a str, ", b"and bytes"]
    if path == "/ignore":
        start_response("200 OK", text)
        return [b"unread"]
    if path == "/hooks":
        prefix = "wsgi_server" if "wsgi_server.posthooks" in environ else "eventlet"
        environ[f"{prefix}.minimum_write_chunk_size"] = 1
        hooks = environ[f"{prefix}.posthooks"]
        hooks.append((lambda env, *args, **options: called.append((args, options)), (1,), {"x": 2}))
        start_response("200 OK", text)
        return (part for part in (b"a", b"b"))
    if path == "/hooked":
        start_response("200 OK", text)
        return [repr(called).encode()]
    if path == "/exit":
        sys.exit(3)
    body = environ["wsgi.input"].read()
    names = ("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "RAW_PATH_INFO", "QUERY_STRING",
             "CONTENT_TYPE", "CONTENT_LENGTH", "SERVER_NAME", "SERVER_PROTOCOL", "REMOTE_ADDR",
             "GATEWAY_INTERFACE", "HTTPS", "wsgi.url_scheme", "wsgi.multithread", "wsgi.version",
             "own.key")
    told = {name: environ[name] for name in names if name in environ}
    told |= {name: value for name, value in environ.items() if name.startswith("HTTP_")}
    answer = "\\n".join(f"{name}={value}" for name, value in sorted(told.items()))
    start_response("200 OK", text)
    return [f"{answer}\\nbody={body!r}\\n".encode()]
"""


def certificate(directory: Path) -> str:
    """Write the certificate with its key to ``localhost.pem``, and return the path."""
    file = directory / "localhost.pem"
    file.write_text(PEM, encoding="ascii")
    return str(file)


def connect(port: int, *, tls: bool = False) -> socket.socket:
    """A connection to a server on this machine."""
    sock: socket.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        sock = context.wrap_socket(sock)
    return sock


def everything(sock: socket.socket, until: Callable[[bytes], Any] = lambda data: False) -> bytes:
    """What a server sends before it closes the connection, or until that holds."""
    data = b""
    while not until(data):
        try:
            part = sock.recv(1 << 16)
        except ConnectionResetError:
            break
        if not part:
            break
        data += part
    return data


def exchange(port: int, request: bytes, *, tls: bool = False) -> bytes:
    """What a server answers to all that is sent on one connection."""
    with connect(port, tls=tls) as sock:
        sock.sendall(request)
        return everything(sock)


def plain(answer: bytes) -> str:
    """An answer without what may differ: the date, the server's name, the order of headers."""
    found = []
    for part in re.split(rb"(?=HTTP/1\.[01] \d\d\d )", answer):
        head, _, body = part.partition(b"\r\n\r\n")
        status, *headers = head.decode("latin-1").split("\r\n")
        known = sorted(line for line in headers if not re.match(r"(?i)(date|server):", line))
        found += [status, *known, body.decode("latin-1")]
    return "\n".join(found).strip()
