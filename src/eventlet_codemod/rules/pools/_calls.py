"""Calls that keep their arguments and get another function."""

from __future__ import annotations

import ast
from collections.abc import Callable

import libcst as cst

from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Edit, ReplaceExpression
from eventlet_codemod.rules.threads import _started

Make = Callable[[cst.BaseExpression, Context], cst.BaseExpression | str]


def renamed(node: ast.Attribute, name: str) -> Edit:
    """The edit that lets an attribute have another name."""
    return ReplaceExpression(node, lambda n, context: n.with_changes(attr=cst.Name(name)))


def call_of(call: ast.Call, name: str, *, keyword: str = "") -> Edit:
    """The edit that calls another method of the same object with the same arguments.

    What ``keyword`` gives is passed by position, first.
    """

    def make(node: cst.BaseExpression, context: Context) -> cst.BaseExpression | str:
        assert isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)
        new = _first_by_position(node, keyword)
        new = new.with_changes(func=node.func.with_changes(attr=cst.Name(name)))
        plain = context.code(new.with_changes(lpar=(), rpar=()))
        if "\n" not in plain and context.column + len(plain) + context.tail <= context.limit:
            return new
        if isinstance(node.whitespace_before_args, cst.ParenthesizedWhitespace):
            return new  # its arguments stand below it, wherever that begins
        function = f"{context.value(node.func.value)}.{name}"
        return context.call(function, _started.items_of(new, context))

    return ReplaceExpression(call, make)


def append_of(call: ast.Call, function: str, *, keyword: str) -> Edit:
    """The edit that calls ``function`` with the same arguments, and appends what it gives."""

    def make(node: cst.BaseExpression, context: Context) -> str:
        assert isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)
        arguments = _started.items_of(_first_by_position(node, keyword), context)
        owner = context.value(node.func.value)
        return context.call(f"{owner}.append({function}", arguments, ")")

    return ReplaceExpression(call, make)


def _first_by_position(node: cst.Call, keyword: str) -> cst.Call:
    first = node.args[0] if node.args else None
    if not keyword or first is None or first.keyword is None or first.keyword.value != keyword:
        return node
    first = first.with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT)
    return cst.ensure_type(node.with_changes(args=[first, *node.args[1:]]), cst.Call)
