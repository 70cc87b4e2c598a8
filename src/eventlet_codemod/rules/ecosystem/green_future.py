"""futurist's `GreenFuture` is its `Future` where threads are patched.

A `GreenFuture` is a `Future` that waits with a green condition if `monkey_patch()` has not patched
threads. Under it the two differ in nothing but the class, so the class is renamed, and the reviewer
is asked who tells them apart: `futurist.waiters` refuse to wait for green and native futures
together.

A `GreenDelayedExecutorMixin` goes with the executor that the class derives from; that is left.
"""

from __future__ import annotations

import ast

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)

_API = "futurist.GreenFuture"
_MIXIN = "futurist.GreenDelayedExecutorMixin"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a reference to the class."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    if use.api.startswith(_MIXIN):
        return Leave(
            message=f"`{use.path}` goes with a green executor",
            why="a native executor that delays its work does it in a thread, which may fire while "
            "the work of others is running",
            advice="derive from futurist.DelayedExecutorMixin and a native executor, both at once",
        )
    if use.api != _API:
        return None
    if isinstance(use.parent, ast.ClassDef):
        return Leave(
            message="a class derives from `futurist.GreenFuture`",
            why="it may replace the condition that only a green future makes for itself",
            advice="derive from futurist.Future, if the class leaves _condition alone",
        )
    assert isinstance(use.node, ast.expr)
    dotted = isinstance(use.node, ast.Attribute)  # then its module is at hand
    return Rewrite(
        message="a `futurist.Future` takes its place",
        why="where threads are patched the two differ in their class only",
        edits=(ReplaceExpression(use.node, _renamed if dotted else _named, "futurist.Future"),),
        checks={
            "C-FLOW": "does each executor whose futures meet this one become a native one? "
            "futurist.waiters refuse green and native futures together"
        },
        needs=() if dotted else ("futurist",),
    )


def _renamed(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    return node.with_changes(attr=cst.Name("Future"))


def _named(node: cst.BaseExpression, context: Context) -> str:
    return f"{context.name('futurist')}.Future"


rule = Rule(
    code="EVT403",
    family="ecosystem",
    step=1,
    summary="futurist's green future becomes its native one",
    apis=frozenset({_API, f"{_API}.*", _MIXIN, f"{_MIXIN}.*"}),
    match=match,
    checks=("C-FLOW",),
    relies_on="thread",
    references=("FUT-2",),
    before="""\
import futurist


def done(value):
    future = futurist.GreenFuture()
    future.set_result(value)
    return future
""",
    after="""\
import futurist


def done(value):
    future = futurist.Future()
    future.set_result(value)
    return future
""",
)
