"""`eventlet.connect`, and `wrap_ssl` around a client's socket, are small functions of the project.

Without helpers, `connect` with a host and a port becomes `socket.create_connection`, which may also
find the host by IPv6. Of another address, or another family, it stays.

With the setting `helpers`, the project's own `connect` opens the same socket, and its `wrap_ssl`
makes the same TLS of it. That verifies no certificate, as eventlet's never did, whatever it was
told: the reviewer is asked whether it may stay so. Where `cert_reqs` or `ca_certs` say that
somebody meant to verify, or another argument asks for more than a certificate of its own, it stays,
and so does a socket that may listen: eventlet makes a server of that, also where `server_side` is
not given. One that certainly does, since the function makes it by `listen`, is wrapped by
`wrap_server`. `CERT_NONE` and `None` ask for nothing, and go.

Tests that patch these functions follow, since the arguments are the same.
"""

from __future__ import annotations

import ast

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.sockets import _tls
from eventlet_codemod.rules.sync import _alike

_CONNECT = "eventlet.convenience.connect"
_WRAP = "eventlet.convenience.wrap_ssl"
_CONNECTS = ("addr", "family", "bind")
_SOCK = (
    "a reset connection raises ConnectionResetError instead of reading as empty, and names resolve "
    "through the system"
)
_FAMILIES = (
    "a host that has addresses of IPv6 is asked by those first, and a default timeout holds for "
    "the connection too"
)


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on what opens a client's socket or wraps one."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    if use.api == _CONNECT:
        return _connect(use, settings)
    if use.call is None or is_server(use.call):
        return None  # another rule's
    wrapping = _tls.read(use, facts)
    if wrapping.objection:
        return Leave(
            message=f"this wrap_ssl stays: {wrapping.objection}",
            why="eventlet verifies nothing, whatever it is told, and an SSLContext would",
            advice=_tls.advice(wrapping.objection),
        )
    if settings.helpers is None:
        return None
    edit: Edit = _alike.rename_class(use, settings.helpers, wrapping.helper)
    edit = _tls.renamed(use, settings.helpers, wrapping) if wrapping.dropped else edit
    asked = {"C-SOCK": _SOCK, "C-TLS": _tls.question(use)}
    return _helper(
        settings.helpers, wrapping.helper, edit, asked if wrapping.helper == _tls.CLIENT else {}
    )


def _helper(module: str, name: str, edit: Edit, checks: dict[str, str]) -> Rewrite:
    return Rewrite(
        message=f"`{module}.{name}` takes the place of eventlet's",
        why="it does the same with a socket of the standard library",
        edits=(edit,),
        checks=checks,
        needs=(module,),
        helpers=(name,),
        setting="helpers",
    )


def _connect(use: Use, settings: Settings) -> Decision:
    """The decision on a `connect`, called or handed on."""
    module, call = settings.helpers, use.call
    if module is not None:
        edit = _alike.rename_class(use, module, "connect")
        return _helper(module, "connect", edit, {"C-SOCK": _SOCK})
    objection = _objection(call)
    if objection or call is None:
        return Leave(
            message=f"`{use.path}` stays: {objection}",
            why="create_connection takes a host and a port, and finds out the family",
            advice="set `helpers` to a module of the project, such as `pkg.concurrency`: `connect` "
            "of it takes the same arguments. By hand: sock = socket.socket(family, "
            "socket.SOCK_STREAM), bind() where that was asked for, and sock.connect(address)",
            setting="helpers",
        )
    names = [*_CONNECTS[: len(call.args)], *(item.arg for item in call.keywords)]
    address = names.index("addr")
    source = names.index("bind") if "bind" in names else None

    def make(node: cst.BaseExpression, context: Context) -> str:
        items = [context.value(item.value) for item in cst.ensure_type(node, cst.Call).args]
        bound = [] if source is None else [f"source_address={items[source]}"]
        return context.call(f"{context.name('socket')}.create_connection", [items[address], *bound])

    same = names == ["addr"] and not call.keywords  # else no mock follows
    followed = "socket.create_connection" if same else ""
    return Rewrite(
        message="`socket.create_connection` opens the connection",
        why="it resolves the host and connects to it",
        edits=(ReplaceExpression(call, make, followed),),
        checks={"C-SOCK": f"{_FAMILIES}; {_SOCK}"},
        needs=("socket",),
        setting="helpers",
    )


def _objection(call: ast.Call | None) -> str:
    """Why `socket.create_connection` cannot say the same."""
    if call is None:
        return "it is not called"
    names = [*_CONNECTS[: len(call.args)], *(item.arg for item in call.keywords)]
    values = [*call.args, *(item.value for item in call.keywords)]
    if len(values) != len(names) or not set(names) <= set(_CONNECTS):
        return "its arguments cannot be told apart"
    given = dict(zip(names, values, strict=True))
    address, family = given.get("addr"), given.get("family")
    if family is not None and ast.unparse(family).rpartition(".")[2] != "AF_INET":
        return "its family may be another than AF_INET"
    if not isinstance(address, ast.Tuple) or len(address.elts) != 2:
        return "its host and port are not written out"
    return ""


def is_server(call: ast.Call) -> bool:
    """Whether the call may wrap a server's end."""
    given = {item.arg: item.value for item in call.keywords}
    side = given.get("server_side", call.args[3] if len(call.args) > 3 else None)
    return side is not None and not (isinstance(side, ast.Constant) and side.value is False)


_VERIFIED = """\
import ssl


def wrap(sock, host, ca_certs=None, certfile=None, keyfile=None):
    context = ssl.create_default_context(cafile=ca_certs)  # without a file: the system's
    if certfile is not None:
        context.load_cert_chain(certfile, keyfile)
    return context.wrap_socket(sock, server_hostname=host)
"""
_TRUSTING = """\
import ssl


def wrap(sock, certfile=None, keyfile=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if certfile is not None:
        context.load_cert_chain(certfile, keyfile)
    return context.wrap_socket(sock)
"""

rule = Rule(
    code="EVT720",
    family="sockets",
    step=1,
    summary="a client's socket is opened, and wrapped for TLS, without eventlet",
    apis=frozenset({_CONNECT, _WRAP}),
    match=match,
    checks=("C-SOCK", "C-TLS"),
    relies_on="socket",
    settings=("helpers",),
    references=("NET-1", "NET-5"),
    example_settings={"helpers": "pkg.concurrency"},
    sketches={
        "a client that verifies from now on": _VERIFIED,
        "a client that goes on trusting whoever answers": _TRUSTING,
    },
    before="""\
import eventlet


def ask(address, question, certfile):
    sock = eventlet.wrap_ssl(eventlet.connect(address), certfile=certfile)
    sock.sendall(question)
    return sock.recv(4096)
""",
    after="""\
from pkg import concurrency


def ask(address, question, certfile):
    sock = concurrency.wrap_ssl(concurrency.connect(address), certfile=certfile)
    sock.sendall(question)
    return sock.recv(4096)
""",
)
