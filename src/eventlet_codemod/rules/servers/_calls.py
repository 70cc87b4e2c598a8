"""The edit that gives a function another name, and keeps its arguments where they belong."""

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
    if use.call is not None:
        return ReplaceExpression(use.call, partial(_called, use.call, module, name), dotted)
    assert isinstance(use.node, ast.expr)
    return ReplaceExpression(use.node, lambda _, c: f"{c.name(module)}.{name}", dotted)


def without(use: Use, module: str, name: str, keyword: str) -> ReplaceExpression:
    """The same edit for a call that loses a keyword, too; no mock follows that."""
    assert use.call is not None

    def make(node: cst.BaseExpression, context: Context) -> str:
        given = [
            f"{item.keyword.value}={context.value(item.value)}"
            if item.keyword is not None
            else f"{item.star}{context.value(item.value)}"
            for item in cst.ensure_type(node, cst.Call).args
            if item.keyword is None or item.keyword.value != keyword
        ]
        return context.call(f"{context.name(module)}.{name}", given)

    return ReplaceExpression(use.call, make)


def _called(
    call: ast.Call, module: str, name: str, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    assert isinstance(node, cst.Call)
    function = f"{context.name(module)}.{name}"
    renamed = _aligned(node.with_changes(func=context.parse(function)), call, function, context)
    if _fits(context.code(renamed), context):
        return renamed
    items = [context.code(item.with_changes(comma=cst.MaybeSentinel.DEFAULT)) for item in node.args]
    if any("\n" in text for text in items) or "#" in context.code(node):
        return renamed  # no better for being laid out anew
    new = context.parse(context.call(function, [item.strip() for item in items]))
    return new.with_changes(lpar=node.lpar, rpar=node.rpar)


def _fits(code: str, context: Context) -> bool:
    first, *others = code.split("\n")
    ends = [context.column + len(first), *(len(context.indent) + len(line) for line in others)]
    ends[-1] += context.tail
    return max(ends) <= context.limit


def _aligned(node: cst.Call, call: ast.Call, function: str, context: Context) -> cst.Call:
    """A call whose lines begin below the bracket, moved along with that."""
    given = [*call.args, *(item.value for item in call.keywords)]
    if not given or any(item.lineno != item.end_lineno for item in given):
        return node
    line, old = min((item.lineno, item.col_offset) for item in (*call.args, *call.keywords))  # type: ignore[attr-defined]
    new = context.column + len(function) + 1
    if line != call.func.end_lineno or line != call.func.lineno:
        return node
    block = len(context.indent)
    return node.with_changes(args=[_moved(item, old - block, new - block) for item in node.args])


def _moved(argument: cst.Arg, old: int, new: int) -> cst.Arg:
    """An argument behind which a line begins below the bracket, at the bracket's new place."""
    comma: Any = argument.comma
    space = getattr(comma, "whitespace_after", None)
    if not isinstance(space, cst.ParenthesizedWhitespace) or len(space.last_line.value) != old:
        return argument
    moved = space.with_changes(last_line=cst.SimpleWhitespace(" " * new))
    return argument.with_changes(comma=comma.with_changes(whitespace_after=moved))
