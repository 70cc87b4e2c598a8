"""`GreenSocket` is the socket that it makes, or the one that it wraps.

`GreenSocket(AF_INET, SOCK_STREAM)` becomes `socket.socket` with the same arguments, and
`GreenSocket(sock)` becomes `sock` itself. Under `monkey_patch()` a plain socket is a GreenSocket
already, unless it was made before. Where it cannot be seen what is wrapped, that is asked. Where
the class stands for a type it becomes `socket.socket`.

It stays where a class derives from it, or it is handed on.
"""

from __future__ import annotations

import ast

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.carried import last_name
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.locations import is_type_position
from eventlet_codemod.rules.sync._alike import has_stars

#: Calls that give a socket.
_MAKE = frozenset({"accept", "create_connection", "create_server", "dup", "fromfd", "socket"})
_SOCKET = "socket.socket"
_WHY = "under monkey_patch() a plain socket is a green one, and natively nothing has to be green"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Make the plain socket, or take the one that is wrapped."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    call = use.call
    if call is None:
        return _class(use)
    given = {item.arg for item in call.keywords}
    if has_stars(call) or "set_nonblocking" in given:
        return _leave(use, "not all of its arguments are those of a socket")
    first = call.args[0] if call.args else None
    if first is None or len(call.args) > 1 or given or _is_family(first):
        return _rewrite(use, f"`{_SOCKET}` makes the socket", use.node, {})
    kind = _is_socket(first)
    if kind is False:
        return _leave(use, "it may make a socket or wrap one")
    told = f"`{ast.unparse(first)}`"
    checks = {
        "C-SOCK": f"{told} must be blocking by now, or have its limit: the GreenSocket around it "
        "behaved like a blocking one, and had a limit of its own"
    }
    if kind is None:
        checks["C-TYPE"] = f"is {told} a socket? A number is the family of a new one"
        checks["C-EARLY"] = (
            f"was {told} made before monkey_patch() was called, or taken from a parent? It is a "
            "plain one then, which blocks the hub as long as there is one"
        )
    return _rewrite(use, "the socket that was wrapped takes its place", call, checks)


def _class(use: Use) -> Decision:
    """The decision for the class as a value."""
    holder = use.parents[-2] if isinstance(use.parent, ast.Tuple) else use.parent
    asked = isinstance(holder, ast.Call) and last_name(holder.func) in ("isinstance", "issubclass")
    if asked or is_type_position(use):
        return _rewrite(use, f"`{_SOCKET}` is the type", use.node, {})
    return _leave(use, "the class itself is used")


def _rewrite(use: Use, message: str, node: ast.AST, checks: dict[str, str]) -> Rewrite:
    assert isinstance(node, ast.expr)
    if node is use.call:
        return Rewrite(
            message=message, why=_WHY, edits=(ReplaceExpression(node, _argument),), checks=checks
        )
    edit = ReplaceExpression(node, lambda _, context: f"{context.name('socket')}.socket", _SOCKET)
    return Rewrite(message=message, why=_WHY, edits=(edit,), checks=checks, needs=("socket",))


def _leave(use: Use, objection: str) -> Leave:
    return Leave(
        message=f"`{use.path}` stays: {objection}",
        why="a GreenSocket makes a socket of a family, or wraps one and makes it non-blocking",
        advice="call socket.socket(family, type) for a new one; use the socket that is wrapped "
        "itself, after setblocking(True) where it was made non-blocking; derive from socket.socket",
    )


def _is_family(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return type(node.value) is int
    name = last_name(node)
    return name.startswith("AF_") or "family" in name.lower()


def _is_socket(node: ast.expr) -> bool | None:
    """Whether an expression is a socket; None where its name says so."""
    if isinstance(node, ast.Subscript):  # of accept()
        return _is_socket(node.value) if isinstance(node.value, ast.Call) else False
    if isinstance(node, ast.Call):
        return last_name(node.func) in _MAKE
    name = last_name(node).lower()
    return None if any(part in name for part in ("sock", "conn", "client", "listen")) else False


def _argument(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    return cst.ensure_type(node, cst.Call).args[0].value


rule = Rule(
    code="EVT723",
    family="sockets",
    step=1,
    summary="a GreenSocket becomes the plain socket that it makes or wraps",
    apis=frozenset({"eventlet.greenio.GreenSocket"}),
    match=match,
    checks=("C-SOCK", "C-TYPE", "C-EARLY"),
    relies_on="socket",
    references=("GIO-1", "NET-7"),
    before="""\
import socket

from eventlet import greenio


def open_socket():
    sock = greenio.GreenSocket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(5)
    return sock
""",
    after="""\
import socket


def open_socket():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(5)
    return sock
""",
)
