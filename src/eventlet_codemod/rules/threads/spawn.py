"""`spawn` and `spawn_n` start a green thread; a daemon thread is its native counterpart.

A green thread never keeps the process alive and its traceback is printed when it fails: a daemon
`threading.Thread` does both in the same way. What changes is that the child may run before the
next line of its parent, in parallel with it, that it cannot be killed, and that `sys.exit()` in
it ends the thread and no longer the process.

Only a call whose result nobody uses is rewritten here. In the handler of a signal it waits for the
end of patching: `start()` of a patched thread waits until it runs, which the hub must not.
"""

from __future__ import annotations

import ast

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.layout import Argument
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.threads import _layout, _started

_NAMES = ("func",)
_WHY = "like a green thread, a daemon thread prints its traceback and never holds up the exit"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a spawn whose result nobody uses; others go to the next rule."""
    if use.kind != "reference" or use.call is None or not use.call_is_statement:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    call = use.call
    if not _started.has_plain_target(use, 1, _NAMES):
        return Leave(
            message="the target of this spawn cannot be seen",
            why="it is hidden in a starred argument, or given twice",
            advice="name the target as the first argument, then run again",
        )
    if green := _started.green_target(use, facts):
        return Leave(
            message=f"this spawn stays with `{green}`, which stays",
            why="that is eventlet's own, and runs on its hub",
            advice="put something else in the place of its target, then run again",
        )
    if _started.has_odd_comment(use, facts):
        return Leave(
            message="a comment stands inside the arguments of this spawn",
            why="the rewrite lays the arguments out anew and would lose its place",
            advice="move the comment above the statement, then run again",
        )

    def make(node: cst.BaseExpression, context: Context) -> str:
        assert isinstance(node, cst.Call)
        (target,), positional, keywords = _started.split(node, _NAMES, context)
        arguments: list[Argument] = [
            _started.named("target", target),
            *_started.passed_on(positional, keywords, use),
        ]
        if _started.target_comes_late(call):
            arguments.append(arguments.pop(0))
        arguments.append("daemon=True")
        return _layout.call(context, f"{context.name('threading')}.Thread", arguments, ".start()")

    step = _started.step_of(use, facts)
    return Rewrite(
        message="a daemon thread runs it instead of a green thread",
        why=_WHY if step is None else _started.LATER,
        edits=(ReplaceExpression(call, make, "threading.Thread"),),
        checks={
            **_started.checks(use, _target(call), facts),
            **_started.life(use, _target(call), facts),
        },
        needs=("threading",),
        setting="spawn",
        step=step,
    )


def _target(call: ast.Call) -> ast.expr | None:
    if call.args:
        return call.args[0]
    return next((item.value for item in call.keywords if item.arg == "func"), None)


rule = Rule(
    code="EVT110",
    family="threads",
    step=1,
    summary="a spawn whose result is unused becomes a daemon thread",
    apis=frozenset({"eventlet.greenthread.spawn", "eventlet.greenthread.spawn_n"}),
    match=match,
    checks=("C-START", "C-ATOM", "C-EXIT", "C-MAIN", "C-BOUND", "C-LIFE"),
    relies_on="thread",
    settings=("spawn",),
    references=("SPN-1", "SPN-5"),
    before="""\
import eventlet


def notify(client, event):
    eventlet.spawn_n(client.send, event, retries=3)
""",
    after="""\
import threading


def notify(client, event):
    threading.Thread(
        target=client.send, args=(event,), kwargs={"retries": 3}, daemon=True
    ).start()
""",
)
