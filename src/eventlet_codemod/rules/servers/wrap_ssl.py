"""`eventlet.wrap_ssl` of a server's socket becomes the helper `wrap_server`.

Where `server_side=True` is written out, and a key, a certificate and ciphers are all that is given,
the helper (setting `helpers`) does the same by an `ssl.SSLContext`. As with eventlet, a connection
shakes hands when it is read or written first.

It stays for a client, and where certificates are to be verified: `wrap_ssl` takes `cert_reqs` and
`ca_certs` and verifies nothing, so a person must decide whether that is to go on. `CERT_NONE` and
`None` ask for nothing, and go.
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
from eventlet_codemod.rules.sockets.client_socket import is_server

HELPER = "wrap_server"

_KEPT = frozenset({"keyfile", "certfile", "ciphers"})
_MOST = 3  # positional arguments: the socket, keyfile and certfile


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Call the helper, or say what a person has to decide."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    module = settings.helpers
    if module is not None and use.call is not None and not is_server(use.call):
        return None  # the rule for clients' sockets decides
    objection = _objection(use.call)
    if not objection and module is None:
        objection = "`helpers` names no module for it"
    if objection or module is None or use.call is None:
        return Leave(
            message=f"`{use.path}` stays: {objection}",
            why="wrap_ssl verifies no certificate, whatever cert_reqs says; an SSLContext does",
            advice="for a server: context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), "
            "context.load_cert_chain(certfile, keyfile), context.wrap_socket(sock, "
            "server_side=True, do_handshake_on_connect=False). Where certificates were to be "
            "verified, or for a client, decide: keep the connection unverified on purpose, or "
            "start to verify, with a release note",
            setting="helpers",
        )
    return Rewrite(
        message=f"`{module}.{HELPER}` wraps the socket by an SSLContext",
        why="neither verifies a client, and both let a connection shake hands when it is used",
        edits=(ReplaceExpression(use.call, partial(_call, module), f"{module}.{HELPER}"),),
        needs=(module,),
        helpers=(HELPER,),
        setting="helpers",
    )


def _objection(call: ast.Call | None) -> str:
    if call is None:
        return "it is not called"
    if not call.args or len(call.args) > _MOST or isinstance(call.args[0], ast.Starred):
        return "not all of its arguments can be seen"
    given = {item.arg: item.value for item in call.keywords}
    if None in given or any(isinstance(item, ast.Starred) for item in call.args):
        return "not all of its arguments can be seen"
    side = given.pop("server_side", None)
    if not isinstance(side, ast.Constant) or side.value is not True:
        return "it is not certain that this is a server"
    for name, value in given.items():
        if name not in _KEPT and not _asks_nothing(str(name), value):
            return f"`{name}` is given"
    return ""


def _asks_nothing(name: str, value: ast.expr) -> bool:
    text = ast.unparse(value)
    if name == "cert_reqs":
        return text.rpartition(".")[2] in ("CERT_NONE", "None", "0")
    return name == "ca_certs" and text == "None"


def _call(module: str, node: cst.BaseExpression, context: Context) -> str:
    assert isinstance(node, cst.Call)
    arguments: list[Argument] = []
    for item in node.args:
        name = item.keyword.value if item.keyword is not None else ""
        if not name:
            arguments.append(context.value(item.value))
        elif name in _KEPT:
            arguments.append(f"{name}={context.value(item.value)}")
    return context.call(f"{context.name(module)}.{HELPER}", arguments)


rule = Rule(
    code="EVT708",
    family="servers",
    step=2,
    summary="wrap_ssl of a server's socket becomes a helper over ssl.SSLContext",
    apis=frozenset({"eventlet.convenience.wrap_ssl"}),
    match=match,
    relies_on="socket",
    settings=("helpers",),
    references=("NET-5", "NET-6"),
    example_settings={"helpers": "pkg.concurrency"},
    before="""\
import eventlet


def bind(sock, conf):
    return eventlet.wrap_ssl(sock, certfile=conf.cert, server_side=True)
""",
    after="""\
from pkg import concurrency


def bind(sock, conf):
    return concurrency.wrap_server(sock, certfile=conf.cert)
""",
)
