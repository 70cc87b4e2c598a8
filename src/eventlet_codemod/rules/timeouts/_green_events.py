"""Events of eventlet that are waited for under a Timeout: the two are rewritten together."""

from __future__ import annotations

import ast
import dataclasses

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle
from eventlet_codemod.rules.sync import _events
from eventlet_codemod.rules.timeouts._primitive import FUTURES, Primitives
from eventlet_codemod.rules.timeouts._promoted import Promotion


class Unsettled(Exception):
    """The event stays, or its twin ends its wait in another way; the text says why."""


def together(found: Promotion, facts: Facts) -> str:
    """What a Timeout goes with: the event that is waited for under it, or what its limit says."""
    event = _event(found.primitives, facts) if found.primitives is not None else None
    return event.group.id if event is not None else found.limit.together


def settled(found: Primitives, facts: Facts, settings: Settings) -> Primitives:
    """The waits, as the twin of the event does them. Raises Unsettled."""
    if not any(wait.kind == "green event" for wait in found.waits):
        return found
    event = _event(found, facts)
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


def _event(found: Primitives, facts: Facts) -> Handle | None:
    calls = {wait.call for wait in found.waits if wait.kind == "green event"}
    uses = (use for use, deed in facts.deed.items() if deed.call in calls)
    return next((facts.handle_of[use] for use in uses), None)
