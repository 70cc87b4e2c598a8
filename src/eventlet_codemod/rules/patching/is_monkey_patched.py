"""`is_monkey_patched()` answers False once nothing is patched, so the native branch stays.

The branch that goes is the one that production ran until now; the one that stays often holds the
native implementation that nobody has run lately. That is for review.
"""

from __future__ import annotations

import ast

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    Fold,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    is_elif,
    leave_in_doubt,
)


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Fold the condition that asks, or put the answer in its place."""
    if use.kind != "reference" or use.call is None:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    given = [*use.call.args, *(item.value for item in use.call.keywords)]
    acts = any(isinstance(n, (ast.Call, ast.NamedExpr)) for a in given for n in ast.walk(a))
    edit = _fold(use.call, use.parents[-2], answer=False) if not acts else None
    outer = use.parents[-2]
    if (
        edit is None
        and not acts
        and isinstance(outer, ast.UnaryOp)
        and isinstance(outer.op, ast.Not)
    ):
        edit = _fold(outer, use.parents[-3], answer=True)
    if edit is None or _is_chained(edit, facts):
        return Leave(
            message="`is_monkey_patched` is asked within a longer condition",
            why="nothing is patched any more, so it answers False",
            advice="simplify the condition by hand: the call is False",
        )
    return Rewrite(
        message="nothing is patched any more: the native branch stays",
        why="without monkey_patch() the answer is always False",
        edits=(edit,),
        checks={"C-BRANCH": ""},
    )


def _fold(node: ast.expr, outer: ast.AST, *, answer: bool) -> Edit | None:
    """The edit for a condition ``node`` in ``outer`` whose value is ``answer``."""
    if isinstance(outer, ast.If) and outer.test is node:
        return Fold(outer, "body" if answer else "orelse")
    if isinstance(outer, ast.IfExp) and outer.test is node:
        kept = "body" if answer else "orelse"
        return ReplaceExpression(outer, lambda n, c: _chosen(n, kept))
    if isinstance(outer, (ast.Assign, ast.Return, ast.keyword, ast.AnnAssign)):
        return ReplaceExpression(node, lambda n, c: str(answer))
    return None


def _chosen(node: cst.BaseExpression, kept: str) -> cst.BaseExpression:
    """One side of a conditional expression, in its brackets where it needs them."""
    value: cst.BaseExpression = getattr(node, kept)
    atom = isinstance(value, (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.BaseNumber))
    if node.lpar and not value.lpar and not atom:
        return value.with_changes(lpar=node.lpar, rpar=node.rpar)
    return value


def _is_chained(edit: Edit, facts: Facts) -> bool:
    """Whether the if statement belongs to a chain, which is not folded."""
    if not isinstance(edit, Fold) or not isinstance(edit.node, ast.If):
        return False
    orelse = edit.node.orelse
    return is_elif(edit.node, facts) or (len(orelse) == 1 and isinstance(orelse[0], ast.If))


rule = Rule(
    code="EVT503",
    family="patching",
    step=3,
    summary="questions whether the process is patched are answered: no",
    apis=frozenset(
        {"eventlet.patcher.is_monkey_patched", "oslo_utils.eventletutils.is_monkey_patched"}
    ),
    match=match,
    checks=("C-BRANCH",),
    references=("IMP-3",),
    example_settings={"force": True},
    before="""\
from eventlet import patcher


def start(green, native):
    if patcher.is_monkey_patched("thread"):
        green()
    else:
        native()
""",
    after="""\
def start(green, native):
    native()
""",
)
