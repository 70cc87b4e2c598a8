"""The edit that gives a patch another name."""

from __future__ import annotations

import libcst as cst

from eventlet_codemod.facts.patches import Patch
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import ReplaceExpression


def renamed(patch: Patch, new: str) -> ReplaceExpression:
    """Give a patch another name; a call on one line that gets too long for it is broken."""
    if patch.call.lineno != patch.call.end_lineno:
        return ReplaceExpression(patch.literal, lambda node, context: quoted(node, new))

    def make(node: cst.BaseExpression, context: Context) -> str:
        assert isinstance(node, cst.Call)
        first, *rest = node.args
        arguments = [context.code(quoted(first.value, new))]
        for item in rest:
            keyword = f"{item.keyword.value}=" if item.keyword else ""
            arguments.append(f"{item.star}{keyword}{context.value(item.value)}")
        return context.call(context.code(node.func), arguments)

    return ReplaceExpression(patch.call, make)


def quoted(node: cst.BaseExpression, text: str) -> cst.BaseExpression:
    """A string in the quotes of the one that it replaces."""
    quote = node.quote if isinstance(node, cst.SimpleString) else '"'
    return cst.SimpleString(f"{quote}{text}{quote}")
