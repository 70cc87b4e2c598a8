"""A spawn that becomes a call of the same shape, which gives a Future."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

import libcst as cst

from eventlet_codemod.facts import Use
from eventlet_codemod.layout import Argument
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Edit, ReplaceExpression


def edits(use: Use, function: Callable[[Context], str], names: Sequence[str]) -> tuple[Edit, ...]:
    """The call with another function: its arguments stay as they are where the line holds them.

    ``names`` are the spawn's own parameters, which the function takes by position alone.
    """
    call, holder = use.call, use.parents[-2]
    assert call is not None
    collected = isinstance(holder, (ast.ListComp, ast.SetComp)) and holder.elt is call

    def make(node: cst.BaseExpression, context: Context) -> cst.BaseExpression | str:
        assert isinstance(node, cst.Call)
        code = function(context)
        node = _with_own_first(node, names)
        plain = context.code(node.with_changes(func=cst.parse_expression(code), lpar=(), rpar=()))
        width = context.column + len(plain) + context.tail
        if "\n" not in plain and (collected or width <= context.limit):
            return plain
        if "#" in plain:
            return node.with_changes(func=cst.parse_expression(code))
        arguments: list[Argument] = [
            f"{item.keyword.value}={context.value(item.value)}"
            if item.keyword
            else f"{item.star}{context.value(item.value)}"
            for item in node.args
        ]
        return context.call(code, arguments)

    edit = ReplaceExpression(call, make)
    if not collected:
        return (edit,)
    assert isinstance(holder, (ast.ListComp, ast.SetComp))
    return (edit, ReplaceExpression(holder, lambda node, context: context.comprehension(node)))


def _with_own_first(node: cst.Call, names: Sequence[str]) -> cst.Call:
    """``spawn(x=1, func=f)`` as ``spawn(f, x=1)``: its native twin has no such keyword."""
    own = {a.keyword.value: a for a in node.args if a.keyword and a.keyword.value in names}
    if not own:
        return node
    named = [own[name] for name in names if name in own]
    given = [a for a in node.args if a.keyword is None and not a.star]
    rest = [a for a in node.args if a not in named and a not in given]
    arguments = [*given, *named, *rest]
    if arguments != list(node.args):
        last = node.args[-1].comma
        arguments = [a.with_changes(comma=cst.MaybeSentinel.DEFAULT) for a in arguments]
        arguments[-1] = arguments[-1].with_changes(comma=last)
    count = len(given) + len(named)
    plain = [cst.Arg(a.value, comma=a.comma) for a in arguments[:count]]
    return node.with_changes(args=[*plain, *arguments[count:]])
