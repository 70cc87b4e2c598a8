"""The edit that gives a function another name, and keeps what is aligned with its bracket."""

from __future__ import annotations

import ast
from functools import partial
from typing import Any

import libcst as cst

from eventlet_codemod.facts import Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import ReplaceExpression


def named(use: Use, module: str, name: str) -> ReplaceExpression:
    """The edit that makes a reference, called or not, one to ``module.name``."""
    dotted = f"{module}.{name}"
    call = use.call
    if call is None or call.lineno == call.end_lineno:
        assert isinstance(use.node, ast.expr)
        return ReplaceExpression(use.node, lambda _, c: f"{c.name(module)}.{name}", dotted)
    return ReplaceExpression(call, partial(_called, call, module, name), dotted)


def _called(
    call: ast.Call, module: str, name: str, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    assert isinstance(node, cst.Call)
    function = f"{context.name(module)}.{name}"
    renamed = node.with_changes(func=context.parse(function))
    given = [*call.args, *(item.value for item in call.keywords)]
    if any(item.lineno != item.end_lineno for item in given):
        return renamed
    line, old = min((item.lineno, item.col_offset) for item in (*call.args, *call.keywords))  # type: ignore[attr-defined]
    new = context.column + len(function) + 1
    if line != call.func.end_lineno or line != call.func.lineno:
        return renamed
    block = len(context.indent)
    return renamed.with_changes(args=[_moved(item, old - block, new - block) for item in node.args])


def _moved(argument: cst.Arg, old: int, new: int) -> cst.Arg:
    """An argument behind which a line begins below the bracket, at the bracket's new place."""
    comma: Any = argument.comma
    space = getattr(comma, "whitespace_after", None)
    if not isinstance(space, cst.ParenthesizedWhitespace) or len(space.last_line.value) != old:
        return argument
    moved = space.with_changes(last_line=cst.SimpleWhitespace(" " * new))
    return argument.with_changes(comma=comma.with_changes(whitespace_after=moved))
