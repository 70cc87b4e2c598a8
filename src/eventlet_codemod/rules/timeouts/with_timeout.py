"""`with_timeout(n, wait, timeout_value=…)` around a known wait is that wait with its own limit.

`get` and `put` of a queue raise when the time is over, and so does `result` of a future: an except
clause gives the `timeout_value` then. `acquire` of a lock and `wait` of a `threading.Event` answer
`False`. Without a `timeout_value` a Timeout flies: such a call stays, as one of any other function
does, since nothing native ends it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.api import TIMEOUT
from eventlet_codemod.facts.values import Sign, sign
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    Leave,
    ReplaceExpression,
    ReplaceStatement,
    Rewrite,
    Rule,
)
from eventlet_codemod.rules.timeouts import _with_timeout
from eventlet_codemod.rules.timeouts._with_timeout import Bounded


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on one call."""
    if use.kind != "reference" or use.doubt or use.call is None:
        return None
    found = _with_timeout.read(use, facts)
    if isinstance(found, str):
        flies = _with_timeout.flies(use, facts)
        return _left(use.call, found, together=TIMEOUT if flies else "")
    name = ast.unparse(found.function)
    return Rewrite(
        message=f"`{name}()` takes the limit itself",
        why="natively only the wait can end itself; this one takes a limit",
        edits=(_edit(use, found),),
        checks=_checks(found, use, facts),
        needs=(found.error.rpartition(".")[0],) if found.error else (),
    )


def _left(call: ast.Call, reason: str, *, together: str) -> Leave:
    function = ast.unparse(call.args[1]) if len(call.args) > 1 else "the function"
    return Leave(
        message=f"this with_timeout() stays: {reason}",
        why="nothing native interrupts code that runs in another thread",
        advice=f"give the limit to what waits in `{function}()` (line {call.lineno}), and catch "
        "what that raises; where it takes none, run it in a thread of its own and wait for that "
        "with a timeout, knowing that it goes on; `eventlet-codemod explain EVT228` has code that "
        "runs",
        together=together,
    )


def _edit(use: Use, found: Bounded) -> Edit:
    assert use.call is not None
    if not found.error:
        return ReplaceExpression(use.call, _waiting)
    return ReplaceStatement(use.statement, _Caught(found))


def _waiting(node: cst.BaseExpression, context: Context) -> str:
    """The wait itself, with the limit as its last argument."""
    call = cst.ensure_type(node, cst.Call)
    seconds, function, *others = [item for item in call.args if item.keyword is None]
    given = [context.value(item.value) for item in others]
    limit = f"timeout={context.value(seconds.value)}"
    return context.call(context.code(function.value), [*given, limit])


@dataclass(frozen=True)
class _Caught:
    """The statement in a try, whose clause does the same with the timeout_value."""

    found: Bounded

    def __call__(self, node: cst.BaseSmallStatement, context: Context) -> list[str]:
        assert isinstance(node, (cst.Expr, cst.Return, cst.Assign)) and node.value is not None
        wait = context.parse(_waiting(node.value, context))
        given = cst.ensure_type(node.value, cst.Call).args
        instead = next(a.value for a in given if a.keyword and a.keyword.value == "timeout_value")
        value = context.parse(context.value(instead))
        first = context.code(node.with_changes(value=wait)).replace("\n", "\n    ")
        other = (
            "pass" if isinstance(node, cst.Expr) else context.code(node.with_changes(value=value))
        )
        module, _, name = self.found.error.rpartition(".")
        clause = f"except {context.name(module)}.{name}:\n    {other}\n"
        return [f"try:\n    {first}\n{clause}"]


def _checks(found: Bounded, use: Use, facts: Facts) -> dict[str, str]:
    checks: dict[str, str] = {}
    known = sign(found.seconds, use, facts)
    if known not in (Sign.POSITIVE, Sign.ZERO, Sign.NOT_NEGATIVE) and found.kind != "future":
        checks["C-TYPE"] = (
            f"can `{ast.unparse(found.seconds)}` be None or negative? None meant no limit, and "
            "less than nothing ended the wait at once"
        )
    if found.kind == "future":
        checks["C-CATCH"] = (
            f"can the work of `{ast.unparse(found.function.value)}` raise a TimeoutError itself? "
            "It is taken for the end of the limit now"
        )
    return checks


_SKETCH = '''\
import threading
from concurrent import futures

_RAISE = object()


def with_timeout(seconds, function, *args, timeout_value=_RAISE, **kwargs):
    """Wait for a call no longer than some seconds; the call itself goes on after that."""
    future = futures.Future()

    def run():
        try:
            future.set_result(function(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    done, _ = futures.wait([future], seconds)
    if done:
        return future.result()
    if timeout_value is _RAISE:
        raise TimeoutError(f"{seconds} seconds")
    return timeout_value
'''

rule = Rule(
    code="EVT228",
    family="timeouts",
    step=1,
    summary="with_timeout around a known wait becomes the limit of that wait",
    apis=frozenset({_with_timeout.API}),
    match=match,
    checks=("C-TYPE", "C-CATCH"),
    references=("TMO-10",),
    sketches={"a wait that gives up": _SKETCH},
    before="""\
import queue

import eventlet

jobs = queue.Queue()


def take():
    return eventlet.with_timeout(5, jobs.get, timeout_value=None)
""",
    after="""\
import queue

jobs = queue.Queue()


def take():
    try:
        return jobs.get(timeout=5)
    except queue.Empty:
        return None
""",
)
