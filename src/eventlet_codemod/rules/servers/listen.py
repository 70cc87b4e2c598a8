"""`eventlet.listen` becomes a helper of the same name, or `socket.create_server`.

With the setting `helpers` the project's own `listen` takes the same arguments and gives a socket
with the same options: SO_REUSEADDR, SO_REUSEPORT where the port is a fixed one, a backlog of 50,
any family, and an IPv6 wildcard as the system has it.

Without helpers it is `socket.create_server`, which does the same for IPv4 where the port is written
out: `reuse_port=True` for a fixed port, and the backlog in any case.

A native socket stands in the place of a green one. The finding asks what ends an `accept()`, since
closing a socket does not wake a thread that waits on it; where eventlet's WSGI server gets the
socket at once, and becomes the helper `wsgi_server`, which looks for that, nothing is asked.
"""

from __future__ import annotations

import ast
from functools import partial

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.layout import Argument
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.servers import _calls, _serving

_BACKLOG = "50"  # of eventlet; that of create_server is the system's
_ACCEPT = (
    "what ends an accept() on it? A close() by another thread does not wake a thread that waits, "
    "where it ended a green one with an error"
)


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Name the helper or call `socket.create_server`; leave what is neither."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    checks = {} if _is_served(use, facts, settings) else {"C-SOCK": _ACCEPT}
    module = settings.helpers
    if module is not None:
        return Rewrite(
            message=f"`{module}.listen` gives a socket with the same options",
            why="it takes the same arguments, and does with them what eventlet does",
            edits=(_calls.named(use, module, "listen"),),
            checks=checks,
            needs=(module,),
            helpers=("listen",),
            setting="helpers",
        )
    objection = _objection(use.call)
    if objection or use.call is None:
        return Leave(
            message=f"`{use.path}` stays: {objection}",
            why="eventlet.listen sets SO_REUSEADDR, SO_REUSEPORT for a fixed port and a backlog of "
            "50, for any family; socket.create_server does not",
            advice="set `helpers` to a module of the project, such as `pkg.concurrency`: then "
            "`listen` of it takes the same arguments. By hand: socket.create_server(address, "
            "backlog=50, reuse_port=True), with dualstack_ipv6=True for an IPv6 wildcard",
            setting="helpers",
        )
    return Rewrite(
        message="`socket.create_server` gives a socket with the same options",
        why="it sets SO_REUSEADDR, and is told the rest",
        edits=(ReplaceExpression(use.call, partial(_create, use.call), "socket.create_server"),),
        checks=checks,
        needs=("socket",),
        setting="helpers",
    )


def _is_served(use: Use, facts: Facts, settings: Settings) -> bool:
    """Whether a WSGI server that becomes the helper gets the socket, and nobody else."""
    server = facts.use_of_call.get(use.parents[-2])
    return (
        use.call is not None
        and server is not None
        and server.api == _serving.API
        and not _serving.objection_to(server, settings)
    )


def _objection(call: ast.Call | None) -> str:
    """Why `socket.create_server` cannot say the same."""
    if call is None:
        return "it is not called"
    known = {"family", "backlog", "reuse_port"}
    if len(call.args) != 1 or any(item.arg not in known for item in call.keywords):
        return "not only an address, a family, a backlog and reuse_port are given"
    given = {item.arg: item.value for item in call.keywords}
    address, family = call.args[0], given.get("family")
    if family is not None and ast.unparse(family).rpartition(".")[2] != "AF_INET":
        return "its family may be another than AF_INET"
    if not isinstance(address, ast.Tuple) or len(address.elts) != 2:
        return "its port is not written out"
    port = address.elts[1]
    if not isinstance(port, ast.Constant) or not isinstance(port.value, int):
        return "its port is not written out"
    reuse = given.get("reuse_port")
    if reuse is not None and not isinstance(reuse, ast.Constant):
        return "whether the port is shared is not written out"
    return ""


def _create(call: ast.Call, node: cst.BaseExpression, context: Context) -> str:
    assert isinstance(node, cst.Call) and isinstance(call.args[0], ast.Tuple)
    port = call.args[0].elts[1]
    given = {item.keyword.value: item.value for item in node.args if item.keyword is not None}
    arguments: list[Argument] = [context.value(node.args[0].value)]
    if "family" in given:
        arguments.append(f"family={context.value(given['family'])}")
    backlog = context.value(given["backlog"]) if "backlog" in given else _BACKLOG
    arguments.append(f"backlog={backlog}")
    reuse = next((k.value for k in call.keywords if k.arg == "reuse_port"), None)
    fixed = isinstance(port, ast.Constant) and port.value != 0
    shared = reuse.value if isinstance(reuse, ast.Constant) else None
    if fixed if shared is None else shared:
        arguments.append("reuse_port=True")
    return context.call(f"{context.name('socket')}.create_server", arguments)


rule = Rule(
    code="EVT702",
    family="servers",
    step=2,
    summary="eventlet.listen becomes a helper of that name, or socket.create_server",
    apis=frozenset({"eventlet.convenience.listen"}),
    match=match,
    checks=("C-SOCK",),
    relies_on="socket",
    settings=("helpers",),
    references=("NET-2",),
    before="""\
import eventlet


def bind():
    return eventlet.listen(("", 8080))
""",
    after="""\
import socket


def bind():
    return socket.create_server(("", 8080), backlog=50, reuse_port=True)
""",
)
