"""`eventlet.support` holds what eventlet needed for old Pythons.

- `get_errno(error)` is `error.errno` in an `except` clause for OSErrors.
- `bytes_to_str(data)` is `data.decode("ascii")`, and `PY33` is False.
- The functions of `support.greendns` that `socket` has as well are those of `socket`, which asks
  the system for names.

The rest stays, with what to call in its place.
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
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.rare import _by_hand
from eventlet_codemod.rules.sync._alike import has_stars

_CODE = "EVT738"
_SUPPORT = "eventlet.support"
_DNS = f"{_SUPPORT}.greendns"
_OF_SOCKET = frozenset({"getaddrinfo", "gethostbyname", "gethostbyname_ex", "getnameinfo"})
#: Exceptions whose `errno` is what get_errno gives; by their last names.
_OS_ERRORS = frozenset(
    {"OSError", "IOError", "EnvironmentError", "ConnectionError", "SSLError"}
    | {"ConnectionResetError", "ConnectionRefusedError", "BrokenPipeError", "BlockingIOError"}
)
_WHY = "it served eventlet itself, or Pythons that are gone"
_ADVICE = {
    _SUPPORT: "use the name of the standard library that it stands for",
    f"{_SUPPORT}.bytes_to_str": "call data.decode('ascii')",
    f"{_SUPPORT}.get_errno": "take error.errno of an OSError; where anything may have been caught, "
    "getattr(error, 'errno', None)",
    f"{_SUPPORT}.wrap_deprecated": "warn with warnings.warn(text, DeprecationWarning, "
    "stacklevel=2)",
    f"{_SUPPORT}.psycopg2_patcher": "delete the call with what patches the process: without a "
    "wait callback psycopg2 waits in its thread",
    f"{_SUPPORT}.pylib": "delete it: py.magic is gone",
    f"{_SUPPORT}.stacklesspypys": "delete it: it made greenlets of stackless tasklets",
    f"{_SUPPORT}.stacklesss": "delete it: it made greenlets of stackless tasklets",
    _DNS: "ask the system by socket.getaddrinfo(), or call dnspython itself (dns.resolver)",
    f"{_DNS}.resolve": "call dns.resolver.resolve(name, 'A') of dnspython",
    f"{_DNS}.resolve_cname": "take canonical_name of what dns.resolver.resolve(name, 'A') gives",
    f"{_DNS}.getaliases": "take socket.gethostbyname_ex(name)[1]",
    f"{_DNS}.is_ip_addr": _by_hand.see(
        "see whether ipaddress.ip_address(host) raises ValueError", _CODE
    ),
    f"{_DNS}.is_ipv4_addr": _by_hand.see(
        "see whether ipaddress.IPv4Address(host) raises ValueError", _CODE
    ),
    f"{_DNS}.is_ipv6_addr": _by_hand.see(
        "see whether ipaddress.IPv6Address(host) raises ValueError", _CODE
    ),
    f"{_DNS}.ResolverProxy": "configure a dns.resolver.Resolver() of dnspython; it reads no "
    "/etc/hosts",
    f"{_DNS}.udp": "call dns.query.udp() of dnspython",
    f"{_DNS}.tcp": "call dns.query.tcp() of dnspython",
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Name what it stands for, or leave it with advice."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    name = use.api.rpartition(".")[2]
    decision = None
    if use.api == f"{_SUPPORT}.get_errno":
        decision = _get_errno(use)
    elif use.api == f"{_SUPPORT}.bytes_to_str":
        decision = _decode(use)
    elif use.api == f"{_SUPPORT}.PY33":
        decision = _constant(use)
    elif use.api == f"{_DNS}.{name}" and name in _OF_SOCKET:
        decision = _of_socket(use, name)
    return decision or _by_hand.leave(use, "", _WHY, _ADVICE)


def _get_errno(use: Use) -> Decision | None:
    call = use.call
    if call is None or len(call.args) != 1 or call.keywords:
        return None
    given = call.args[0]
    clause = next((n for n in reversed(use.parents) if isinstance(n, ast.ExceptHandler)), None)
    if clause is None or not isinstance(given, ast.Name) or clause.name != given.id:
        return None
    caught = clause.type.elts if isinstance(clause.type, ast.Tuple) else [clause.type]
    names = {last_name(item) if item is not None else "" for item in caught}
    if not names <= _OS_ERRORS | {"error"} or _is_set(given.id, clause):
        return None

    def make(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
        return cst.Attribute(cst.ensure_type(node, cst.Call).args[0].value, cst.Name("errno"))

    compared = isinstance(use.parents[-2], ast.Compare)
    checks = {} if compared else {"C-NONE": "an OSError without a number gave its first argument"}
    return Rewrite(
        message=f"`{given.id}.errno` is the number",
        why="every OSError has it; eventlet looks there first",
        edits=(ReplaceExpression(call, make),),
        checks=checks,
    )


def _is_set(name: str, clause: ast.ExceptHandler) -> bool:
    """Whether a clause gives the name of its error to something else."""
    named = (n for item in clause.body for n in ast.walk(item) if isinstance(n, ast.Name))
    return any(n.id == name and isinstance(n.ctx, ast.Store) for n in named)


def _decode(use: Use) -> Decision | None:
    call = use.call
    simple = (ast.Name, ast.Attribute, ast.Call, ast.Constant, ast.Subscript)
    if call is None or has_stars(call) or not call.args or not isinstance(call.args[0], simple):
        return None

    def make(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
        given = cst.ensure_type(node, cst.Call).args
        rest = given[1:] or [cst.Arg(cst.SimpleString('"ascii"'))]
        return cst.Call(cst.Attribute(given[0].value, cst.Name("decode")), rest)

    return Rewrite(
        message="`decode()` makes text of the bytes",
        why="it is what eventlet calls, with ASCII unless told otherwise",
        edits=(ReplaceExpression(call, make),),
    )


def _constant(use: Use) -> Decision:
    assert isinstance(use.node, ast.expr)
    return Rewrite(
        message="`PY33` is False",
        why="it says whether this is Python 3.3",
        edits=(ReplaceExpression(use.node, lambda node, context: "False"),),
    )


def _of_socket(use: Use, name: str) -> Decision:
    assert isinstance(use.node, ast.expr)
    edit = ReplaceExpression(
        use.node, lambda node, context: f"{context.name('socket')}.{name}", f"socket.{name}"
    )
    return Rewrite(
        message=f"`socket.{name}` asks the system",
        why="it has the same arguments and gives the same",
        edits=(edit,),
        checks={
            "C-SOCK": "the system answers in the place of dnspython: order, caching and the "
            "texts of errors may differ, and a lookup has no limit of its own"
        },
        needs=("socket",),
        relies_on="socket",
    )


_ADDRESSES = '''\
import ipaddress


def is_ip_address(host, version=None):
    """Whether a host is written as an address, of IP 4 or 6 where that is asked."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return version in (None, address.version)
'''

rule = Rule(
    code=_CODE,
    family="rare",
    step=1,
    summary="what eventlet.support has becomes the standard library's",
    apis=frozenset({f"{_SUPPORT}.*"}),
    match=match,
    checks=("C-NONE", "C-SOCK"),
    references=("SUP-1", "SUP-2", "SUP-3", "SUP-4"),
    sketches={"whether a host is an address": _ADDRESSES},
    before="""\
import errno

from eventlet.support import get_errno


def send(sock, data):
    try:
        sock.sendall(data)
    except OSError as error:
        if get_errno(error) != errno.EPIPE:
            raise
""",
    after="""\
import errno


def send(sock, data):
    try:
        sock.sendall(data)
    except OSError as error:
        if error.errno != errno.EPIPE:
            raise
""",
)
