"""Events, green threads and pools that are waited for under a Timeout: they change together."""

from __future__ import annotations

import ast
import dataclasses

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle
from eventlet_codemod.rules.pools import _pile, _pool
from eventlet_codemod.rules.sync import _events
from eventlet_codemod.rules.threads import _spawned, _together
from eventlet_codemod.rules.timeouts._gather import Gather
from eventlet_codemod.rules.timeouts._primitive import FUTURES, GREEN, Primitives
from eventlet_codemod.rules.timeouts._promoted import Promotion


class Unsettled(Exception):
    """The object stays, or its twin ends its wait in another way; the text says why.

    ``setting`` is the one on which that depends.
    """

    def __init__(self, text: str, setting: str | None = None) -> None:
        super().__init__(text)
        self.setting = setting


def object_of(found: Promotion, facts: Facts) -> str:
    """The object that is waited for under a Timeout, by the id of its group; "" for none."""
    if found.gather is not None:
        handle = pile_of(found.gather, facts)
    else:
        waits = found.primitives
        handles = (_waited_for(waits, facts, kind) for kind in GREEN) if waits else ()
        handle = next(filter(None, handles), None)
    return handle.group.id if handle is not None else ""


def settled(found: Primitives, facts: Facts, settings: Settings) -> Primitives:
    """The waits, as the twin of the event or green thread does them. Raises Unsettled."""
    if any(wait.kind == "green thread" for wait in found.waits):
        return _of_thread(found, facts, settings)
    if any(wait.kind == "green pool" for wait in found.waits):
        return _of_pool(found, facts, settings)
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


def _of_pool(found: Primitives, facts: Facts, settings: Settings) -> Primitives:
    """`waitall()` of the helper answers whether all is done; an executor takes no limit."""
    handle = _waited_for(found, facts, "green pool")
    if handle is None:
        raise Unsettled("the pool that it waits for is not followed")
    plan = _pool.plan(handle, settings)
    if plan.objection:
        raise Unsettled(f"the GreenPool stays: {plan.objection}")
    if plan.form != "helper":
        raise Unsettled("an executor's shutdown() takes no limit", "helpers")
    return found


def settled_pile(found: Gather, facts: Facts, settings: Settings) -> None:
    """Raises Unsettled where the pile stays."""
    pile = pile_of(found, facts)
    if pile is None:
        raise Unsettled("the pile whose results it takes is not followed")
    plan = _pile.plan(pile, settings)
    objection = plan.objection
    if not objection and plan.pool is not None:
        objection = _pool.plan(plan.pool, settings).objection
    if objection:
        raise Unsettled(f"the GreenPile stays: {objection}")


def pile_of(found: Gather, facts: Facts) -> Handle | None:
    """The pile whose results are taken, where it is followed."""
    uses = (use for use, deed in facts.deed.items() if deed.node is found.read)
    return next((facts.handle_of[use] for use in uses), None)


def _thread(found: Primitives, facts: Facts) -> Handle | None:
    return _waited_for(found, facts, "green thread")


def _waited_for(found: Primitives, facts: Facts, kind: str) -> Handle | None:
    calls = {wait.call for wait in found.waits if wait.kind == kind}
    uses = (use for use, deed in facts.deed.items() if deed.call in calls)
    return next((facts.handle_of[use] for use in uses), None)
