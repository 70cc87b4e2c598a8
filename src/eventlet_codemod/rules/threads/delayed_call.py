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
from functools import partial

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle, HandleUse, Module, Use
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
from eventlet_codemod.rules.threads import _future, _kept, _started, _submitted

_LOCAL = "eventlet.greenthread.spawn_after_local"
_APIS = frozenset({"eventlet.greenthread.spawn_after", _LOCAL})
_CLASS = "eventlet.greenthread.GreenThread"
_NAMES = ("seconds", "func")
_WHY = "like a pending green thread, a daemon timer never holds up the exit"
_KILL = "kill() also stopped it once it had begun; cancel() only does before"
_TRUTH = "a pending green thread was false, what stands for it is true"
_WAITS = {
    "wait": "it is waited for",
    "link": "a callback is linked to it",
    "dead": "it is asked whether it is over",
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a delayed call as a whole: its creation, or one thing done to it."""
    handle = facts.handle_of.get(use)
    if handle is None:
        return _unkept(use, facts)
    if not handle.apis <= _APIS:
        return None
    checks: dict[str, str] = {}
    waited = any(deed.attribute in _WAITS for deed in handle.uses)
    split = all(map(_kept.can_be_split, handle.creations))
    as_future = waited or (settings.helpers is not None and not split)
    objection = _objection(handle, checks, as_future)
    if not objection and waited and settings.helpers is None:
        objection = next(_WAITS[deed.attribute] for deed in handle.uses if deed.attribute in _WAITS)
    if objection:
        return Leave(
            message=f"this delayed call stays: {objection}",
            why="a timer can be cancelled, and no more",
            advice="keep a threading.Timer with daemon = True, whose cancel() is the same; to wait "
            "for the result, set `helpers`: its call_later gives a Future",
            setting="helpers" if waited or not split else None,
        )
    if use in handle.creations:
        return _creation(use, facts, checks, settings.helpers if as_future else None)
    return _deed(facts.deed[use], checks, as_future)


def _unkept(use: Use, facts: Facts) -> Decision | None:
    """``spawn_after_local`` whose result nobody uses."""
    if use.api != _LOCAL or use.kind != "reference" or use.call is None:
        return None
    if not use.call_is_statement:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    if _why_not_made(use, facts, as_future=False):
        return None
    return _creation(use, facts, {}, None)


# --- what is done to it -------------------------------------------------------------------------


def _objection(handle: Handle, checks: dict[str, str], as_future: bool) -> str:
    """Why a timer cannot stand for it; else the open questions go to ``checks``."""
    if handle.conflicts or handle.escapes:
        return [*handle.conflicts, *(deed.reason for deed in handle.escapes)][0]
    current = _future.compared_with_current(handle)
    if current:
        return f"getcurrent() on {current} may be compared with it"
    checks.update(flow_checks(handle))
    for deed in handle.uses:
        if deed.foreign:
            return f"other objects' .{handle.attribute} may be it"
        objection = _future.truth(deed, handle) or _cannot(deed, checks, as_future)
        if objection:
            return f"{objection} on {where(deed, handle)}"
    for creation, module in zip(handle.creations, handle.origins, strict=True):
        reason = _why_not_made(creation, module, as_future)
        if reason:
            return f"{reason} on line {creation.node.lineno}"  # type: ignore[attr-defined]
    stopped = any(deed.attribute in ("cancel", "kill") for deed in handle.uses)
    if stopped and as_future:
        checks.setdefault("C-KILL", "who waits for a cancelled one gets CancelledError now")
        for deed in handle.uses:
            if deed.attribute == "wait" and _future.expects_exit(deed):
                return f"GreenletExit is caught on {where(deed, handle)}"
    return ""


def _cannot(deed: HandleUse, checks: dict[str, str], as_future: bool) -> str:
    """Why the native object does not do this; else the open question goes to ``checks``."""
    if deed.how == "test":
        checks.setdefault("C-TRUTH", _TRUTH)
    elif deed.how == "text":
        checks.setdefault("C-TYPE", "the text that it prints as changes")
    elif deed.how == "argument":
        return _cannot_stop(deed, checks, as_future)
    elif deed.how == "attribute":
        attribute = deed.parents[-1]
        assert isinstance(attribute, ast.Attribute)
        if not isinstance(attribute.ctx, ast.Load):
            return f".{deed.attribute} is set anew"
        if deed.attribute in ("cancel", "kill"):
            return _cannot_stop(deed, checks, as_future)
        if deed.attribute in _WAITS:
            return _future.objection_to(deed, checks)
        return f".{deed.attribute} has no native twin, used"
    elif deed.how not in (*_future.NEUTRAL, "annotation"):
        return f"a use of kind {deed.how} has no native twin,"
    return ""


def _cannot_stop(deed: HandleUse, checks: dict[str, str], as_future: bool) -> str:
    """The same for a cancel or a kill, by method or by function."""
    name = deed.attribute
    if name not in ("cancel", "kill"):
        return f"{name}() takes it"
    if name == "kill":
        checks.setdefault("C-KILL", _KILL)
    if deed.call is None:
        return _cannot_pass(deed, checks)
    expected = 1 if deed.how == "argument" else 0
    if len(deed.call.args) + len(deed.call.keywords) > expected:
        return f"{name}() is given what to throw"
    if deed.how == "argument" and not isinstance(deed.node, _PRIMARIES):
        return f"what {name}() is given cannot be named"
    alone = isinstance(deed.holder if deed.how == "attribute" else deed.parents[-2], ast.Expr)
    return f"the answer of {name}() is used" if as_future and not alone else ""


def _cannot_pass(deed: HandleUse, checks: dict[str, str]) -> str:
    """The same for a bound method that is passed on: the native one takes no argument."""
    holder = deed.parents[-2]
    last = isinstance(holder, ast.Call) and holder.args[-1:] == [deed.parents[-1]]
    if not last or ast.unparse(holder.func).endswith("link"):  # type: ignore[attr-defined]
        return f".{deed.attribute} is passed on, uncalled,"
    text = ast.unparse(holder.func)  # type: ignore[attr-defined]
    checks.setdefault("C-FLOW", f"does `{text}` call .{deed.attribute} without arguments?")
    return ""


_PRIMARIES = (ast.Name, ast.Attribute, ast.Subscript, ast.Call)


def _why_not_made(creation: Use, module: Module, as_future: bool) -> str:
    if not _started.has_plain_target(creation, 2, _NAMES):
        return "its delay or target cannot be seen"
    call = creation.call
    assert call is not None
    first = call.keywords[0].arg if call.keywords else None
    if first == "func" and not call.args:
        return "the target comes before the delay"
    stays = as_future and len(call.args) > 1  # then only the function is another one
    if not stays and _started.has_odd_comment(creation, module):
        return "a comment stands inside its arguments"
    if not as_future:
        fits = _kept.can_be_split(creation)
        return "" if fits else "it cannot be made by statements of its own"
    late = [item.value for item in call.keywords if item.arg not in _NAMES]
    moved = not stays and any(isinstance(n, ast.Call) for v in late for n in ast.walk(v))
    return "its target comes after other arguments" if moved else ""


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
            edits=_submitted.edits(use, partial(_call_later, helpers), _NAMES),
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
    (delay, target), positional, keywords = _started.split(spawn, _NAMES, context)
    arguments: list[Argument] = [delay, target]
    arguments += _started.passed_on(positional, keywords, use)
    if _started.target_comes_late(use.call) and (positional or keywords):
        arguments[1:] = [*arguments[2:], _started.named("function", target)]
    return context.call(f"{context.name('threading')}.Timer", arguments)


def _deed(deed: HandleUse, checks: dict[str, str], as_future: bool) -> Rewrite:
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
    elif deed.attribute in _WAITS:
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
    apis=frozenset({*_APIS, *(f"{name}.*" for name in _APIS), *_future.FUNCTIONS, _CLASS}),
    match=match,
    checks=(
        *("C-ATOM", "C-EXIT", "C-MAIN", "C-BOUND", "C-KILL", "C-TRUTH", "C-TYPE", "C-FLOW"),
        *("C-LIFE", "C-EXC", "C-ORDER"),
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
