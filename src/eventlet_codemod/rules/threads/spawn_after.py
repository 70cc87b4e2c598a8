"""`spawn_after` calls a function later; natively that is a daemon `threading.Timer`.

The timer must be a daemon: a pending green thread never holds up the exit of the process, and a
plain timer would for the whole of its delay. Each pending timer is an operating-system thread, so
a delayed call per job or request wants one dispatcher instead.

Only a call whose result nobody uses is rewritten here.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.layout import Argument
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceStatement,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.threads import _layout, _started

_NAMES = ("seconds", "func")
_WHY = "like a pending green thread, a daemon timer never holds up the exit"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a delayed call whose result nobody uses; others go to the next rule."""
    if use.kind != "reference" or use.call is None or not use.call_is_statement:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    call = use.call
    if not _started.has_plain_target(use, 2, _NAMES):
        return Leave(
            message="the delay or the target of this call cannot be seen",
            why="it is hidden in a starred argument, or given twice",
            advice="name both as the first two arguments, then run again",
        )
    if green := _started.green_target(use, facts, before=1):
        return Leave(
            message=f"this delayed call stays with `{green}`, which stays",
            why="that is eventlet's own, and runs on its hub",
            advice="put something else in the place of its target, then run again",
        )
    odd_order = call.keywords and call.keywords[0].arg == "func" and not call.args
    if _started.has_odd_comment(use, facts) or use.scope.kind == "class" or odd_order:
        return Leave(
            message="this delayed call cannot be split into statements",
            why="a comment stands between its arguments, or a class body would gain a name",
            advice="move the comment above the statement, or the call into a function",
        )
    name = facts.free_name("timer" if use.function else "_timer", use.scope)

    def make(node: cst.BaseSmallStatement, context: Context) -> Sequence[str]:
        assert isinstance(node, cst.Expr) and isinstance(node.value, cst.Call)
        (delay, target), positional, keywords = _started.split(node.value, _NAMES, context)
        arguments: list[Argument] = [delay, target]
        arguments += _started.passed_on(positional, keywords, use)
        if _started.target_comes_late(call) and (positional or keywords):
            arguments[1:] = [*arguments[2:], _started.named("function", target)]
        timer = _layout.call(
            context.at(len(name) + 3), f"{context.name('threading')}.Timer", arguments
        )
        return (f"{name} = {timer}", f"{name}.daemon = True", f"{name}.start()")

    checks = _started.checks(use, _target(call), facts)
    checks |= _started.life(use, _target(call), facts)
    checks.pop("C-START", None)  # it starts after the delay, as it did
    if use.in_loop:
        checks["C-BOUND"] = "each pending timer is a thread, and this stands in a loop"
    step = _started.step_of(use, facts)
    return Rewrite(
        message="a daemon timer calls it later instead of a green thread",
        why=_WHY if step is None else _started.LATER,
        edits=(ReplaceStatement(use.statement, make, "threading.Timer"),),
        checks=checks,
        needs=("threading",),
        step=step,
    )


def _target(call: ast.Call) -> ast.expr | None:
    if len(call.args) > 1:
        return call.args[1]
    return next((item.value for item in call.keywords if item.arg == "func"), None)


rule = Rule(
    code="EVT111",
    family="threads",
    step=1,
    summary="a spawn_after whose result is unused becomes a daemon timer",
    apis=frozenset({"eventlet.greenthread.spawn_after"}),
    match=match,
    checks=("C-ATOM", "C-EXIT", "C-MAIN", "C-BOUND", "C-LIFE"),
    relies_on="thread",
    references=("SPN-7",),
    before="""\
import eventlet


class Scrubber:
    def run(self, application):
        application.run()
        eventlet.spawn_after(self.delay, self.run, application)
""",
    after="""\
import threading


class Scrubber:
    def run(self, application):
        application.run()
        timer = threading.Timer(self.delay, self.run, args=(application,))
        timer.daemon = True
        timer.start()
""",
)
