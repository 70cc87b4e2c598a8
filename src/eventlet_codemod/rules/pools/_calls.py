"""Calls that keep their arguments and get another function."""

from __future__ import annotations

import ast
from collections.abc import Callable

import libcst as cst

from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Edit, ReplaceExpression
from eventlet_codemod.rules.threads import _started


def renamed(node: ast.Attribute, name: str) -> Edit:
    """The edit that lets an attribute have another name."""
    return ReplaceExpression(node, lambda n, context: n.with_changes(attr=cst.Name(name)))


def call_of(
    call: ast.Call,
    name: str,
    *,
    keyword: str = "",
    around: Callable[[str, Context], tuple[str, str]] | None = None,
) -> Edit:
    """The edit that calls another method of the same object with the same arguments.

    What ``keyword`` gives is passed by position, first. ``around`` gives what to write before and
    behind the call.
    """

    def make(node: cst.BaseExpression, context: Context) -> cst.BaseExpression | str:
        assert isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)
        first = node.args[0] if node.args else None
        owner = context.value(node.func.value)
        func = node.func.with_changes(attr=cst.Name(name))
        if keyword and first is not None and first.keyword and first.keyword.value == keyword:
            first = first.with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT)
            node = cst.ensure_type(node.with_changes(args=[first, *node.args[1:]]), cst.Call)
        before, behind = around(owner, context) if around else ("", "")
        function = f"{before}{owner}.{name}"
        new = node.with_changes(func=func)
        plain = context.code(new.with_changes(lpar=(), rpar=()))
        line = f"{before}{plain}{behind}"
        if "\n" not in line and context.column + len(line) + context.tail <= context.limit:
            return line if around else new
        if not around and isinstance(node.whitespace_before_args, cst.ParenthesizedWhitespace):
            return new  # its arguments stand below it, wherever that begins
        return context.call(function, _started.items_of(node, context), behind)

    return ReplaceExpression(call, make)
