"""The smaller names of `eventlet.greenio` become what they stand for.

`socket_timeout` is `socket.timeout`. The sets of error numbers `SOCKET_BLOCKING`, `SOCKET_CLOSED`,
`CONNECT_ERR` and `CONNECT_SUCCESS` are written out. `set_nonblocking(sock)` is
`sock.setblocking(False)`, which it calls; for what has no such method, that is asked.

What only green sockets call (`socket_connect`, `GreenFileIO`, …) stays, with what to call in its
place.
"""

from __future__ import annotations

import ast
from functools import partial

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)

_GREENIO = "eventlet.greenio."
_ERRORS = {
    "CONNECT_ERR": ("EINPROGRESS", "EALREADY", "EWOULDBLOCK"),
    "CONNECT_SUCCESS": ("0", "EISCONN"),
    "SOCKET_BLOCKING": ("EAGAIN", "EWOULDBLOCK", "ENOTCONN"),
    "SOCKET_CLOSED": ("ECONNRESET", "ESHUTDOWN", "EPIPE"),
}
_LEFT = {
    "BUFFER_SIZE": "write a size: it was 4096, and io.DEFAULT_BUFFER_SIZE is the one of Python",
    "DEFAULT_BUFFER_SIZE": "take io.DEFAULT_BUFFER_SIZE",
    "GreenFileIO": "open the descriptor with os.fdopen(fd, mode), or io.FileIO(fd, mode) for one "
    "without a buffer",
    "GreenPipe": "open the descriptor with os.fdopen(fd, mode), in a function of its own where one "
    "is handed on",
    "SSL": "catch ssl.SSLWantReadError and ssl.SSLWantWriteError, or import SSL from OpenSSL",
    "shutdown_safe": "call sock.shutdown(socket.SHUT_RDWR) and ignore ENOTCONN, EBADF and "
    "ENOTSOCK, in a function of its own where one is handed on",
    "socket_accept": "call sock.accept(); for a non-blocking socket catch BlockingIOError",
    "socket_checkerr": "error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), and raise "
    "OSError(error, os.strerror(error)) unless it is 0",
    "socket_connect": "call sock.connect(address); for a non-blocking socket connect_ex(), and "
    "wait with select until it can be written",
}
_OTHER = "use the plain socket or file object, which needs nothing of the kind"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Write out what the name stands for."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    assert isinstance(use.node, ast.expr)
    name = use.api.removeprefix(_GREENIO)
    if name in _ERRORS:
        return Rewrite(
            message=f"the error numbers of `{name}` are written out",
            why="these are the ones on anything but Windows",
            edits=(ReplaceExpression(use.node, partial(_errors, _ERRORS[name])),),
            needs=("errno",),
        )
    if name == "socket_timeout":
        edit = ReplaceExpression(use.node, lambda _, c: f"{c.name('socket')}.timeout")
        return Rewrite(
            message="`socket.timeout` is the same class",
            why="eventlet only gives it another name",
            edits=(edit,),
            needs=("socket",),
        )
    call = use.call
    simple = call is not None and len(call.args) == 1 and not call.keywords
    if name == "set_nonblocking" and call is not None and simple:
        given = call.args[0]
        if isinstance(given, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
            told = f"has `{ast.unparse(given)}` a setblocking()?"
            return Rewrite(
                message="`setblocking(False)` makes the socket non-blocking",
                why="it is what eventlet calls",
                edits=(ReplaceExpression(call, _set_blocking),),
                checks={"C-TYPE": f"{told} For a file it is os.set_blocking(file.fileno(), False)"},
            )
    return Leave(
        message=f"`{use.path}` stays: it belongs to green sockets",
        why="nothing in the standard library has the same name and meaning",
        advice=_LEFT.get(name.partition(".")[0], _OTHER),
    )


def _errors(names: tuple[str, ...], node: cst.BaseExpression, context: Context) -> str:
    errno = context.name("errno")
    return f"{{{', '.join(n if n.isdigit() else f'{errno}.{n}' for n in names)}}}"


def _set_blocking(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    sock = cst.ensure_type(node, cst.Call).args[0].value
    return cst.Call(cst.Attribute(sock, cst.Name("setblocking")), [cst.Arg(cst.Name("False"))])


rule = Rule(
    code="EVT724",
    family="sockets",
    step=1,
    summary="the smaller names of greenio become what they stand for",
    apis=frozenset({"eventlet.greenio.*"}),
    match=match,
    checks=("C-TYPE",),
    references=("GIO-4", "GIO-5"),
    before="""\
from eventlet import greenio


def receive(sock):
    try:
        return sock.recv(100)
    except greenio.socket_timeout:
        return None
    except OSError as error:
        if error.errno in greenio.SOCKET_CLOSED:
            return b""
        raise
""",
    after="""\
import errno
import socket


def receive(sock):
    try:
        return sock.recv(100)
    except socket.timeout:
        return None
    except OSError as error:
        if error.errno in {errno.ECONNRESET, errno.ESHUTDOWN, errno.EPIPE}:
            return b""
        raise
""",
)
