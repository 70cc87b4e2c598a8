"""Which native object a delayed call becomes."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Handle, HandleUse, Module, Use
from eventlet_codemod.rules import unseen
from eventlet_codemod.rules.locations import kind_of, where
from eventlet_codemod.rules.sync._alike import flow_checks
from eventlet_codemod.rules.threads import _future, _kept, _started

LOCAL = "eventlet.greenthread.spawn_after_local"
APIS = frozenset({"eventlet.greenthread.spawn_after", LOCAL})

#: The parameters of the spawn itself.
NAMES = ("seconds", "func")

#: What needs a Future, and how a message says it.
WAITS = {
    "wait": "it is waited for",
    "link": "a callback is linked to it",
    "dead": "it is asked whether it is over",
}
_KILL = "kill() also stopped it once it had begun; cancel() only does before"
_TRUTH = "a pending green thread was false, what stands for it is true"


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a delayed call: a Future of the helper, or a timer.

    With an ``objection`` it stays. ``needs_helper`` says that a timer cannot do it.
    """

    objection: str
    as_future: bool
    needs_helper: bool
    checks: Mapping[str, str]


def plan(handle: Handle, settings: Settings) -> Plan:
    """Look at everything that is done to a delayed call, and at how it is made."""
    checks: dict[str, str] = {}
    waited = any(deed.attribute in WAITS for deed in handle.uses)
    split = all(map(_kept.can_be_split, handle.creations))
    as_future = waited or (settings.helpers is not None and not split)
    objection = _objection(handle, checks, as_future)
    if not objection and waited and settings.helpers is None:
        objection = next(WAITS[deed.attribute] for deed in handle.uses if deed.attribute in WAITS)
    return Plan(objection, as_future, waited or not split, checks)


def _objection(handle: Handle, checks: dict[str, str], as_future: bool) -> str:
    """Why a timer cannot stand for it; else the open questions go to ``checks``."""
    if handle.conflicts or handle.escapes:
        return [*handle.conflicts, *(deed.reason for deed in handle.escapes)][0]
    checks.update(flow_checks(handle))
    kept = unseen.objection_to(handle, checks)
    if kept:
        return kept
    for deed in handle.uses:
        if deed.foreign:
            return f"other objects' .{handle.attribute} may be it"
        objection = _future.truth(deed, handle) or _cannot(deed, checks, as_future)
        if objection:
            return f"{objection} on {where(deed, handle)}"
    for creation, module in zip(handle.creations, handle.origins, strict=True):
        reason = why_not_made(creation, module, as_future)
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
        if deed.attribute in WAITS:
            return _future.objection_to(deed, checks)
        return f".{deed.attribute} has no native twin, used"
    elif deed.how not in (*_future.NEUTRAL, "annotation"):
        return f"{kind_of(deed)} has no native twin,"
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


def why_not_made(creation: Use, module: Module, as_future: bool) -> str:
    if not _started.has_plain_target(creation, 2, NAMES):
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
    late = [item.value for item in call.keywords if item.arg not in NAMES]
    moved = not stays and any(isinstance(n, ast.Call) for v in late for n in ast.walk(v))
    return "its target comes after other arguments" if moved else ""
