"""`hubs.trampoline(fd, read=True)` waits for a descriptor, and becomes `select.select`.

The descriptor, the limit and the exception that a missed limit raises stay. Under `monkey_patch()`
`select.select` is green and waits in the same way. Where a condition says whether to wait for
reading or for writing, it says so still.

A limit without an exception raised eventlet's Timeout, and raises TimeoutError now: then it changes
together with the clause of its function that catches it, or with all that has to do with Timeout in
the project. It stays where a clause on the way would take a TimeoutError and let the Timeout
through.

It is left where both or neither of `read` and `write` are asked for; where something is to be told
that the descriptor was closed; and where its value is used.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.api import TIMEOUT
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
from eventlet_codemod.rules.timeouts import _catching, _clauses, _descriptor, timeout_error

_CLOSED = (
    "a descriptor that is closed meanwhile ended a green thread's wait with IOClosed, and select() "
    "may go on waiting; it takes no descriptor above 1023: selectors do"
)
_WHY = "select() raises nothing by itself, and tells nobody about a closed descriptor"


class _Stays(Exception):
    """A wait that is not rewritten; the text says why."""


@dataclass(frozen=True, slots=True)
class _Wait:
    """What a call waits for: places of arguments in the call, -1 for one that is not given.

    ``list`` is that of the descriptor in what select() takes and gives: 0 to read, 1 to write, -1
    where ``conditions`` say it, one for either.
    """

    fd: int
    list: int
    conditions: tuple[int, ...] = ()
    timeout: int = -1
    error: int = -1


@dataclass(frozen=True, slots=True)
class _Raised:
    """What has to do with the Timeout that a missed limit raises: with what it goes, what to ask.

    ``objection`` says why it cannot be another exception.
    """

    together: str = ""
    checks: Mapping[str, str] = field(default_factory=dict)
    objection: str = ""


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Wait by select, in a statement."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    raised = _raised(use, facts, settings) if _descriptor.may_raise(use, facts) else _Raised()
    try:
        wait = _read(use, facts)
        if raised.objection:
            raise _Stays(raised.objection)
    except _Stays as error:
        return Leave(
            message=f"`{use.path}` stays: {error}",
            why=_WHY,
            advice="write `if not select.select([fd], [], [], limit)[0]: raise TimeoutError`, and "
            "look at what catches it; where descriptors may be above 1023, register them with a "
            "selectors.DefaultSelector(), as `eventlet-codemod explain EVT722` shows",
            together=raised.together,
        )

    def make(node: cst.BaseSmallStatement, context: Context) -> Sequence[str]:
        call = cst.ensure_type(cst.ensure_type(node, cst.Expr).value, cst.Call)
        return _code(wait, [context.value(item.value) for item in call.args], context)

    return Rewrite(
        message="`select.select` waits for the descriptor",
        why="under monkey_patch() it is green and does the same",
        edits=(ReplaceStatement(use.statement, make),),  # its arguments are others: no mock follows
        checks={"C-SOCK": _CLOSED, **_checks(wait, use, facts), **raised.checks},
        needs=("select",),
        together=raised.together,
    )


def _checks(wait: _Wait, use: Use, facts: Facts) -> dict[str, str]:
    assert use.call is not None
    asked = []
    given = [*use.call.args, *(item.value for item in use.call.keywords)]
    conditions = [ast.unparse(given[place]) for place in wait.conditions]
    if conditions and not _exclude(*conditions):
        one, other = conditions
        asked.append(
            f"is one of `{one}` and `{other}` true, and not both? eventlet raised an error "
            "otherwise, and select() waits for both, or for nothing"
        )
    if wait.timeout >= 0:
        limit = given[wait.timeout]
        if sign(limit, use, facts) not in (Sign.POSITIVE, Sign.ZERO, Sign.NOT_NEGATIVE):
            asked.append(
                f"can `{ast.unparse(limit)}` be negative? select() raises ValueError then, where "
                "the limit was over at once"
            )
    return {"C-TYPE": " And ".join(asked)} if asked else {}


# --- what the call says --------------------------------------------------------------------------


def _read(use: Use, facts: Facts) -> _Wait:
    """What a call waits for. Raises _Stays."""
    call = use.call
    if call is None or not use.call_is_statement or not has_own_lines(use.statement, facts):
        raise _Stays("it is no statement of its own")
    given = _descriptor.arguments_of(call)
    if given is None:
        raise _Stays("not all of its arguments can be seen")
    if _constant(given.get("mark_as_closed")) is not None:
        raise _Stays("something is to be told when the descriptor is closed")
    places = {name: place for place, name in enumerate(given)}
    wait = _Wait(places["fd"], *_asked(given, places))
    if _constant(given.get("timeout")) is None:
        return wait
    error = given.get("timeout_exc")
    if isinstance(error, ast.Constant):
        raise _Stays("its `timeout_exc` is no exception: the limit printed an error and ended none")
    if error is not None and _descriptor.is_timeout(error, facts):
        raise _Stays("`timeout_exc` names eventlet's Timeout, as it does when it is not given")
    return replace(wait, timeout=places["timeout"], error=places.get("timeout_exc", -1))


def _asked(given: Mapping[str, ast.expr], places: Mapping[str, int]) -> tuple[int, tuple[int, ...]]:
    """In which list of select() the descriptor stands, and which conditions say so."""
    nodes = [given.get(name) for name in ("read", "write")]
    if all(node is None or isinstance(node, ast.Constant) for node in nodes):
        read, write = (_constant(node) for node in nodes)
        if bool(read) is bool(write):
            raise _Stays("it waits for reading and for writing, or for neither")
        return 0 if read else 1, ()
    if any(node is None or isinstance(node, (ast.Constant, *_LOOSE)) for node in nodes):
        raise _Stays("it may wait for reading, for writing or for neither")
    if not isinstance(given["fd"], (ast.Name, ast.Attribute, ast.Constant)):
        raise _Stays("its descriptor would have to be written twice")
    return -1, (places["read"], places["write"])


#: What is no condition without brackets.
_LOOSE = (ast.IfExp, ast.Lambda, ast.NamedExpr)


def _exclude(one: str, other: str) -> bool:
    """Whether one of two conditions is that the other one does not hold."""
    return one == f"not {other}" or other == f"not {one}"


def _constant(node: ast.expr | None) -> object:
    """The value that is written out, None for a parameter that is not given, else the node."""
    return node.value if isinstance(node, ast.Constant) else node


# --- the Timeout that it raises ------------------------------------------------------------------


def _raised(use: Use, facts: Facts, settings: Settings) -> _Raised:
    """What the Timeout of a missed limit goes with."""
    handler = _descriptor.catcher_of(use, facts)
    together, objection = TIMEOUT, ""
    if handler is not None and not _catching.names_any(handler, facts):
        together = ""
    elif handler is not None:
        together, objection = _clause(handler, facts, settings)
    if facts.lookup(_clauses.NATIVE, use.scope)[1]:
        objection = objection or "`TimeoutError` is not Python's in this file"
    try:
        _catching.catcher(use.parents, use.call or use.node, use, facts)
    except _catching.Swallowed as error:
        objection = objection or f"{error} would take a TimeoutError, and let the Timeout through"
    checks = _catching.question(handler) if together else {}
    return _Raised(together, checks, objection)


def _clause(handler: ast.ExceptHandler, facts: Facts, settings: Settings) -> tuple[str, str]:
    """With what the clause that takes the Timeout changes, and why that is not possible."""
    found = (facts.reference_of.get(node) for node in _catching.elements(handler))
    named = next(item for item in found if item is not None and item.api == TIMEOUT)
    decision = timeout_error.match(named, facts, settings) or _clauses.match(
        named, facts, by_process=True
    )
    if decision is None or not decision.together:
        return TIMEOUT, f"the clause on line {handler.lineno} stays"
    if isinstance(decision, Rewrite) and _clauses.natives_of(named, facts) != (_clauses.NATIVE,):
        return decision.together, f"the clause on line {handler.lineno} takes no TimeoutError"
    return decision.together, ""


# --- the code ------------------------------------------------------------------------------------


def _code(wait: _Wait, given: Sequence[str], context: Context) -> tuple[str, ...]:
    function = f"{context.name('select')}.select"
    fd = given[wait.fd]
    lists = [f"[{fd}]" if place == wait.list else "[]" for place in range(3)]
    for place, condition in enumerate(wait.conditions):
        lists[place] = f"[{fd}] if {given[condition]} else []"
    if wait.timeout < 0:
        return (context.call(function, lists),)
    arguments = [*lists, given[wait.timeout]]
    if wait.conditions:
        inner = context.at(len("if not any(")).call(function, arguments)
        test = f"any({inner})"
    else:
        test = context.at(len("if not ")).call(function, arguments, suffix=f"[{wait.list}]")
    error = given[wait.error] if wait.error >= 0 else _clauses.NATIVE
    return (f"if not {test}:\n    raise {error}\n",)


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
    apis=frozenset({_descriptor.API}),
    match=match,
    checks=("C-SOCK", "C-TYPE", "C-CATCH"),
    relies_on="select",
    references=("HUB-3", "TMO-8"),
    sketches={"descriptors above 1023, and a limit": _SKETCH},
    before="""\
import socket

from eventlet import hubs


def wait_readable(sock):
    hubs.trampoline(sock, read=True)
    hubs.trampoline(sock, read=True, timeout=2)
    hubs.trampoline(sock.fileno(), write=True, timeout=5, timeout_exc=socket.timeout)
""",
    after="""\
import select
import socket


def wait_readable(sock):
    select.select([sock], [], [])
    if not select.select([sock], [], [], 2)[0]:
        raise TimeoutError
    if not select.select([], [sock.fileno()], [], 5)[1]:
        raise socket.timeout
""",
)
