"""What `eventlet.wsgi` has beside its server belongs to that server.

A subclass of `HttpProtocol` becomes what it does: middleware where it looks at requests or logs
them, a setting of the new server where it changes how HTTP is read. Constants are written out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Leave, Rule
from eventlet_codemod.rules.rare import _by_hand
from eventlet_codemod.rules.servers import _protocol

_CODE = "EVT743"
_WHY = "it belongs to eventlet's WSGI server, and goes with that"
_WSGI = "eventlet.wsgi"
_LOGGER = _by_hand.see("log by middleware to a logging.Logger", _CODE)
_STATE = "leave it to the new server to know which connections rest"
_SIZE = "set the limit of the new server: `max_request_header_size` of cheroot"
_TAKEN = (
    "an application that answers by the socket itself returns this: serve what it speaks by a "
    "server for that, and return an answer like any other here"
)
_ADVICE = {
    _WSGI: "see what it does for the server, and say it to the one that takes its place",
    f"{_WSGI}.server": "hand on a function that calls the new server",
    f"{_WSGI}.Server": "hold the new server itself",
    f"{_WSGI}.HttpProtocol": _by_hand.see(
        "do by middleware what looks at requests or logs them; for how HTTP is read, see the "
        "settings of the new server",
        _CODE,
    ),
    f"{_WSGI}.WSGI_LOCAL": _TAKEN,
    f"{_WSGI}.ALREADY_HANDLED": _TAKEN,
    f"{_WSGI}.Input": "read environ['wsgi.input'], which every server gives",
    f"{_WSGI}.FileObjectForHeaders": "leave reading of headers to the new server",
    f"{_WSGI}.LoggerFileWrapper": _LOGGER,
    f"{_WSGI}.LoggerNull": _LOGGER,
    f"{_WSGI}.get_logger": _LOGGER,
    f"{_WSGI}.DEFAULT_LOG_FORMAT": _LOGGER,
    f"{_WSGI}.DEFAULT_MAX_SIMULTANEOUS_REQUESTS": "write out how many threads may serve: 1024 was "
    "the number of green threads",
    f"{_WSGI}.DEFAULT_MAX_HTTP_VERSION": 'write "HTTP/1.1"',
    f"{_WSGI}.MAX_REQUEST_LINE": _SIZE,
    f"{_WSGI}.MAX_HEADER_LINE": _SIZE,
    f"{_WSGI}.MAX_TOTAL_HEADER_SIZE": _SIZE,
    f"{_WSGI}.MINIMUM_CHUNK_SIZE": "write 4096, and let the application give parts of that size",
    f"{_WSGI}.HeaderLineTooLong": "leave it to the new server to answer 400 or 413",
    f"{_WSGI}.HeadersTooLarge": "leave it to the new server to answer 400 or 413",
    f"{_WSGI}.ChunkReadError": "catch what read() of the new server's wsgi.input raises",
    f"{_WSGI}.RESPONSE_414": "leave it to the new server to answer 414",
    f"{_WSGI}.STATE_CLOSE": _STATE,
    f"{_WSGI}.STATE_IDLE": _STATE,
    f"{_WSGI}.STATE_REQUEST": _STATE,
    f"{_WSGI}.ACCEPT_ERRNO": "write the set out: EPIPE, EBADF, ECONNRESET",
    f"{_WSGI}.ACCEPT_EXCEPTIONS": "catch OSError, which it stands for",
    f"{_WSGI}.BAD_SOCK": "write the set out: EBADF",
    f"{_WSGI}.BROKEN_SOCK": "write the set out: EPIPE, ECONNRESET, ESHUTDOWN",
    f"{_WSGI}.format_date_time": "call email.utils.formatdate(seconds, usegmt=True)",
    f"{_WSGI}.addr_to_host_port": "take address[:2] of a TCP address, and the path of another",
    f"{_WSGI}.socket_repr": "format sock.getsockname()",
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave it, with what takes its place."""
    decision = _by_hand.leave(use, "", _WHY, _ADVICE)
    if isinstance(decision, Leave) and use.api == f"{_WSGI}.HttpProtocol":
        told = list(_told_of(use.parent))
        if told:
            advice = f"in the class: {'; '.join(told)}. {decision.advice}"
            if isinstance(use.parent, ast.ClassDef) and _names_clients(use.parent, use):
                advice = (
                    "delete the class, with its tests: all that it does is to name clients of a "
                    "UNIX socket, which the helper `wsgi_server` calls `unix` in REMOTE_ADDR"
                )
            return replace(decision, advice=advice)
    return decision


def _names_clients(owner: ast.ClassDef, use: Use) -> bool:
    named = ast.Name(owner.name, ast.Load())
    return _protocol.only_names_clients(named, use) is owner


#: By what a subclass of HttpProtocol overrides or sets: what does the same for another server.
_HOOKS = {
    "log_message": "middleware that logs, or the log format of the new server",
    "log_request": "middleware that logs, or the log format of the new server",
    "log_error": "middleware that logs, or the log format of the new server",
    "get_environ": "middleware that changes the environ",
    "handle_one_response": "middleware around the application",
    "handle_one_request": "middleware that answers first, or a limit of the new server",
    "address_string": "middleware that sets REMOTE_ADDR",
    "setup": "options of the listening socket, or a timeout of the new server",
    "__init__": "REMOTE_ADDR, where a UNIX socket has none, is set by middleware",
    "minimum_chunk_size": "parts of that size from the application",
    "disable_nagle_algorithm": "nothing: others set TCP_NODELAY",
    "protocol_version": "nothing: others answer by HTTP/1.1",
    "timeout": "a timeout of the new server",
}


def _told_of(node: ast.AST) -> Iterator[str]:
    """What becomes of each part of a class that derives from HttpProtocol."""
    for item in node.body if isinstance(node, ast.ClassDef) else ():
        targets = getattr(item, "targets", [])
        name = getattr(item, "name", getattr(targets[0], "id", "") if targets else "")
        if name in _HOOKS:
            yield f"`{name}` (line {item.lineno}) becomes: {_HOOKS[name]}"


_SKETCH = '''\
import logging
import time

LOG = logging.getLogger(__name__)


class AccessLog:
    """What log_message() of a protocol, or log= of the server, did: as WSGI middleware."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        begun = time.monotonic()
        answered = []

        def start(status, headers, exc_info=None):
            answered[:] = [status.partition(" ")[0]]
            return start_response(status, headers, exc_info)

        length = 0
        body = self.application(environ, start)
        try:
            for part in body:
                length += len(part)
                yield part
        finally:
            if hasattr(body, "close"):
                body.close()
            LOG.info(
                '%s "%s %s" status: %s len: %d time: %.7f',
                environ.get("REMOTE_ADDR", "-"),
                environ["REQUEST_METHOD"],
                environ.get("PATH_INFO", ""),
                *answered or ["-"],
                length,
                time.monotonic() - begun,
            )
'''

_EXAMPLE = """\
from eventlet import wsgi


class Quiet(wsgi.HttpProtocol):
    def log_message(self, text, *args):
        pass
"""

rule = Rule(
    code=_CODE,
    family="rare",
    step=2,
    summary="parts of eventlet's WSGI server are left, with what does the same for any server",
    apis=frozenset({f"{_WSGI}.*"}),
    match=match,
    references=("4.12",),
    sketches={"an access log for any server": _SKETCH},
    before=_EXAMPLE,
    after=_EXAMPLE,
)
