"""Servers on this machine: git over HTTP, one that never answers, one that stops in the middle."""

from __future__ import annotations

import base64
import contextlib
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit


@dataclass
class GitServer:
    """The bare repositories below ``root``, served by `git http-backend`.

    ``login`` is "user:password" when one is wanted, ``stall`` how many bytes of the next answers
    with a pack go out before they stop until ``go_on`` is set; ``stalled`` tells that one has.
    ``asked`` are the requests, ``received`` and ``sent`` bytes of their bodies.
    """

    root: Path
    login: str = ""
    stall: int = 0
    url: str = ""
    asked: list[str] = field(default_factory=list)
    received: int = 0
    sent: int = 0
    stalled: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)


@contextlib.contextmanager
def git_server(root: Path, **given: str) -> Iterator[GitServer]:
    served = GitServer(root, **given)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _answer(self, served)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.url = f"http://127.0.0.1:{server.server_port}"
    with _running(partial(server.serve_forever, poll_interval=0.02)):
        try:
            yield served
        finally:
            served.go_on.set()
            server.shutdown()
            server.server_close()


def _answer(handler: BaseHTTPRequestHandler, served: GitServer) -> None:
    served.asked.append(f"{handler.command} {handler.path}")
    given = handler.headers.get("Authorization", "")
    if served.login and given != "Basic " + base64.b64encode(served.login.encode()).decode():
        handler.send_response(401)
        handler.send_header("WWW-Authenticate", 'Basic realm="git"')
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return
    body = _body(handler)
    served.received += len(body)
    parts = urlsplit(handler.path)
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_PROJECT_ROOT": str(served.root),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PATH_INFO": unquote(parts.path),
        "QUERY_STRING": parts.query,
        "REQUEST_METHOD": handler.command,
        "CONTENT_TYPE": handler.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_CONTENT_ENCODING": handler.headers.get("Content-Encoding", ""),
        "GIT_PROTOCOL": handler.headers.get("Git-Protocol", ""),
        "REMOTE_USER": "somebody",
        "REMOTE_ADDR": "127.0.0.1",
    }
    # it fails, too, when all that is wrong is what was asked for: its answer says so
    done = subprocess.run(["git", "http-backend"], env=environment, input=body, capture_output=True)
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    headers = [line.split(": ", 1) for line in head.decode().splitlines()]
    status = next((value for key, value in headers if key == "Status"), "200 OK")
    handler.send_response(int(status.split()[0]))
    for key, value in headers:
        if key != "Status":
            handler.send_header(key, value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    with contextlib.suppress(ConnectionError):
        if served.stall and b"packfile" in content[:200]:
            handler.wfile.write(content[: served.stall])
            handler.wfile.flush()
            served.stalled.set()
            served.go_on.wait(60)
            return
        handler.wfile.write(content)
        served.sent += len(content)


def _body(handler: BaseHTTPRequestHandler) -> bytes:
    if handler.headers.get("Transfer-Encoding") != "chunked":
        return handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
    parts = []
    while size := int(handler.rfile.readline(), 16):
        parts.append(handler.rfile.read(size))
        handler.rfile.readline()
    handler.rfile.readline()
    return b"".join(parts)


@contextlib.contextmanager
def silent_server() -> Iterator[str]:
    """The URL of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@contextlib.contextmanager
def nobody() -> Iterator[str]:
    """A URL where nothing listens, and nothing will: the port is taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@contextlib.contextmanager
def _running(serve: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        thread.join()
