"""`oslo_utils.eventletutils.Event` has the interface of `threading.Event`, which takes its place.

It is a function that makes a `threading.Event` where threads are not monkey patched, and else an
`EventletEvent` with the same methods. So only the name changes: `set`, `clear`, `is_set` and
`wait(timeout)`, which answers True or False, stay as they are.

The two differ where an event is set and cleared at once: who waits for a `threading.Event` is
woken, who waits for an `EventletEvent` goes on waiting.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle, HandleUse, Module, Use
from eventlet_codemod.rules import limits
from eventlet_codemod.rules.base import Decision, Leave, Rewrite, Rule
from eventlet_codemod.rules.sync import _alike

_MODULE = "oslo_utils.eventletutils"
_CLASSES = (f"{_MODULE}.Event", f"{_MODULE}.EventletEvent")
_WHY = "its methods are those of threading.Event"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on an event as a whole: its creation, or one thing done to it."""
    handle = facts.handle_of.get(use)
    if handle is None:
        if use.api not in _CLASSES or any(_examine(item).objection for item in facts.handles):
            return None
        return _alike.as_value(use, facts, "threading", "Event")
    outcome = _examine(handle)
    if outcome.objection:
        return Leave(
            message=f"this event of oslo.utils stays: {outcome.objection}",
            why="threading.Event does not do that, or what ends its wait() is not known to it",
            advice="use a threading.Event, and give wait() the timeout that ends it",
        )
    # Event() is threading's own where threads are not patched
    relies_on = "thread" if _CLASSES[1] in handle.apis else None
    if use in handle.creations or _alike.names_class(use, facts):
        return Rewrite(
            message="`threading.Event` takes the place of oslo.utils' event",
            why=_WHY,
            edits=(_alike.rename_class(use, "threading", "Event"),),
            checks=outcome.checks,
            needs=("threading",),
            relies_on=relies_on,
        )
    return Rewrite(
        message="the same on a `threading.Event`",
        why=_WHY,
        checks=outcome.checks,
        relies_on=relies_on,
    )


def _examine(handle: Handle) -> _alike.Outcome:
    """Why an event must stay, if it must; else the open questions."""
    if handle.api not in _CLASSES:
        return _alike.Outcome()
    for creation in handle.creations:
        if creation.call is not None and (creation.call.args or creation.call.keywords):
            return _alike.Outcome("it is made with an argument")
    methods = dict.fromkeys(("set", "is_set", "isSet"), _alike.always)
    return _alike.examine(handle, _CLASSES, {**methods, "wait": _wait, "clear": _clear})


def _wait(deed: HandleUse, use: Use, module: Module) -> str | None:
    if limits.limited_by(deed):
        return "!a Timeout ends its wait()"
    if deed.call is None:
        return None
    if _alike.has_stars(deed.call):
        return "!the arguments of wait() cannot be seen"
    timeout = _alike.timeout_of(deed.call, 0)
    if timeout is None or _alike.never_negative(timeout, use, module):
        return None
    return "C-TYPE: can the timeout be negative? It was a ValueError, and no time at all now"


def _clear(deed: HandleUse, use: Use, module: Module) -> str | None:
    return "C-ORDER: clear() right after set() kept who waited waiting, and wakes them now"


rule = Rule(
    code="EVT208",
    family="sync",
    step=1,
    summary="the Event of oslo_utils.eventletutils becomes threading.Event",
    apis=frozenset({*_CLASSES, *(f"{name}.*" for name in _CLASSES)}),
    match=match,
    checks=("C-FLOW", "C-ORDER", "C-TYPE"),
    references=("OSU-1",),
    before="""\
from oslo_utils import eventletutils


class Listener:
    def __init__(self):
        self.ready = eventletutils.Event()

    def on_connected(self):
        self.ready.set()

    def wait(self):
        return self.ready.wait(timeout=30)
""",
    after="""\
import threading


class Listener:
    def __init__(self):
        self.ready = threading.Event()

    def on_connected(self):
        self.ready.set()

    def wait(self):
        return self.ready.wait(timeout=30)
""",
)
