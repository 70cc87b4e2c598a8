"""`eventlet.listen` becomes a helper of the same name, or `socket.create_server`.

With the setting `helpers` the project's own `listen` takes the same arguments and gives a socket
with the same options: SO_REUSEADDR, SO_REUSEPORT where the port is a fixed one, a backlog of 50,
any family, and an IPv6 wildcard as the system has it.

Without helpers it is `socket.create_server`, which is told the backlog in any case and
`reuse_port=True` for a fixed port; where the port is a name, `port != 0` says whether it is one.
`dualstack_ipv6` says that an IPv6 wildcard serves IPv4 too, by `family == socket.AF_INET6` where
the family is a name. It stays where the port or the family is computed in the call itself, since
that would be done twice, and where `reuse_addr` may be off, since `create_server` always sets it.

A native socket stands in the place of a green one. The finding asks what ends an `accept()`, since
closing a socket does not wake a thread that waits on it; where eventlet's WSGI server gets the
socket at once, and becomes the helper `wsgi_server`, which looks for that, nothing is asked.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.values import Sign, sign
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
_PARAMETERS = ("addr", "family", "backlog", "reuse_addr", "reuse_port")
_ACCEPT = (
    "what ends an accept() on it? A close() by another thread does not wake a thread that waits, "
    "where it ended a green one with an error"
)
_DUAL = (
    "an IPv6 wildcard takes IPv4 too, where eventlet left that to the system's "
    "net.ipv6.bindv6only, which is off as a rule"
)
_UNIX = (
    "can `{family}` be AF_UNIX? Newer kernels refuse SO_REUSEPORT there, which eventlet passed over"
)


class _Stays(Exception):
    """A call that `socket.create_server` cannot take the place of; the text says why."""


@dataclass(frozen=True, slots=True)
class _Server:
    """What `create_server` is told beyond address, family and backlog, and what to ask.

    ``shared`` and ``dual`` are the code of reuse_port and dualstack_ipv6, "" for what is not said.
    """

    shared: str = ""
    dual: str = ""
    checks: tuple[str, ...] = ()


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
    try:
        server = _server(use, facts)
    except _Stays as error:
        return Leave(
            message=f"`{use.path}` stays: {error}",
            why="eventlet.listen sets SO_REUSEADDR, SO_REUSEPORT for a fixed port and a backlog of "
            "50, for any family; socket.create_server does not",
            advice="set `helpers` to a module of the project, such as `pkg.concurrency`: then "
            "`listen` of it takes the same arguments. By hand: socket.create_server(address, "
            "backlog=50, reuse_port=True), with dualstack_ipv6=True for an IPv6 wildcard",
            setting="helpers",
        )
    assert use.call is not None
    make = partial(_create, _arguments(use.call), server)
    asked = "; ".join([*checks.values(), *server.checks])
    return Rewrite(
        message="`socket.create_server` gives a socket with the same options",
        why="it sets SO_REUSEADDR, and is told the rest",
        edits=(ReplaceExpression(use.call, make, "socket.create_server"),),
        checks={"C-SOCK": asked} if asked else {},
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


def _arguments(call: ast.Call) -> Mapping[str, ast.expr]:
    """The arguments of a call by parameter, in their order. Raises _Stays."""
    names = [*_PARAMETERS[: len(call.args)], *(item.arg for item in call.keywords)]
    values = [*call.args, *(item.value for item in call.keywords)]
    starred = any(isinstance(item, ast.Starred) for item in call.args)
    if starred or len(names) != len(values) or not set(names) <= set(_PARAMETERS):
        raise _Stays("not all of its arguments can be seen")
    if "addr" not in names:
        raise _Stays("not all of its arguments can be seen")
    return {str(name): value for name, value in zip(names, values, strict=True)}


def _server(use: Use, facts: Facts) -> _Server:
    """What `socket.create_server` is to be told. Raises _Stays."""
    if use.call is None:
        raise _Stays("it is not called")
    given = _arguments(use.call)
    if not _is_constant(given.get("reuse_addr"), True):
        raise _Stays("its address may not be one to be taken again")
    address, family = given["addr"], given.get("family")
    known = ast.unparse(family).rpartition(".")[2] if family is not None else "AF_INET"
    if known == "AF_UNIX":
        if "reuse_port" in given:
            raise _Stays("reuse_port is given with a path")
        return _Server()
    checks: tuple[str, ...] = ()
    if known == "AF_INET":
        dual = ""
    elif known == "AF_INET6":
        dual = "True" if _may_be_wildcard(address) else ""
    elif family is not None and _is_plain(family):
        dual = "{family} == {socket}.AF_INET6"
        checks = (_UNIX.format(family=ast.unparse(family)),)
    else:
        raise _Stays("its family is computed in the call, and would be twice")
    if dual:
        checks = (_DUAL, *checks)
    return _Server(_shared(address, given.get("reuse_port"), use, facts), dual, checks)


def _shared(address: ast.expr, reuse: ast.expr | None, use: Use, facts: Facts) -> str:
    """The code of reuse_port. Raises _Stays."""
    if reuse is not None and not isinstance(reuse, ast.Constant):
        raise _Stays("whether the port is shared is not written out")
    if isinstance(reuse, ast.Constant) and reuse.value is not None:
        return "True" if reuse.value else ""
    if not isinstance(address, ast.Tuple):
        if not _is_plain(address):
            raise _Stays("its address is computed in the call, and would be twice")
        return "{address}[1] != 0"
    if len(address.elts) < 2 or any(isinstance(item, ast.Starred) for item in address.elts[:2]):
        raise _Stays("its port is not written out")
    port = address.elts[1]
    if isinstance(port, ast.Constant):
        return "True" if port.value != 0 else ""
    if sign(port, use, facts) is Sign.POSITIVE:
        return "True"
    if not _is_plain(port.args[0] if _is_int(port) else port):  # type: ignore[attr-defined]
        raise _Stays("its port is computed in the call, and would be twice")
    return "{port} != 0"


def _is_plain(node: ast.expr) -> bool:
    """Whether an expression may be evaluated twice: a name, an attribute or an item of one."""
    while isinstance(node, ast.Attribute) or (
        isinstance(node, ast.Subscript) and isinstance(node.slice, (ast.Constant, ast.UnaryOp))
    ):
        node = node.value
    return isinstance(node, ast.Name)


def _is_int(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "int"
        and len(node.args) == 1
        and not node.keywords
    )


def _is_constant(node: ast.expr | None, value: object) -> bool:
    """Whether a parameter is not given, or as ``value``."""
    return node is None or (isinstance(node, ast.Constant) and node.value is value)


def _may_be_wildcard(address: ast.expr) -> bool:
    """Whether an address of IPv6 may stand for all of the machine, or for one of IPv4."""
    host = address.elts[0] if isinstance(address, ast.Tuple) and address.elts else None
    if not isinstance(host, ast.Constant) or not isinstance(host.value, str):
        return True
    return host.value in ("", "::") or host.value.lower().startswith(("::ffff:", "0:"))


def _create(
    given: Mapping[str, ast.expr], server: _Server, node: cst.BaseExpression, context: Context
) -> str:
    items = cst.ensure_type(node, cst.Call).args
    nodes = dict(zip(given, (item.value for item in items), strict=True))
    code = {name: context.value(value) for name, value in nodes.items()}
    arguments: list[Argument] = [code["addr"]]
    if "family" in code:
        arguments.append(f"family={code['family']}")
    arguments.append(f"backlog={code.get('backlog', _BACKLOG)}")
    address = nodes["addr"]
    port = ""
    if isinstance(address, cst.Tuple) and len(address.elements) > 1:
        port = context.value(address.elements[1].value)
    names = {
        "address": code["addr"],
        "port": port,
        "family": code.get("family", ""),
        "socket": context.name("socket"),
    }
    if server.shared:
        arguments.append(f"reuse_port={server.shared.format(**names)}")
    if server.dual:
        arguments.append(f"dualstack_ipv6={server.dual.format(**names)}")
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
