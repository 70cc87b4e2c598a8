"""A method of an object that a string names: ``hasattr(event, "send")``, or a test's patch."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import libcst as cst

from eventlet_codemod.facts import HandleUse
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Edit, ReplaceExpression, Rewrite


def follow(deed: HandleUse, twins: Mapping[str, str], why: str) -> Rewrite:
    """Name the method that takes the place of the one that is named."""
    name = deed.reason
    twin = twins.get(name, name)
    if twin == name:
        return Rewrite(message=f"the native object has a `{name}` as well", why=why)
    edits: tuple[Edit, ...] = ()
    literal = deed.call.args[1] if deed.call is not None else None
    if isinstance(literal, ast.Constant):
        edits = (ReplaceExpression(literal, lambda node, context: _quoted(node, twin, context)),)
    return Rewrite(
        message=f"`{twin}` is named in the place of `{name}`",
        why=why,
        edits=edits,
        checks={"C-FLOW": f"does what is said of `{name}` here hold for `{twin}`?"},
    )


def _quoted(node: cst.BaseExpression, text: str, context: Context) -> cst.BaseExpression:
    quote = node.quote if isinstance(node, cst.SimpleString) else '"'
    return cst.SimpleString(f"{quote}{text}{quote}")
