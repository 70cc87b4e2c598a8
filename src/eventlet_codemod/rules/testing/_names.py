"""The edit that gives a patch another name."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from eventlet_codemod.facts.patches import Patch
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import ReplaceExpression


def renamed(patch: Patch, new: str) -> ReplaceExpression:
    """Give a patch another name; a call on one line that gets too long for it is broken."""
    if is_broken(patch):
        return ReplaceExpression(patch.literal, lambda node, context: quoted(node, new))

    def make(node: cst.BaseExpression, context: Context) -> str:
        assert isinstance(node, cst.Call)
        first = context.code(quoted(node.args[0].value, new))
        return context.call(context.code(node.func), [first, *_arguments(node.args[1:], context)])

    return ReplaceExpression(patch.call, make)


def laid_out(patch: Patch) -> ReplaceExpression:
    """Break a call on one line that gets too long for what became of its arguments."""

    def make(node: cst.BaseExpression, context: Context) -> str:
        assert isinstance(node, cst.Call)
        return context.call(context.code(node.func), _arguments(node.args, context))

    return ReplaceExpression(patch.call, make)


def is_broken(patch: Patch) -> bool:
    """Whether the call stands on several lines, as its author laid it out."""
    return patch.call.lineno != patch.call.end_lineno


def _arguments(items: Iterable[cst.Arg], context: Context) -> list[str]:
    given = []
    for item in items:
        keyword = f"{item.keyword.value}=" if item.keyword else ""
        given.append(f"{item.star}{keyword}{context.value(item.value)}")
    return given


def quoted(node: cst.BaseExpression, text: str) -> cst.BaseExpression:
    """A string in the quotes of the one that it replaces."""
    quote = node.quote if isinstance(node, cst.SimpleString) else '"'
    return cst.SimpleString(f"{quote}{text}{quote}")
