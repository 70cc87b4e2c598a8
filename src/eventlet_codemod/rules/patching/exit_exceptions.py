"""`except GreenletExit` and `except StopServe` wait for what no native thread raises.

Such a clause goes when it does nothing, and such a name leaves a tuple of exceptions. A clause
that does something stays: what it does must move to where the work is stopped now. So does one in
a file that names the exception elsewhere, as in `raise`.

With the setting `helpers` the native `serve` has a StopServe of its own, and clauses name that.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    Fold,
    Leave,
    ReplaceHandler,
    Rewrite,
    Rule,
    leave_in_doubt,
)

_WHY = "nothing raises it in a native thread"
_EXITS = frozenset({"greenlet.GreenletExit", "eventlet.convenience.StopServe"})


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on an except clause; other uses of the exceptions go to the next rule."""
    if use.kind != "reference" or use.call is not None or use.api not in _exits(settings):
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    clause = next((n for n in use.parents[-2:] if isinstance(n, ast.ExceptHandler)), None)
    guard = use.parents[use.parents.index(clause) - 1] if clause is not None else None
    if clause is None or not isinstance(guard, ast.Try) or clause.type is None:
        return None
    if clause.type is not use.node and clause.type is not use.parent:
        return None  # it stands in the body
    names = clause.type.elts if isinstance(clause.type, ast.Tuple) else [clause.type]
    known = _exits(settings)
    exits = [other for other in facts.uses if other.api in known and other.node in names]
    rest = [item for item in names if item not in [other.node for other in exits]]
    first = use is exits[0]
    if raised := _raised_at(facts, known):
        return Leave(
            message=f"`{use.path}` is named on line {raised} as well, where it may be raised",
            why="a clause that catches what this file raises itself has something to do",
            advice="raise an exception of the project's own there and catch that, then run again",
        )
    checks = {"C-KILL": "what stopped this code by killing it, and what stops it now?"}
    if rest:
        if any(isinstance(item, ast.Starred) for item in rest):
            return None
        code = ", ".join(map(ast.unparse, rest))
        code = code if len(rest) == 1 else f"({code})"
        return Rewrite(
            message=f"`{use.path}` leaves the tuple of exceptions",
            why=_WHY,
            edits=(ReplaceHandler(clause, lambda node, context: code),) if first else (),
            checks=checks,
        )
    if not all(map(_is_idle, clause.body)) or guard.orelse:
        return Leave(
            message=f"the clause `except {use.path}` does something",
            why=_WHY + ", so what it does would never be done again",
            advice="move it to where the work is stopped now, or into a finally; then delete the "
            "clause",
        )
    edit: Edit = ReplaceHandler(clause)
    if len(guard.handlers) == 1 and not guard.finalbody:
        edit = Fold(guard, "body")  # nothing of the try statement is left
    return Rewrite(
        message=f"the clause `except {use.path}` goes",
        why=_WHY + ", and the clause did nothing",
        edits=(edit,) if first else (),
        checks=checks,
    )


def _exits(settings: Settings) -> frozenset[str]:
    return _EXITS if settings.helpers is None else _EXITS - {"eventlet.convenience.StopServe"}


def _raised_at(facts: Facts, known: frozenset[str]) -> int:
    """The line where one of the exceptions stands outside of an except clause, or 0."""
    for use in facts.uses:
        if use.api not in known or use.kind != "reference":
            continue
        clause = next((n for n in use.parents[-2:] if isinstance(n, ast.ExceptHandler)), None)
        if clause is None or clause.type not in (use.node, use.parent):
            return int(use.node.lineno)  # type: ignore[attr-defined]
    return 0


def _is_idle(statement: ast.stmt) -> bool:
    """Whether a statement of a clause only ends it or logs."""
    if isinstance(statement, ast.Return):
        return statement.value is None or isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return ast.unparse(statement.value.func).startswith(("LOG.", "log.", "logger.", "logging."))
    return isinstance(statement, ast.Pass)


rule = Rule(
    code="EVT507",
    family="patching",
    step=3,
    summary="except clauses for GreenletExit and StopServe go",
    apis=_EXITS,
    match=match,
    checks=("C-KILL",),
    settings=("helpers",),
    references=("GT-EXC", "NET-4"),
    example_settings={"force": True},
    before="""\
import greenlet


def consume(jobs, done):
    try:
        for job in jobs:
            job()
    except greenlet.GreenletExit:
        pass
    finally:
        done()
""",
    after="""\
def consume(jobs, done):
    try:
        for job in jobs:
            job()
    finally:
        done()
""",
)
