"""A delayed call that is kept, to be cancelled, is a daemon `threading.Timer`.

`cancel()` keeps its name, and so does what `greenthread.cancel(timer)` says. A `kill()` becomes
`cancel()` too: it also stopped the work once it had begun, which nothing native does.

`spawn_after_local` runs only if the green thread that asked for it is still alive; a timer runs
anyway, and the reviewer is asked whether that matters.

With the setting `helpers` a delayed call that is waited for, or made in the middle of an
expression, becomes the project's own `call_later`, which gives a Future. Without it such a call
stays.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import partial

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, HandleUse, Use
from eventlet_codemod.layout import Argument
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.threads import (
    _delayed,
    _future,
    _kept,
    _layout,
    _started,
    _submitted,
    _together,
)

_CLASS = "eventlet.greenthread.GreenThread"
_WHY = "like a pending green thread, a daemon timer never holds up the exit"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a delayed call as a whole: its creation, or one thing done to it."""
    handle = facts.handle_of.get(use)
    if handle is None:
        return _unkept(use, facts)
    if not handle.apis <= _delayed.APIS:
        return None
    plan = _delayed.plan(handle, settings)
    objection = plan.objection or _together.objection_to(handle, facts, settings)
    if objection:
        return Leave(
            message=f"this delayed call stays: {objection}",
            why="a timer can be cancelled, and no more",
            advice="keep a threading.Timer with daemon = True, whose cancel() is the same; to wait "
            "for the result, set `helpers`: its call_later gives a Future",
            setting="helpers" if plan.needs_helper else None,
        )
    if use in handle.creations:
        helpers = settings.helpers if plan.as_future else None
        return _creation(use, facts, {**plan.checks, **_together.asks(handle)}, helpers)
    return _deed(facts.deed[use], plan.checks, plan.as_future)


def _unkept(use: Use, facts: Facts) -> Decision | None:
    """``spawn_after_local`` whose result nobody uses."""
    if use.api != _delayed.LOCAL or use.kind != "reference" or use.call is None:
        return None
    if not use.call_is_statement:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    if _delayed.why_not_made(use, facts, as_future=False):
        return None
    return _creation(use, facts, {}, None)


# --- edits --------------------------------------------------------------------------------------


def _creation(use: Use, facts: Facts, found: dict[str, str], helpers: str | None) -> Rewrite:
    checks = _started.checks(use, _target(use), facts)
    checks.pop("C-START", None)  # it starts after the delay, as it did
    checks |= found
    if "C-BOUND" in checks:
        checks["C-BOUND"] = "each pending timer is a thread, and this stands in a loop"
    if use.api == _delayed.LOCAL:
        checks["C-LIFE"] = "it ran only if the green thread that asked for it was still alive"
    if helpers is not None:
        checks["C-EXC"] = "what it raises is raised where the result is asked for"
        return Rewrite(
            message=f"`{helpers}.call_later` gives a Future of the delayed call",
            why="its result() gives, or raises, what the work did; cancel() is the same",
            edits=_submitted.edits(
                use,
                facts,
                partial(_call_later, helpers),
                _delayed.NAMES,
                f"{helpers}.call_later",
            ),
            checks=checks,
            needs=(helpers,),
            helpers=("call_later",),
            setting="helpers",
        )
    return Rewrite(
        message="a daemon timer calls it later instead of a green thread",
        why=_WHY,
        edits=(_kept.edit(use, facts, "timer", partial(_timer, use), ("daemon = True",)),),
        checks=checks,
        needs=("threading",),
    )


def _call_later(module: str, context: Context) -> str:
    return f"{context.name(module)}.call_later"


def _timer(use: Use, spawn: cst.Call, context: Context) -> str:
    assert use.call is not None
    (delay, target), positional, keywords = _started.split(spawn, _delayed.NAMES, context)
    arguments: list[Argument] = [delay, target]
    arguments += _started.passed_on(positional, keywords, use)
    if _started.target_comes_late(use.call) and (positional or keywords):
        arguments[1:] = [*arguments[2:], _started.named("function", target)]
    return _layout.call(context, f"{context.name('threading')}.Timer", arguments)


def _deed(deed: HandleUse, checks: Mapping[str, str], as_future: bool) -> Rewrite:
    if deed.how == "annotation":
        module, name = ("concurrent.futures", "Future") if as_future else ("threading", "Timer")
        return Rewrite(
            message=f"the annotation names `{module}.{name}`",
            why="that is what the object is now",
            edits=(_future.annotation_edit(deed, module, name),),
            needs=(module,),
        )
    edits: tuple[Edit, ...] = ()
    message = f"the same on a {'Future' if as_future else 'Timer'}"
    if deed.attribute == "kill":
        message = "`cancel()` is what can still be done"
    if deed.how == "argument":
        assert deed.call is not None
        edits = (ReplaceExpression(deed.call, _future.cancelled),)
    elif deed.attribute == "kill":
        edits = (ReplaceExpression(deed.parents[-1], partial(_renamed, "cancel")),)  # type: ignore[arg-type]
    elif deed.attribute in _delayed.WAITS:
        message = "a Future's method says the same"
        edits = _future.edits_for(deed)
    wanted = _CHECKS_OF.get(deed.attribute or deed.how, ())
    asked = {code: text for code, text in checks.items() if code in wanted}
    return Rewrite(message=message, why=_WHY, edits=edits, checks=asked)


_CHECKS_OF = {
    "cancel": ("C-KILL",),
    "kill": ("C-KILL",),
    "link": ("C-ORDER",),
    "test": ("C-TRUTH",),
    "text": ("C-TYPE",),
    "wait": ("C-KILL",),
}


def _renamed(name: str, node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    return node.with_changes(attr=cst.Name(name))


def _target(use: Use) -> ast.expr | None:
    assert use.call is not None
    if len(use.call.args) > 1:
        return use.call.args[1]
    return next((item.value for item in use.call.keywords if item.arg == "func"), None)


rule = Rule(
    code="EVT114",
    family="threads",
    step=1,
    summary="a delayed call that is kept becomes a daemon timer",
    apis=frozenset(
        {*_delayed.APIS, *(f"{name}.*" for name in _delayed.APIS), *_future.FUNCTIONS, _CLASS}
    ),
    match=match,
    checks=(
        *("C-START", "C-ATOM", "C-EXIT", "C-MAIN", "C-BOUND", "C-KILL", "C-TRUTH", "C-TYPE"),
        *("C-FLOW", "C-LIFE", "C-EXC", "C-ORDER"),
    ),
    relies_on="thread",
    settings=("helpers",),
    references=("SPN-8", "SPN-9", "GT-CANCEL", "GT-KILL K4"),
    before="""\
import eventlet


class Lease:
    def renew(self, seconds, expire):
        self.cancel()
        self._timer = eventlet.spawn_after(seconds, expire, self)

    def cancel(self):
        if self._timer is not None:
            self._timer.cancel()
""",
    after="""\
import threading


class Lease:
    def renew(self, seconds, expire):
        self.cancel()
        self._timer = threading.Timer(seconds, expire, args=(self,))
        self._timer.daemon = True
        self._timer.start()

    def cancel(self):
        if self._timer is not None:
            self._timer.cancel()
""",
)
