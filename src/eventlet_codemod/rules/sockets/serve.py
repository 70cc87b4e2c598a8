"""`eventlet.serve` and `StopServe` become helpers of the same names.

With the setting `helpers`, the project's own `serve` takes the same arguments: it accepts
connections, calls the handler with each in a thread of its own, and closes the connection when that
returns. When `concurrency` handlers run it takes no more. An error in a handler ends it with that
error, and a StopServe ends it quietly, as ever. Everything in a project that names StopServe is
rewritten with it, or nothing.

What differs is asked: how many threads that may be, and that eventlet printed a handler's error,
StopServe too, where `serve` only raises it.

Where a green thread runs `serve` and is killed, and nothing in the project names StopServe, it is
`ServeThread`, an accept loop with a thread of its own, whose `stop()` takes the place of `kill()`.

Without helpers it stays.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Leave, Rewrite, Rule, leave_in_doubt
from eventlet_codemod.rules.servers import _calls
from eventlet_codemod.rules.threads import _spawned

_SERVE = "eventlet.convenience.serve"
_STOP = "eventlet.convenience.StopServe"
_LIMIT = "1000"  # of eventlet and of the helper
_SHOWN = (
    "an error of a handler was printed before serve() raised it, and so was StopServe: now it is "
    "raised only"
)
_SHARED = "handlers run at the same time: is what they share guarded by a lock?"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Name the helper, or say how to do without."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return replace(doubt, together=_STOP)
    name = use.api.rpartition(".")[2]
    module = settings.helpers
    if module is None:
        return Leave(
            message=f"`{use.path}` stays: `helpers` names no module for it",
            why="a handler's exception ends eventlet.serve, and it limits its green threads; "
            "nothing in the standard library does both",
            advice="set `helpers` to a module of the project, such as `pkg.concurrency`: `serve` "
            "and `StopServe` of it are the same on threads. `eventlet-codemod explain EVT721` has "
            "a server on socketserver",
            setting="helpers",
            together=_STOP,
        )
    checks = {}
    stopped = _spawned.of_server(use, facts, settings)
    if stopped is not None and not stopped[1]:
        assert isinstance(use.parent, ast.Call)
        limit = _limit_in(use.parent.args[1:], use.parent.keywords)
        return Rewrite(
            message=f"`{module}.ServeThread` accepts in a thread of its own, until it is stopped",
            why="nothing native can be killed, and stop() ends the loop as kill() did",
            edits=(_calls.named(use, module, "ServeThread"),),
            checks={"C-BOUND": f"up to {limit} threads at a time", "C-ATOM": _SHARED},
            needs=(module,),
            helpers=("ServeThread", "StopServe", "serve"),
            setting="helpers",
            together=stopped[0],
        )
    if use.api == _SERVE:
        limit = _limit_of(use)
        checks = {"C-BOUND": f"up to {limit} threads at a time", "C-EXC": _SHOWN, "C-ATOM": _SHARED}
    return Rewrite(
        message=f"`{module}.{name}` takes the place of eventlet's",
        why="it takes the same arguments, and ends in the same ways",
        edits=(_calls.named(use, module, name),),
        checks=checks,
        needs=(module,),
        helpers=("StopServe", name) if name != "StopServe" else (name,),
        setting="helpers",
        together=_STOP,
    )


def _limit_of(use: Use) -> str:
    """How many handlers may run at a time, as it is written."""
    if use.call is None:
        return f"{_LIMIT}, or as many as are given,"
    return _limit_in(use.call.args, use.call.keywords)


def _limit_in(args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> str:
    given = {item.arg: item.value for item in keywords}
    if None in given or len(args) > 3 or any(isinstance(item, ast.Starred) for item in args):
        return "as many as are given"
    limit = args[2] if len(args) > 2 else given.get("concurrency")
    return ast.unparse(limit) if limit is not None else f"{_LIMIT}, the default,"


_SKETCH = '''\
import contextlib
import socketserver
import threading


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """A thread for each connection, up to a limit; the first error of a handler ends it."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 50

    def __init__(self, address, handle, concurrency):
        super().__init__(address, None)
        self.handle = handle
        self.slots = threading.BoundedSemaphore(concurrency)
        self.failure = None

    def process_request(self, request, client_address):
        self.slots.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request, client_address):
        failure = None
        try:
            self.handle(request, client_address)
        except BaseException as error:
            failure = error
        with contextlib.suppress(OSError):
            self.shutdown_request(request)
        self.slots.release()
        if failure is not None:
            self.failure = self.failure or failure
            self.shutdown()  # waits for serve_forever(), which runs in another thread


class StopServe(Exception):
    """Raised by a handler to end the server."""


def serve(address, handle, concurrency=64):
    with Server(address, handle, concurrency) as server:
        server.serve_forever()
    if not isinstance(server.failure, StopServe):
        raise server.failure
'''

rule = Rule(
    code="EVT721",
    family="sockets",
    step=2,
    summary="eventlet.serve and StopServe become helpers of these names",
    apis=frozenset({_SERVE, _STOP}),
    match=match,
    checks=("C-BOUND", "C-EXC", "C-ATOM"),
    relies_on="socket",
    settings=("helpers",),
    references=("NET-3", "NET-4"),
    example_settings={"helpers": "pkg.concurrency"},
    sketches={"the same without a helper, with socketserver": _SKETCH},
    before="""\
import eventlet


def echo(conn, addr):
    line = conn.recv(1024)
    if line == b"quit":
        raise eventlet.StopServe
    conn.sendall(line)


def run(listener):
    eventlet.serve(listener, echo, concurrency=100)
""",
    after="""\
from pkg import concurrency


def echo(conn, addr):
    line = conn.recv(1024)
    if line == b"quit":
        raise concurrency.StopServe
    conn.sendall(line)


def run(listener):
    concurrency.serve(listener, echo, concurrency=100)
""",
)
