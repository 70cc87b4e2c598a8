"""What a call of `wrap_ssl`, or of the green `ssl.wrap_socket`, asks for."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

import libcst as cst

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.carried import last_name
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import ReplaceExpression
from eventlet_codemod.rules.servers import _calls, _options

CLIENT, SERVER = "wrap_ssl", "wrap_server"
DOUBT = "it may not be eventlet's"
NEVER = "it is told to verify, which it never did"
LISTENS = "its socket may be one that listens, of which eventlet made a server"
TRUSTS = "it trusts whoever answers, as it did: is that meant, or is it time for an ssl.SSLContext?"

_LISTENERS = ("eventlet.convenience.listen", "eventlet.green.socket.create_server")
_LISTENS = ("create_server", "listen")
_CONNECTS = ("connect", "create_connection")

_PARAMETERS = (
    *("sock", "keyfile", "certfile", "server_side", "cert_reqs", "ssl_version", "ca_certs"),
    *("do_handshake_on_connect", "suppress_ragged_eofs", "ciphers"),
)
_KEPT = {CLIENT: _PARAMETERS[:3], SERVER: (*_PARAMETERS[:3], "ciphers")}

#: What asks for nothing, written out.
_NOTHING = {"cert_reqs": ("CERT_NONE", "None", "0"), "ca_certs": ("None",)}


@dataclass(frozen=True, slots=True)
class Wrapping:
    """The helper that does what a call asks for, or why none does, and arguments that go."""

    helper: str = ""
    objection: str = ""
    dropped: frozenset[int] = frozenset()


def read(use: Use, facts: Facts) -> Wrapping:
    """Look at the arguments of a call, and at what is done to its socket."""
    call = use.call
    assert call is not None
    if any(isinstance(item, ast.Starred) for item in call.args) or len(call.args) > 10:
        return Wrapping(objection="its arguments cannot be told apart")
    names = [*_PARAMETERS[: len(call.args)], *(item.arg for item in call.keywords)]
    if None in names:
        return Wrapping(objection=_objection_to_gathered(call, use))
    given = dict(zip(names, [*call.args, *(k.value for k in call.keywords)], strict=True))
    side = given.get("server_side")
    if side is not None and not (isinstance(side, ast.Constant) and side.value in (True, False)):
        return Wrapping(objection="it may be a server or a client")
    listens = _listens(use, given.get("sock"), facts)
    helper = SERVER if listens or (isinstance(side, ast.Constant) and side.value) else CLIENT
    dropped = set()
    for place, (name, value) in enumerate(given.items()):
        asked = ast.unparse(value).rpartition(".")[2]
        if name in _KEPT[helper]:
            continue
        if name == "server_side" or asked in _NOTHING.get(str(name), ()):
            dropped.add(place)
        elif name in ("ca_certs", "cert_reqs"):
            return Wrapping(objection=NEVER)
        else:
            return Wrapping(objection=f"it is given {name}")
    if helper == CLIENT and _may_listen(use, given.get("sock"), facts):
        return Wrapping(objection=LISTENS)
    return Wrapping(helper, "", frozenset(dropped))


def _objection_to_gathered(call: ast.Call, use: Use) -> str:
    """Why a call stays whose keywords come from a dict."""
    for item in call.keywords:
        options = _options.behind(item.value, use) if item.arg is None else None
        for name in ("ca_certs", "cert_reqs") if options is not None else ():
            values = options.items.get(name, ()) if options is not None else ()
            told = [v for v in values if ast.unparse(v).rpartition(".")[2] not in _NOTHING[name]]
            if told:
                return f"{NEVER} (`{ast.unparse(item.value)}[{name!r}]` on line {told[0].lineno})"
    return "it is given keywords that cannot be seen"


def advice(objection: str) -> str:
    """What to do about a call that stays."""
    if objection == LISTENS:
        return "say `server_side=True`, as eventlet does by itself when it accepts; then run again"
    if objection.startswith(DOUBT):
        return "import `ssl` from one place in this file, then run again"
    return (
        "decide whether to verify from now on, with an ssl.SSLContext and a release note, or to "
        "leave out the arguments that say so: `eventlet-codemod explain EVT720` has both"
    )


def question(use: Use) -> str:
    """What to ask about the end of a connection that is wrapped."""
    sock = use.call.args[0] if use.call is not None and use.call.args else None
    if isinstance(sock, ast.Call) and last_name(sock.func) in _CONNECTS:
        return TRUSTS
    told = f"`{ast.unparse(sock)}`" if sock is not None else "what is wrapped"
    return f"{TRUSTS} Is {told} a client's? eventlet made a server of a listening socket, too"


def _listens(use: Use, sock: ast.expr | None, facts: Facts) -> bool:
    """Whether a socket is certainly one that listens: then eventlet makes a server of it."""
    if not isinstance(sock, ast.Name):
        return _makes_listener(sock, facts)
    if sock.id in facts.declared_global:
        return False
    values = [binding.value for binding in facts.lookup(sock.id, use.scope)[1]]
    made = [value for value in values if _makes_listener(value, facts)]
    others = [value for value in values if value not in made and value is not use.call]
    return bool(made) and all(isinstance(v, ast.Constant) and v.value is None for v in others)


def _makes_listener(node: ast.expr | None, facts: Facts) -> bool:
    """Whether an expression gives a new socket that listens."""
    if not isinstance(node, ast.Call):
        return False
    use = facts.use_of_call.get(node)
    if use is not None:
        return use.api in _LISTENERS and not use.doubt
    return ast.unparse(node.func) == "socket.create_server"


def _may_listen(use: Use, sock: ast.expr | None, facts: Facts) -> bool:
    """Whether a socket, or what it is wrapped to, listens or accepts in this file."""
    if isinstance(sock, ast.Call):
        return last_name(sock.func) in _LISTENS
    places = [sock, *(use.parents[-2].targets if isinstance(use.parents[-2], ast.Assign) else [])]
    names = [re.escape(ast.unparse(p)) for p in places if isinstance(p, (ast.Name, ast.Attribute))]
    made = "|".join(_LISTENS)
    return any(
        re.search(
            rf"(?<![\w.]){name}(?:\.(?:accept|listen)\(|\s*=[^=].*\b(?:{made})\()", facts.text
        )
        for name in names
    )


def renamed(use: Use, module: str, wrapping: Wrapping) -> ReplaceExpression:
    """The edit that calls the helper."""
    if not wrapping.dropped:
        return _calls.named(use, module, wrapping.helper)
    assert use.call is not None

    def make(node: cst.BaseExpression, context: Context) -> str:
        items = cst.ensure_type(node, cst.Call).args
        arguments = [
            f"{item.keyword.value}={context.value(item.value)}"
            if item.keyword is not None
            else context.value(item.value)
            for place, item in enumerate(items)
            if place not in wrapping.dropped
        ]
        return context.call(f"{context.name(module)}.{wrapping.helper}", arguments)

    return ReplaceExpression(use.call, make)  # its arguments are others: no mock follows
