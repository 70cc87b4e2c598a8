"""Settings by which uWSGI serves what eventlet's server served."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eventlet_codemod.rules.servers._served import Served

NAME = "uwsgi"
TAIL = "_uwsgi.ini"
NEEDS = "uWSGI 2.0.22 or later"
UNKNOWN = "HOST:PORT"

_LARGEST = 65535  # bytes of a request's head, the most that a buffer may have
_KEPT = 75  # seconds, where eventlet had no limit
_NO_LIMIT = 3600  # seconds: uWSGI has no word for it, and 4 or 60 by default

_FIELDS = {
    "client_ip": "%(addr)",
    "date_time": "%(ltime)",
    "request_line": "%(method) %(uri) %(proto)",
    "status_code": "%(status)",
    "body_length": "%(rsize)",
    "wall_seconds": "%(msecs)ms",
}


def command(path: str, bind: str) -> str:
    """How to start it; ``bind`` is what the file does not say."""
    return f"uwsgi --ini {path}" + (f" --http {bind}" if bind else "")


def lost(served: Served) -> Iterator[tuple[str, str]]:
    """What uWSGI has no setting for, or does otherwise."""
    yield from served.lost.items()
    yield "chunked requests", "uwsgi.chunked_read() has their body, and wsgi.input nothing"
    yield "errors", "an exception of the application ends the connection, without an answer 500"
    yield "underscores", "X_User is X-User to the application, where eventlet dropped it"
    if served.request_line.value != _LARGEST:
        yield "url_length_limit", "only a whole head of 64 KiB is too long"
    if served.backlog.value > 128:
        yield "backlog", "uWSGI does not start where net.core.somaxconn is less"
    if served.logs.value and log_format(served.log_format.value) is None:
        yield "log_format", "it has fields of its own: the format is uWSGI's"


def log_format(text: str) -> str | None:
    """A format of eventlet's log in uWSGI's words; None if a field has none."""
    names = re.findall(r"%\((\w+)\)", text)
    if not set(names) <= _FIELDS.keys() or text.count("%") != len(names):
        return None
    return re.sub(r"%\((\w+)\)[-+ #0-9.]*[a-zA-Z]", lambda match: _FIELDS[match[1]], text)


def settings(served: Served, target: str, path: str, place: str, width: int) -> str:
    """The text of the file."""
    bind = UNKNOWN if not served.bind.value else ""
    head = (
        f"; How uWSGI serves what {place} served:\n"
        ";\n"
        f";     {command(path, bind)}\n"
        ";\n"
        "; eventlet-codemod wrote this file. It belongs to this project now.\n"
    )
    return "\n".join([head, "[uwsgi]", *_lines(served, target, path), ""])


def _lines(served: Served, target: str, path: str) -> Iterator[str]:
    yield "strict = true"
    yield f"module = {target}"
    if path.startswith("src/"):
        yield "pythonpath = src"
    yield "need-app = true"
    yield "; each worker makes the application, and its threads, itself"
    yield "lazy-apps = true"
    yield "single-interpreter = true"
    yield ""
    yield from _sockets(served)
    yield ""
    yield "; one process, as before; more of them share no memory"
    yield "master = true"
    yield "processes = 1"
    yield f"; requests at a time: {served.threads.origin}; all are started at once"
    yield f"threads = {served.threads.value}"
    yield "enable-threads = true"
    yield "; SIGTERM stops it, and waits so many seconds for requests; eventlet had no limit"
    yield "die-on-term = true"
    yield "exit-on-reload = true"
    yield "hook-master-start = unix_signal:15 gracefully_kill_them_all"
    yield "worker-reload-mercy = 30"
    yield ""
    yield f"buffer-size = {_LARGEST}"
    if not served.logs.value:
        yield f"; {served.logs.origin}"
        yield "disable-logging = true"
    elif known := log_format(served.log_format.value):
        yield f"; {served.log_format.origin}"
        yield f"log-format = {known}"
    yield ""
    yield "; What has no counterpart here, or is otherwise:"
    yield from (f"; - {name}: {said}." for name, said in sorted(dict(lost(served)).items()))


def _sockets(served: Served) -> Iterator[str]:
    """A router before the worker keeps connections; without one each is for one request."""
    kept, origin = served.keep_alive.value, served.keep_alive.origin
    seconds = max(int(served.timeout.value), 1) if served.timeout.value else _NO_LIMIT
    routed = kept != 0
    address = served.bind.value.removeprefix("unix:")
    if served.tls:
        key = served.tls.get("keyfile", served.tls["certfile"])
        parts = [address, served.tls["certfile"], key, served.tls.get("ciphers", "")]
        yield f"; {served.bind.origin}, wrap_ssl; takes a uWSGI that is built with OpenSSL"
        yield f"{'https' if routed else 'https-socket'} = {','.join(filter(None, parts))}"
    elif address:
        yield f"; {served.bind.origin}"
        yield f"{'http' if routed else 'http-socket'} = {address}"
    else:
        yield f"; {served.bind.origin} is not written out: give --http {UNKNOWN}"
    yield f"; {served.backlog.origin}"
    yield f"listen = {served.backlog.value}"
    yield f"; {served.timeout.origin}"
    yield f"socket-timeout = {seconds}"
    if routed:
        yield f"http-timeout = {seconds}"
        yield f"http-headers-timeout = {seconds}"
        yield f"http-buffer-size = {_LARGEST}"
        if kept is None:
            kept = served.timeout.value or _KEPT
        yield f"; {origin}"
        yield f"http-keepalive = {max(int(kept), 1)}"
        yield "http-auto-chunked = true"
