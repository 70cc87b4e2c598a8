"""Events and green threads that are waited for under a Timeout: they are rewritten together."""

from __future__ import annotations

import ast
import dataclasses

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle
from eventlet_codemod.rules.sync import _events
from eventlet_codemod.rules.threads import _spawned, _together
from eventlet_codemod.rules.timeouts._primitive import FUTURES, Primitives
from eventlet_codemod.rules.timeouts._promoted import Promotion


class Unsettled(Exception):
    """The object stays, or its twin ends its wait in another way; the text says why."""


def together(found: Promotion, facts: Facts) -> str:
    """What a Timeout goes with: what is waited for under it, or what its limit says."""
    waits = found.primitives
    handle = waits and (_waited_for(waits, facts, "green event") or _thread(waits, facts))
    return handle.group.id if handle else found.limit.together


def settled(found: Primitives, facts: Facts, settings: Settings) -> Primitives:
    """The waits, as the twin of the event or green thread does them. Raises Unsettled."""
    if any(wait.kind == "green thread" for wait in found.waits):
        return _of_thread(found, facts, settings)
    if not any(wait.kind == "green event" for wait in found.waits):
        return found
    event = _waited_for(found, facts, "green event")
    if event is None:
        raise Unsettled("the event that it ends the wait for is not followed")
    profile = _events.profile(event, settings)
    if profile.objection:
        raise Unsettled(f"the Event stays: {profile.objection}")
    if profile.rewritten == "helper":
        raise Unsettled("a OneShot does not tell that the time is over")
    raises = profile.rewritten == "value"
    waits = []
    for wait in found.waits:
        if wait.kind == "green event":
            if not raises and isinstance(wait.statement, ast.Return):
                raise Unsettled(f"the answer of wait() on line {wait.call.lineno} is returned")
            kind = ("future" if profile.errors else "value") if raises else "event"
            wait = dataclasses.replace(wait, kind=kind, error=FUTURES if raises else "")
        waits.append(wait)
    return Primitives(tuple(waits), found.several)


def _of_thread(found: Primitives, facts: Facts, settings: Settings) -> Primitives:
    """A Future raises when the time is over, a thread is alive then."""
    handle = _thread(found, facts)
    if handle is None:
        raise Unsettled("the green thread that it waits for is not followed")
    plan = _spawned.plan(handle, settings)
    if plan.form == "server":
        raise Unsettled("the green thread runs a server")
    objection = plan.objection or _together.objection_to(handle, facts, settings)
    if objection:
        raise Unsettled(f"the green thread stays: {objection}")
    waits = []
    for wait in found.waits:
        if wait.kind == "green thread" and plan.form == "thread":
            if not isinstance(wait.statement, ast.Expr):
                raise Unsettled(f"what wait() on line {wait.call.lineno} gives is used")
            wait = dataclasses.replace(wait, kind="thread", error="")
        elif wait.kind == "green thread":
            wait = dataclasses.replace(wait, kind="future")
        waits.append(wait)
    return Primitives(tuple(waits), found.several)


def _thread(found: Primitives, facts: Facts) -> Handle | None:
    return _waited_for(found, facts, "green thread")


def _waited_for(found: Primitives, facts: Facts, kind: str) -> Handle | None:
    calls = {wait.call for wait in found.waits if wait.kind == kind}
    uses = (use for use, deed in facts.deed.items() if deed.call in calls)
    return next((facts.handle_of[use] for use in uses), None)
