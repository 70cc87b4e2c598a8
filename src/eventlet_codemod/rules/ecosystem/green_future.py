"""futurist's `GreenFuture` is its `Future` where threads are patched.

A `GreenFuture` is a `Future` that waits with a green condition if `monkey_patch()` has not patched
threads. Under it the two differ in nothing but the class, so the class is renamed, and the reviewer
is asked who tells them apart: `futurist.waiters` refuse to wait for green and native futures
together.

A `SynchronousExecutor(green=True)` makes green futures and locks, which are native ones where
threads are patched; without the argument it makes those.

A `GreenDelayedExecutorMixin` goes with the executor that the class derives from; that is left.
"""

from __future__ import annotations

import ast
from functools import partial

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
from eventlet_codemod.rules.ecosystem._calls import position_of, without

_API = "futurist.GreenFuture"
_MIXIN = "futurist.GreenDelayedExecutorMixin"
_SYNCHRONOUS = "futurist.SynchronousExecutor"

_MEETS = (
    "does each executor whose futures meet these become a native one? futurist.waiters refuse "
    "green and native futures together"
)


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a reference to the class."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    if use.api == _SYNCHRONOUS:
        return _synchronous(use)
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
        checks={"C-FLOW": _MEETS},
        needs=() if dotted else ("futurist",),
    )


def _synchronous(use: Use) -> Decision:
    """The decision on an executor that is made with the argument ``green``."""
    call = use.call
    assert call is not None
    green = next(item.value for item in call.keywords if item.arg == "green")
    if not isinstance(green, ast.Constant) or any(item.arg is None for item in call.keywords):
        return Leave(
            message="whether this executor is green is computed",
            why="what it is computed of may have to go too",
            advice="leave the argument out, with what decides about it",
        )
    place = position_of(call, green)
    assert place is not None
    return Rewrite(
        message="the executor makes native futures",
        why="where threads are patched, green futures and locks differ in their class only",
        edits=(ReplaceExpression(call, partial(_without, place)),),
        checks={"C-FLOW": _MEETS} if green.value else {},
    )


def _without(place: int, node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    return without(cst.ensure_type(node, cst.Call), place)


def _renamed(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    return node.with_changes(attr=cst.Name("Future"))


def _named(node: cst.BaseExpression, context: Context) -> str:
    return f"{context.name('futurist')}.Future"


rule = Rule(
    code="EVT403",
    family="ecosystem",
    step=1,
    summary="futurist's green future becomes its native one",
    apis=frozenset({_API, f"{_API}.*", _MIXIN, f"{_MIXIN}.*", _SYNCHRONOUS}),
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
