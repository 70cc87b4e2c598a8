"""A delayed call that is kept, to be cancelled, is a daemon `threading.Timer`.

`cancel()` keeps its name, and so does what `greenthread.cancel(timer)` says. A `kill()` becomes
`cancel()` too: it also stopped the work once it had begun, which nothing native does.

`spawn_after_local` runs only if the green thread that asked for it is still alive; a timer runs
anyway, and the reviewer is asked whether that matters.

With the setting `helpers` a delayed call that is waited for becomes the project's own
`call_later`, which gives a Future. Without it such a call stays.
"""

from __future__ import annotations

import ast
from functools import partial

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle, HandleUse, Use
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
from eventlet_codemod.rules.sync._alike import flow_checks, where
from eventlet_codemod.rules.threads import _future, _kept, _started

_LOCAL = "eventlet.greenthread.spawn_after_local"
_APIS = frozenset({"eventlet.greenthread.spawn_after", _LOCAL})
_NAMES = ("seconds", "func")
_WHY = "like a pending green thread, a daemon timer never holds up the exit"
_KILL = "kill() also stopped it once it had begun; cancel() only does before"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a delayed call as a whole: its creation, or one thing done to it."""
    handle = facts.handle_of.get(use)
    if handle is None:
        return _unkept(use, facts)
    if not handle.apis <= _APIS:
        return None
    checks: dict[str, str] = {}
    waited = any(deed.attribute in ("wait", "dead") for deed in handle.uses)
    objection = _objection(handle, checks, waited)
    if not objection and waited and settings.helpers is None:
        objection = "it is waited for"
    if objection:
        return Leave(
            message=f"this delayed call stays: {objection}",
            why="a timer can be cancelled, and no more",
            advice="keep a threading.Timer with daemon = True, whose cancel() is the same; to wait "
            "for the result, set `helpers`: its call_later gives a Future",
            setting="helpers" if waited else None,
        )
    if use in handle.creations:
        return _creation(use, facts, checks, settings.helpers if waited else None)
    return _deed(facts.deed[use], waited)


def _unkept(use: Use, facts: Facts) -> Decision | None:
    """``spawn_after_local`` whose result nobody uses."""
    if use.api != _LOCAL or use.kind != "reference" or use.call is None:
        return None
    if not use.call_is_statement:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    if _why_not_made(use, facts.lines, waited=False):
        return None
    return _creation(use, facts, {}, None)


# --- what is done to it -------------------------------------------------------------------------


def _objection(handle: Handle, checks: dict[str, str], waited: bool) -> str:
    """Why a timer cannot stand for it; else the open questions go to ``checks``."""
    if handle.conflicts or handle.escapes:
        return [*handle.conflicts, *(deed.reason for deed in handle.escapes)][0]
    checks.update(flow_checks(handle))
    for deed in handle.uses:
        if deed.foreign:
            return f"other objects' .{handle.attribute} may be it"
        if deed.attribute == "kill":
            checks.setdefault("C-KILL", _KILL)
            if deed.how == "attribute" and (deed.call is None or deed.call.args):
                return f"it is killed with an exception on {where(deed, handle)}"
        elif deed.how == "test":
            checks.setdefault("C-TRUTH", "a pending green thread was false, a Timer is true")
        elif deed.how == "text":
            checks.setdefault("C-TYPE", "the text that it prints as changes")
        elif deed.attribute == "dead" and deed.call is None:
            continue
        elif deed.attribute not in ("cancel", "wait", "") or deed.how in _ODD:
            what = f".{deed.attribute}" if deed.attribute else f"a use of kind {deed.how}"
            return f"{what} on {where(deed, handle)} has no native twin"
        elif deed.attribute and deed.call is not None and not _is_plain(deed):
            return f"{deed.attribute}() is given arguments on {where(deed, handle)}"
    for creation, module in zip(handle.creations, handle.origins, strict=True):
        reason = _why_not_made(creation, module.lines, waited)
        if reason:
            return f"{reason} on line {creation.node.lineno}"  # type: ignore[attr-defined]
    return ""


_ODD = ("isinstance", "iterate", "with")


def _is_plain(deed: HandleUse) -> bool:
    assert deed.call is not None
    expected = 1 if deed.how == "argument" else 0
    return len(deed.call.args) == expected and not deed.call.keywords


def _why_not_made(creation: Use, lines: list[str], waited: bool) -> str:
    if not _started.has_plain_target(creation, 2, _NAMES):
        return "its delay or target cannot be seen"
    assert creation.call is not None
    keywords = creation.call.keywords
    if keywords and keywords[0].arg == "func" and not creation.call.args:
        return "the target comes before the delay"
    last = creation.call.end_lineno or creation.call.lineno
    if any("#" in line for line in lines[creation.call.lineno - 1 : last - 1]):
        return "a comment stands inside its arguments"
    fits = waited or _kept.can_be_split(creation)
    return "" if fits else "it cannot be made by statements of its own"


# --- edits --------------------------------------------------------------------------------------


def _creation(use: Use, facts: Facts, found: dict[str, str], helpers: str | None) -> Rewrite:
    checks = {**_started.checks(use, _target(use), facts), **found}
    checks.pop("C-START", None)  # it starts after the delay, as it did
    if "C-BOUND" in checks:
        checks["C-BOUND"] = "each pending timer is a thread, and this stands in a loop"
    if use.api == _LOCAL:
        checks["C-LIFE"] = "it ran only if the green thread that asked for it was still alive"
    if helpers is not None:
        checks["C-EXC"] = "what it raises is raised where the result is asked for"
        return Rewrite(
            message=f"`{helpers}.call_later` gives a Future of the delayed call",
            why="its result() gives, or raises, what the work did; cancel() is the same",
            edits=(ReplaceExpression(use.node, partial(_call_later, helpers)),),  # type: ignore[arg-type]
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


def _call_later(module: str, node: cst.BaseExpression, context: Context) -> str:
    return f"{context.name(module)}.call_later"


def _timer(use: Use, spawn: cst.Call, context: Context) -> str:
    assert use.call is not None
    (delay, target), positional, keywords = _started.split(spawn, _NAMES, context)
    arguments: list[Argument] = [delay, target]
    arguments += _started.passed_on(positional, keywords, use)
    if _started.target_comes_late(use.call) and (positional or keywords):
        arguments[1:] = [*arguments[2:], _started.named("function", target)]
    return context.call(f"{context.name('threading')}.Timer", arguments)


def _deed(deed: HandleUse, waited: bool) -> Rewrite:
    if deed.how == "annotation":
        module, name = ("concurrent.futures", "Future") if waited else ("threading", "Timer")
        return Rewrite(
            message=f"the annotation names `{module}.{name}`",
            why="that is what the object is now",
            edits=(_future.annotation_edit(deed, module, name),),
            needs=(module,),
        )
    checks: dict[str, str] = {}
    edits: tuple[Edit, ...] = ()
    message = f"the same on a {'Future' if waited else 'Timer'}"
    if deed.attribute == "kill":
        checks["C-KILL"] = _KILL
        message = "`cancel()` is what can still be done"
    if deed.how == "argument":
        assert deed.call is not None
        edits = (ReplaceExpression(deed.call, _future.cancelled),)
    elif deed.attribute == "kill":
        edits = (ReplaceExpression(deed.parents[-1], partial(_renamed, "cancel")),)  # type: ignore[arg-type]
    elif deed.attribute in ("wait", "dead"):
        message = "a Future's method says the same"
        edits = _future.edits_for(deed)
    elif deed.how == "test":
        checks["C-TRUTH"] = "a pending green thread was false, a Timer is true"
    return Rewrite(message=message, why=_WHY, edits=edits, checks=checks)


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
    apis=frozenset({*_APIS, *(f"{name}.*" for name in _APIS), *_future.FUNCTIONS}),
    match=match,
    checks=(
        *("C-ATOM", "C-EXIT", "C-MAIN", "C-BOUND", "C-KILL", "C-TRUTH", "C-TYPE", "C-FLOW"),
        *("C-LIFE", "C-EXC"),
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
