"""Questions that have one answer from now on, with the conditions that ask them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from eventlet_codemod.facts import Facts
from eventlet_codemod.rules.base import Edit, Fold, ReplaceExpression, is_elif


def edit_for(node: ast.expr, parents: Sequence[ast.AST], answer: bool, facts: Facts) -> Edit | None:
    """The edit that makes ``answer`` of a question, or folds the condition that asks it.

    ``parents`` lead to the question. None where a longer condition or a chain asks it.
    """
    edit = _fold(node, parents[-1], answer)
    outer = parents[-1]
    if edit is None and isinstance(outer, ast.UnaryOp) and isinstance(outer.op, ast.Not):
        edit = _fold(outer, parents[-2], not answer)
    return None if edit is None or _is_chained(edit, facts) else edit


def _fold(node: ast.expr, outer: ast.AST, answer: bool) -> Edit | None:
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
