"""`except GreenletExit` and `except StopServe` wait for what no native thread raises.

Such a clause goes when it does nothing, and such a name leaves a tuple of exceptions. A clause
that does something stays: what it does must move to where the work is stopped now.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    Fold,
    Leave,
    ReplaceExpression,
    ReplaceHandler,
    Rewrite,
    Rule,
    leave_in_doubt,
)

_WHY = "nothing raises it in a native thread"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on an except clause; other uses of the exceptions go to the next rule."""
    if use.kind != "reference" or use.call is not None:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    parent = use.parent
    if isinstance(parent, ast.Tuple) and isinstance(use.parents[-2], ast.ExceptHandler):
        return _leave_tuple(use, parent)
    if not isinstance(parent, ast.ExceptHandler) or parent.type is not use.node:
        return None
    guard = use.parents[-2]
    assert isinstance(guard, ast.Try)
    if not all(map(_is_idle, parent.body)) or guard.orelse:
        return Leave(
            message=f"the clause `except {use.path}` does something",
            why=_WHY + ", so what it does would never be done again",
            advice="move it to where the work is stopped now, or into a finally; then delete the "
            "clause",
        )
    edit: Edit = ReplaceHandler(parent, lambda node, context: None)
    if len(guard.handlers) == 1 and not guard.finalbody:
        edit = Fold(guard, "body")  # nothing of the try statement is left
    return Rewrite(
        message=f"the clause `except {use.path}` goes",
        why=_WHY + ", and the clause did nothing",
        edits=(edit,),
        checks={"C-KILL": "what stopped this code by killing it, and what stops it now?"},
    )


def _is_idle(statement: ast.stmt) -> bool:
    """Whether a statement of a clause only ends it or logs."""
    if isinstance(statement, ast.Return):
        return statement.value is None or isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return ast.unparse(statement.value.func).startswith(("LOG.", "log.", "logger.", "logging."))
    return isinstance(statement, ast.Pass)


def _leave_tuple(use: Use, names: ast.Tuple) -> Decision | None:
    rest = [item for item in names.elts if item is not use.node]
    if not rest or any(isinstance(item, ast.Starred) for item in rest):
        return None

    def make(node: object, context: Context) -> str:
        codes = [ast.unparse(item) for item in rest]
        return codes[0] if len(codes) == 1 else f"({', '.join(codes)})"

    return Rewrite(
        message=f"`{use.path}` leaves the tuple of exceptions",
        why=_WHY,
        edits=(ReplaceExpression(names, make),),
        checks={"C-KILL": "what stopped this code by killing it, and what stops it now?"},
    )


rule = Rule(
    code="EVT507",
    family="patching",
    step=3,
    summary="except clauses for GreenletExit and StopServe go",
    apis=frozenset({"greenlet.GreenletExit", "eventlet.convenience.StopServe"}),
    match=match,
    references=("GT-EXC", "NET-4"),
    example_settings={"steps": frozenset({3})},
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
