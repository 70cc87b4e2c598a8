"""A spawn that becomes a call of the same shape, which gives a Future."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import libcst as cst

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.handles import SPAWNS
from eventlet_codemod.layout import Argument
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Edit, ReplaceExpression
from eventlet_codemod.rules.threads import _layout


def edits(
    use: Use,
    facts: Facts,
    function: Callable[[Context], str],
    names: Sequence[str],
    native: str,
) -> tuple[Edit, ...]:
    """The call with another function: its arguments stay as they are where the line holds them.

    ``names`` are the spawn's own parameters, which the function takes by position alone;
    ``native`` is its dotted name.
    """
    call = use.call
    assert call is not None
    siblings = (item.call for item in facts.uses if item.api in SPAWNS)
    holder = _layout.edits_of_holder(call, use.parents[:-1], use.statement, siblings)
    lines = facts.lines[use.statement.lineno - 1 : use.statement.end_lineno]
    if len(lines) > 1 and any("#" in line for line in lines):
        holder = None  # its comments keep it as it is

    def make(node: cst.BaseExpression, context: Context) -> cst.BaseExpression | str:
        assert isinstance(node, cst.Call)
        code = function(context)
        node = _with_own_first(node, names)
        renamed = node.with_changes(func=cst.parse_expression(code))
        plain = context.code(renamed.with_changes(lpar=(), rpar=()))
        width = context.column + len(plain) + context.tail
        if "\n" not in plain and (holder is not None or width <= context.limit):
            return plain
        if "\n" in plain and "#" in plain:
            return renamed
        arguments: list[Argument] = [
            f"{item.keyword.value}={context.value(item.value)}"
            if item.keyword
            else f"{item.star}{context.value(item.value)}"
            for item in node.args
        ]
        if holder is not None:
            return f"{code}({', '.join(map(str, arguments))})"
        return _layout.call(context, code, arguments, block=use.statement.col_offset)

    edit = ReplaceExpression(call, make, native)
    return (edit, *(holder or ()))


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
