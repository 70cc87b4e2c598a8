"""A loop that polls under a `Timeout` tests a deadline of its own after each pause.

The Timeout could end such a loop only while it slept, so a test behind the sleep, which is itself
cut short at the deadline, ends it at the same moment and after the same number of rounds. (The
usual `while time.monotonic() < deadline` sleeps past the deadline, and gives up without a last
look.) What was raised still is: the exception that the Timeout was given, or a `TimeoutError` in
the place of the Timeout itself; a silent one (`Timeout(n, False)`) becomes a `break`.

`TimeoutError` is an `Exception` and an `OSError`, and `Timeout` was neither, so the clause that
catches it changes in the same step, and the rewrite is not made where another clause would take it
first. A `Timeout` that leaves its function is rewritten only when every clause of the project that
names the class can follow.

What waits in the loop beside its sleep, such as `queue.get()`, was limited too: such a loop stays.
Other calls are asked about, since a call that blocks is no longer interrupted.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.layout import Group
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    Fold,
    ReplaceStatement,
    Rewrite,
    Rule,
)
from eventlet_codemod.rules.timeouts import _clean_up, _limit, _waits
from eventlet_codemod.rules.timeouts._catching import LIMITS
from eventlet_codemod.rules.timeouts._limit import Limit
from eventlet_codemod.rules.timeouts._loop import Pause
from eventlet_codemod.rules.timeouts._promoted import promoted
from eventlet_codemod.rules.timeouts._raised import raised

_WHY = "the Timeout could end the loop only while it slept; the test behind the sleep does the same"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a Timeout around a polling loop."""
    found = promoted(use, facts)
    if found is None or not found.pauses:
        return None  # the rule for what remains says why
    limit = found.limit
    return Rewrite(
        message="a deadline that the loop tests after each pause takes the place of the Timeout",
        why=_WHY,
        edits=tuple(
            _edits(limit, found.pauses, facts.free_name("deadline", use.scope), facts.text)
        ),
        checks=_checks(limit, facts),
        needs=("time",),
        together=limit.together,
    )


# --- the edits ---------------------------------------------------------------------------------


def _edits(limit: Limit, pauses: Sequence[Pause], deadline: str, text: str) -> Iterator[Edit]:
    if isinstance(limit.block, ast.With):

        def above(node: cst.BaseCompoundStatement, context: Context) -> list[str]:
            call = cst.ensure_type(cst.ensure_type(node, cst.With).items[0].item, cst.Call)
            return [_set(deadline, call, context)]

        yield Fold(limit.block, "body", above)
    else:

        def assigned(node: cst.BaseSmallStatement, context: Context) -> list[str]:
            value = cst.ensure_type(node, cst.Assign).value
            return [_set(deadline, cst.ensure_type(value, cst.Call), context)]

        yield ReplaceStatement(limit.use.statement, assigned)
        yield from _clean_up.edits(limit)
    for pause in pauses:
        yield ReplaceStatement(pause.statement, _Tested(limit, deadline, text))


def _set(deadline: str, call: cst.Call, context: Context) -> str:
    given = next((a for a in call.args if a.keyword and a.keyword.value == "seconds"), call.args[0])
    seconds = context.value(given.value)
    if (
        isinstance(
            given.value,
            (cst.IfExp, cst.BooleanOperation, cst.Comparison, cst.Lambda, cst.NamedExpr),
        )
        and not given.value.lpar
    ):
        seconds = f"({seconds})"
    return f"{deadline} = {context.name('time')}.monotonic() + {seconds}"


@dataclass(frozen=True)
class _Tested:
    """The sleep, cut short at the deadline, with the test behind it."""

    limit: Limit
    deadline: str
    text: str

    def __call__(self, node: cst.BaseSmallStatement, context: Context) -> list[str]:
        call = cst.ensure_type(cst.ensure_type(node, cst.Expr).value, cst.Call)
        clock = f"{context.name('time')}.monotonic()"
        sleep = context.code(call)
        if call.args and not _is_zero(call.args[0].value):
            seconds = context.value(_unguarded(call.args[0].value))
            rest = Group("max(", ("0", f"min({seconds}, {self.deadline} - {clock})"), ")")
            sleep = context.call(context.code(call.func), [rest])
        ending = "break" if self.limit.silent else f"raise {raised(self.limit, self.text, context)}"
        return [sleep, f"if {clock} >= {self.deadline}:\n    {ending}\n"]


def _is_zero(node: cst.BaseExpression) -> bool:
    return isinstance(node, (cst.Integer, cst.Float)) and float(node.value) == 0


def _unguarded(node: cst.BaseExpression) -> cst.BaseExpression:
    """The argument of a ``max(0, …)`` that the rule for sleeps has made."""
    if isinstance(node, cst.Call) and len(node.args) == 2 and _is_zero(node.args[0].value):
        named = isinstance(node.func, cst.Name) and node.func.value == "max"
        return node.args[1].value if named else node
    return node


# --- the questions -----------------------------------------------------------------------------


def _checks(limit: Limit, facts: Facts) -> dict[str, str]:
    checks: dict[str, str] = {}
    if not isinstance(limit.seconds, ast.Constant):
        checks["C-TYPE"] = (
            f"can `{ast.unparse(limit.seconds)}` be None? A Timeout of None never fired, here it "
            "raises TypeError"
        )
    checks |= _waits.question(limit.block.body, limit.use, facts)
    checks |= _limit.question(limit, facts)
    return checks


rule = Rule(
    code="EVT220",
    family="timeouts",
    step=1,
    summary="a Timeout around a polling loop becomes a deadline",
    apis=LIMITS,
    match=match,
    checks=("C-TYPE", "C-KILL", "C-CATCH"),
    references=("TMO-1", "TMO-2", "T2", "T2b"),
    before="""\
import eventlet


class WaitTimeout(Exception):
    pass


def wait_until_true(predicate, pause=1):
    try:
        with eventlet.Timeout(60):
            while not predicate():
                eventlet.sleep(pause)
    except eventlet.Timeout:
        raise WaitTimeout
""",
    after="""\
import time


class WaitTimeout(Exception):
    pass


def wait_until_true(predicate, pause=1):
    try:
        deadline = time.monotonic() + 60
        while not predicate():
            time.sleep(max(0, min(pause, deadline - time.monotonic())))
            if time.monotonic() >= deadline:
                raise TimeoutError("60 seconds")
    except TimeoutError:
        raise WaitTimeout
""",
)
