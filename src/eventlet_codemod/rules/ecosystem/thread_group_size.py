"""The size of a `ThreadGroup` is given by position, which both backends of oslo.service take.

The keyword is `thread_pool_size` on eventlet's backend and `max_threads` on the threading one; each
raises a TypeError on the other. The first position means the same on both, so code that runs on
either needs it there.

So does a class that derives from a group, in what it hands to the `__init__` of its base.
"""

from __future__ import annotations

import ast

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.backend import GROUP, SIZE
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.ecosystem import _linked

_INIT = f"{GROUP}.__init__"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a group that is made with its size as a keyword."""
    if use.kind not in ("reference", "handle") or use.call is None:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    call = use.call
    through_a_class = use.api == _INIT
    if use.kind == "handle" and not through_a_class:
        return None
    if not through_a_class and not _linked.objection(facts, settings):
        return None
    if through_a_class and _self_too(call):
        call = ast.Call(call.func, call.args[1:], call.keywords)
    if len(call.keywords) != 1 or call.args:
        return Leave(
            message="the size of this group is not its only argument",
            why="a ThreadGroup takes nothing else, on either backend",
            advice="give the size by position and nothing else",
        )
    return Rewrite(
        message="the group's size is given by position",
        why="both backends take it there, and have different names for it",
        edits=(ReplaceExpression(use.call, _by_position, GROUP),),
    )


def _self_too(call: ast.Call) -> bool:
    """Whether a call is ``ThreadGroup.__init__(self, …)``."""
    return ast.unparse(call.func).rpartition(".")[0].endswith("ThreadGroup") and bool(call.args)


def _by_position(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    call = cst.ensure_type(node, cst.Call)
    plain = call.args[-1].with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT)
    return call.with_changes(args=[*call.args[:-1], plain])


rule = Rule(
    code="EVT412",
    family="ecosystem",
    step=1,
    summary=f"a ThreadGroup takes its size by position, not as `{SIZE}`",
    apis=frozenset({GROUP, _INIT}),
    match=match,
    references=("OSL-3",),
    example_settings={"monkey_patch": "init-backend", "monkey_patched": "yes"},
    before="""\
from oslo_service import threadgroup


class Manager:
    def __init__(self, size):
        self.tg = threadgroup.ThreadGroup(thread_pool_size=size)
""",
    after="""\
from oslo_service import threadgroup


class Manager:
    def __init__(self, size):
        self.tg = threadgroup.ThreadGroup(size)
""",
)
