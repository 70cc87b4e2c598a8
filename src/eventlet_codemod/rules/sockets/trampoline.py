"""`hubs.trampoline(fd, read=True)` waits for a descriptor, and becomes `select.select`.

The descriptor, the limit and the exception that a missed limit raises stay. Under `monkey_patch()`
`select.select` is green and waits in the same way.

It is left where a limit is given without an exception, since that would raise eventlet's Timeout;
where both or neither of `read` and `write` may be asked for; where something is to be told that the
descriptor was closed; and where its value is used.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.values import Sign, sign
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceStatement,
    Rewrite,
    Rule,
    has_own_lines,
    leave_in_doubt,
)

_PARAMETERS = ("fd", "read", "write", "timeout", "timeout_exc", "mark_as_closed")
_CLOSED = (
    "a descriptor that is closed meanwhile ended a green thread's wait with IOClosed, and select() "
    "may go on waiting; it takes no descriptor above 1023: selectors do"
)


@dataclass(frozen=True, slots=True)
class _Wait:
    """What a call waits for: places of arguments in the call, -1 for one that is not given."""

    place: int  # of the descriptor's list in the arguments of select, and in its result
    fd: int
    timeout: int = -1
    error: int = -1


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Wait by select, in a statement."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    wait = _read(use, facts)
    if isinstance(wait, str):
        return Leave(
            message=f"`{use.path}` stays: {wait}",
            why="select() raises nothing by itself, and tells nobody about a closed descriptor",
            advice="write `if not select.select([fd], [], [], limit)[0]: raise TimeoutError`, and "
            "look at what catches it; where descriptors may be above 1023, register them with a "
            "selectors.DefaultSelector(), as `eventlet-codemod explain EVT722` shows",
        )
    assert use.call is not None
    checks = {"C-SOCK": _CLOSED}
    given = [*use.call.args, *(item.value for item in use.call.keywords)]
    if wait.timeout >= 0:
        limit = given[wait.timeout]
        if sign(limit, use, facts) not in (Sign.POSITIVE, Sign.ZERO, Sign.NOT_NEGATIVE):
            checks["C-TYPE"] = (
                f"can `{ast.unparse(limit)}` be negative? select() raises ValueError then, where "
                "the limit was over at once"
            )

    def make(node: cst.BaseSmallStatement, context: Context) -> Sequence[str]:
        call = cst.ensure_type(cst.ensure_type(node, cst.Expr).value, cst.Call)
        return _code(wait, [context.value(item.value) for item in call.args], context)

    return Rewrite(
        message="`select.select` waits for the descriptor",
        why="under monkey_patch() it is green and does the same",
        edits=(ReplaceStatement(use.statement, make),),  # its arguments are others: no mock follows
        checks=checks,
        needs=("select",),
    )


def _read(use: Use, facts: Facts) -> _Wait | str:
    """What a call waits for, or why that cannot be said by select."""
    call = use.call
    if call is None or not use.call_is_statement or not has_own_lines(use.statement, facts):
        return "it is no statement of its own"
    if any(isinstance(item, ast.Starred) for item in call.args) or len(call.args) > 6:
        return "not all of its arguments can be seen"
    names = [*_PARAMETERS[: len(call.args)], *(item.arg for item in call.keywords)]
    values = [*call.args, *(item.value for item in call.keywords)]
    if set(names) - set(_PARAMETERS) or "fd" not in names:
        return "not all of its arguments can be seen"
    given = dict(zip(names, values, strict=True))
    asked = [name for name in ("read", "write") if _constant(given.get(name)) not in (None, False)]
    if len(asked) != 1 or _constant(given[asked[0]]) is not True:
        return "it may wait for reading, for writing or for neither"
    if _constant(given.get("mark_as_closed")) is not None:
        return "something is to be told when the descriptor is closed"
    place, fd = ("read", "write").index(asked[0]), names.index("fd")
    if _constant(given.get("timeout")) is None:
        return _Wait(place, fd)
    if _constant(given.get("timeout_exc")) is None:
        return "a missed limit raises eventlet's Timeout"
    return _Wait(place, fd, names.index("timeout"), names.index("timeout_exc"))


def _constant(node: ast.expr | None) -> object:
    """The value that is written out, None for a parameter that is not given, else the node."""
    return node.value if isinstance(node, ast.Constant) else node


def _code(wait: _Wait, given: Sequence[str], context: Context) -> tuple[str, ...]:
    function = f"{context.name('select')}.select"
    lists = ["[]", "[]", "[]"]
    lists[wait.place] = f"[{given[wait.fd]}]"
    if wait.timeout < 0:
        return (context.call(function, lists),)
    test = context.at(len("if not ")).call(
        function, [*lists, given[wait.timeout]], suffix=f"[{wait.place}]"
    )
    return (f"if not {test}:\n    raise {given[wait.error]}\n",)


_SKETCH = '''\
import selectors


def wait_until_ready(fd, read=False, write=False, timeout=None):
    """Wait until a descriptor of any number can be read, or written.

    Raises TimeoutError when ``timeout`` seconds have passed.
    """
    events = selectors.EVENT_READ if read else 0
    events |= selectors.EVENT_WRITE if write else 0
    with selectors.DefaultSelector() as selector:
        selector.register(fd, events)
        if not selector.select(timeout):
            raise TimeoutError(f"not ready within {timeout} seconds")
'''

rule = Rule(
    code="EVT722",
    family="sockets",
    step=1,
    summary="trampoline, which waits for a descriptor, becomes select",
    apis=frozenset({"eventlet.hubs.trampoline"}),
    match=match,
    checks=("C-SOCK", "C-TYPE"),
    relies_on="select",
    references=("HUB-3",),
    sketches={"descriptors above 1023, and a limit": _SKETCH},
    before="""\
import socket

from eventlet import hubs


def wait_readable(sock, limit=None):
    hubs.trampoline(sock, read=True)
    hubs.trampoline(sock.fileno(), write=True, timeout=5, timeout_exc=socket.timeout)
""",
    after="""\
import select
import socket


def wait_readable(sock, limit=None):
    select.select([sock], [], [])
    if not select.select([], [sock.fileno()], [], 5)[1]:
        raise socket.timeout
""",
)
