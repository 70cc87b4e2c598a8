"""An `eventlet.event.Event` that carries no value is a `threading.Event`.

`send()` becomes `set()` and `ready()` becomes `is_set()`; `wait()` keeps its name. An eventlet
event is one-shot: a second `send()` fails an assertion, where a second `set()` does nothing.

`threading.Event.wait` answers whether the event happened. eventlet's answers what was sent: None
when that is nothing, or when the time is over. So the answer may be used where it is the same:
with `send(True)` everywhere, and where only its truth is asked for. An event whose
`wait(timeout)` was tested although nothing is sent stays, since the test never saw anything but
None.

An event that carries a value or an exception is for `event-value`. An event stays when it goes
where it is not followed, since all that is done to it has to change together, and when a
`Timeout` ends a `wait()`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules import named
from eventlet_codemod.rules.base import Decision, Edit, Leave, ReplaceExpression, Rewrite, Rule
from eventlet_codemod.rules.sync import _alike, _events

_WHY = "this event only tells that something happened, which is what a threading.Event does"
_TWINS = {"send": "set", "ready": "is_set", "reset": "clear"}
_ADVICE = (
    "replace it by a threading.Event together with all that is done to it; wait(timeout) then "
    "answers True or False"
)


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on an event as a whole: its creation, or one thing done to it."""
    handle = facts.handle_of.get(use)
    if handle is None:
        return _events.as_class(use, facts, settings, "plain")
    profile = _events.profile(handle, settings)
    if profile.kind != "plain":
        return None
    if profile.objection:
        return Leave(
            message=f"this Event stays: {profile.objection}",
            why="everything done to an event must change with it",
            advice=profile.advice or _ADVICE,
        )
    if use in handle.creations or _alike.names_class(use, facts):
        return Rewrite(
            message="`threading.Event` takes the place of eventlet's",
            why=_WHY,
            edits=(_alike.rename_class(use, "threading", "Event"),),
            checks=profile.checks,
            needs=("threading",),
        )
    deed = facts.deed[use]
    if deed.how == "named":
        return named.follow(deed, _TWINS, _WHY)
    twin = _TWINS.get(deed.attribute)
    edits: tuple[Edit, ...] = ()
    if twin is not None and deed.call is not None:
        edits = (ReplaceExpression(deed.call, _renamed(twin)),)
    elif twin is not None and _events.takes_anything(deed, handle):
        assert isinstance(use.node, ast.expr)
        edits = (ReplaceExpression(use.node, _called_anyhow),)
    elif twin is not None:
        assert isinstance(use.node, ast.expr)
        edits = (ReplaceExpression(use.node, lambda n, c: n.with_changes(attr=cst.Name(twin))),)
    message = f"`{twin}()` says the same" if twin else "the same on a `threading.Event`"
    return Rewrite(message=message, why=_WHY, edits=edits, checks=profile.checks)


def _called_anyhow(node: cst.BaseExpression, context: Context) -> str:
    """``set()``, whatever ``send()`` would have been called with."""
    assert isinstance(node, cst.Attribute)
    return f"lambda *_: {context.code(node.value)}.set()"


def _renamed(name: str) -> Callable[[cst.BaseExpression, Context], cst.BaseExpression]:
    def make(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
        assert isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)
        return _alike.bare(node.with_changes(func=node.func.with_changes(attr=cst.Name(name))))

    return make


rule = Rule(
    code="EVT205",
    family="sync",
    step=1,
    summary="an Event without a value becomes threading.Event",
    apis=frozenset({_events.API, f"{_events.API}.*"}),
    match=match,
    checks=("C-ONCE", "C-ORDER", "C-FLOW", "C-KILL"),
    relies_on="thread",
    references=("EVT-1", "EVT-2", "EVT-4", "EVT-5", "EVT-6", "EVT-9"),
    before="""\
from eventlet import event


class Server:
    def __init__(self):
        self._started = event.Event()

    def run(self):
        self._started.send()

    def wait_started(self):
        self._started.wait()
""",
    after="""\
import threading


class Server:
    def __init__(self):
        self._started = threading.Event()

    def run(self):
        self._started.set()

    def wait_started(self):
        self._started.wait()
""",
)
