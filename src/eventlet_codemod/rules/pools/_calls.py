"""Calls that keep their arguments and get another function."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

import libcst as cst

from eventlet_codemod.facts import HandleUse
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Edit, ReplaceExpression
from eventlet_codemod.rules.threads import _layout, _started

Make = Callable[[cst.BaseExpression, Context], cst.BaseExpression | str]


def renamed(node: ast.Attribute, name: str) -> Edit:
    """The edit that lets an attribute have another name."""
    return ReplaceExpression(node, lambda n, context: n.with_changes(attr=cst.Name(name)))


def call_of(
    deed: HandleUse,
    name: str,
    siblings: Iterable[ast.AST | None] = (),
    *,
    keyword: str = "",
) -> tuple[Edit, ...]:
    """The edits that call another method of the same object with the same arguments.

    What ``keyword`` gives is passed by position, first. ``siblings`` are calls that change alike.
    """
    assert deed.call is not None
    statement = deed.use.statement
    holder = _layout.edits_of_holder(deed.call, deed.parents[:-2], statement, siblings)

    def make(node: cst.BaseExpression, context: Context) -> cst.BaseExpression | str:
        assert isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)
        new = _first_by_position(node, keyword)
        new = new.with_changes(func=node.func.with_changes(attr=cst.Name(name)))
        plain = context.code(new.with_changes(lpar=(), rpar=()))
        fits = holder is not None or context.column + len(plain) + context.tail <= context.limit
        if "\n" not in plain and fits:
            return new
        if isinstance(node.whitespace_before_args, cst.ParenthesizedWhitespace):
            return new  # its arguments stand below it, wherever that begins
        function = f"{context.value(node.func.value)}.{name}"
        arguments = _started.items_of(new, context)
        return _layout.call(context, function, arguments, block=statement.col_offset)

    return (ReplaceExpression(deed.call, make), *(holder or ()))


def append_of(deed: HandleUse, function: str, *, keyword: str) -> Edit:
    """The edit that calls ``function`` with the same arguments, and appends what it gives."""
    assert deed.call is not None

    def make(node: cst.BaseExpression, context: Context) -> str:
        assert isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)
        arguments = _started.items_of(_first_by_position(node, keyword), context)
        owner = context.value(node.func.value)
        return _layout.nested(context, f"{owner}.append", function, arguments)

    return ReplaceExpression(deed.call, make)


def _first_by_position(node: cst.Call, keyword: str) -> cst.Call:
    first = node.args[0] if node.args else None
    if not keyword or first is None or first.keyword is None or first.keyword.value != keyword:
        return node
    first = first.with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT)
    return cst.ensure_type(node.with_changes(args=[first, *node.args[1:]]), cst.Call)
