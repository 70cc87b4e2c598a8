"""An `eventlet.event.Event` that carries no value is a `threading.Event`.

`send()` becomes `set()` and `ready()` becomes `is_set()`; `wait()` keeps its name. An eventlet
event is one-shot: a second `send()` fails an assertion, where a second `set()` does nothing.

An event stays when it carries a value or an exception, when the answer of `wait()` is used
(`threading.Event.wait` answers True or False, eventlet's answers what was sent, or None), and
when it leaves this file, since all that is done to it has to change together.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, HandleUse, Module, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Decision, Edit, Leave, ReplaceExpression, Rewrite, Rule
from eventlet_codemod.rules.sync import _alike

_API = "eventlet.event.Event"
_WHY = "this event only tells that something happened, which is what a threading.Event does"
_TWINS = {"send": "set", "ready": "is_set", "reset": "clear"}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on an event as a whole: its creation, or one thing done to it."""
    handle = facts.handle_of.get(use)
    if handle is None:
        return None
    outcome = _alike.examine(handle, {_API}, _METHODS, strict=True)
    if outcome.objection:
        return Leave(
            message=f"this Event stays: {outcome.objection}",
            why="everything done to an event must change with it, and a threading.Event carries "
            "no value",
            advice="use a concurrent.futures.Future for a value (set_result, set_exception, "
            "result), a threading.Event without one; wait(timeout) then answers True or False",
        )
    checks = {"C-ONCE": "", **outcome.checks}
    if use in handle.creations:
        return Rewrite(
            message="`threading.Event` takes the place of eventlet's",
            why=_WHY,
            edits=(_alike.rename_class(use, "threading", "Event"),),
            checks=checks,
            needs=("threading",),
        )
    deed = facts.deed[use]
    twin = _TWINS.get(deed.attribute)
    edits: tuple[Edit, ...] = ()
    if twin is not None and deed.call is not None:
        edits = (ReplaceExpression(deed.call, _renamed(twin)),)
    elif twin is not None:
        assert isinstance(use.node, ast.expr)
        edits = (ReplaceExpression(use.node, lambda n, c: n.with_changes(attr=cst.Name(twin))),)
    message = f"`{twin}()` says the same" if twin else "the same on a `threading.Event`"
    return Rewrite(message=message, why=_WHY, edits=edits, checks=checks)


def _renamed(name: str) -> Callable[[cst.BaseExpression, Context], cst.BaseExpression]:
    def make(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
        assert isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)
        return node.with_changes(func=node.func.with_changes(attr=cst.Name(name)), args=[])

    return make


def _is_spawned_alone(deed: HandleUse, module: Module) -> bool:
    """Whether the bound method is the target of a spawn that passes it nothing."""
    outer = deed.parents[-2]
    for use in module.names.uses:
        if use.call is outer and use.api.startswith("eventlet.greenthread.spawn"):
            last = outer.args[-1] if use.call.args else None
            return last is deed.parents[-1] and not use.call.keywords
    return False


def _send(deed: HandleUse, use: Use, module: Module) -> str | None:
    if deed.call is None:
        return None if _is_spawned_alone(deed, module) else _alike.uncalled(deed)
    given = [*deed.call.args, *(item.value for item in deed.call.keywords)]
    if any(item.arg == "exc" for item in deed.call.keywords) or len(given) > 1:
        return "!it carries an exception"
    if given and not (isinstance(given[0], ast.Constant) and given[0].value in (None, True)):
        return "!it carries a value"
    return None if deed.value_unused else "!the answer of send() is used"


def _wait(deed: HandleUse, use: Use, module: Module) -> str | None:
    if deed.call is None:
        return _alike.uncalled(deed)
    if _alike.has_stars(deed.call):
        return "!the arguments of wait() cannot be seen"
    if not deed.value_unused:
        return "!the answer of wait() is used"
    return None


def _reset(deed: HandleUse, use: Use, module: Module) -> str | None:
    if deed.call is None:
        return _alike.uncalled(deed)
    return "C-ORDER: reset() failed unless the event had been sent; clear() does not look"


_METHODS: dict[str, _alike.MethodTest] = {
    "send": _send,
    "wait": _wait,
    "ready": _alike.always,
    "reset": _reset,
}

rule = Rule(
    code="EVT205",
    family="sync",
    step=1,
    summary="an Event without a value becomes threading.Event",
    apis=frozenset({_API, f"{_API}.*"}),
    match=match,
    checks=("C-ONCE", "C-ORDER", "C-FLOW"),
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
