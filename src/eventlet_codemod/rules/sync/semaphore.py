"""`eventlet.semaphore.Semaphore` and `BoundedSemaphore` have twins of the same name in threading.

Acquiring, releasing and `with` are the same. A semaphore stays with eventlet when it is asked
for `balance`, `locked()` or other things that threading does not offer, and when a negative
timeout is written out, which means "for ever" to eventlet and "not at all" to threading.

A test that reads `balance`, `counter` or `locked()` reads `_value` instead, which is private: the
same number where nobody waits. If something else may stand in the place of the semaphore, as a
class of the project with a `balance` of its own, the test is changed only where it asserts which
of the two it gets, or that the count is a number above 0.
"""

from __future__ import annotations

import ast

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle, HandleUse, Module, Use
from eventlet_codemod.facts.values import Sign, sign
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Decision, Edit, Leave, ReplaceExpression, Rewrite, Rule
from eventlet_codemod.rules.sync import _alike, _counts
from eventlet_codemod.rules.sync._sends import passed_on

_WHY = "the two classes agree on everything that is done to this one"
_CLASSES = ("eventlet.semaphore.Semaphore", "eventlet.semaphore.BoundedSemaphore")


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a semaphore as a whole: its creation, or one thing done to it."""
    handle = facts.handle_of.get(use)
    if handle is None:
        if use.api not in _CLASSES or any(_objection(item, {}) for item in facts.handles):
            return None
        return _alike.as_value(use, facts, "threading", use.api.rpartition(".")[2])
    checks: dict[str, str] = {}
    objection = _objection(handle, checks)
    name = handle.api.rpartition(".")[2]
    if objection:
        return Leave(
            message=f"this {name} stays: {objection}",
            why="threading's class of the same name does not do that",
            advice=_advice(objection),
        )
    if use in handle.creations or _alike.names_class(use, facts):
        name = use.api.rpartition(".")[2]
        return Rewrite(
            message=f"`threading.{name}` takes the place of eventlet's",
            why=_WHY,
            edits=(_alike.rename_class(use, "threading", name),),
            checks=checks,
            needs=("threading",),
        )
    deed = facts.deed[use]
    edits: tuple[Edit, ...] = ()
    if deed.attribute in _counts.READS:
        return _count(deed, handle, checks)
    if deed.attribute == "release" and deed.call and (deed.call.args or deed.call.keywords):
        edits = (ReplaceExpression(deed.call, _without_arguments),)  # they were ignored
    return Rewrite(
        message=f"the same on a `threading.{name}`", why=_WHY, edits=edits, checks=checks
    )


def _count(deed: HandleUse, handle: Handle, checks: dict[str, str]) -> Rewrite:
    if _counts.reads(deed, handle) == "other":
        message, why = "this is asked of what stands in its place", "that object stays as it is"
        return Rewrite(message=message, why=why, checks=checks)
    return Rewrite(
        message=f"the test reads `_value` in the place of `{deed.attribute}`",
        why="where nobody waits it is the same number, which threading offers in no other way",
        edits=_counts.edits(deed),
        checks=checks,
    )


#: What to do by hand, by a piece of the objection.
_ADVICE = {
    "it cannot be told": "let what stands in its place offer `_value`, too, and the test read "
    "that; or let the test assert the class before it reads the count, then run again",
    "counts those who wait": "let those who wait say so, by an Event or a Queue, before they do",
    ".balance": "count what is taken in the code that takes it, or let a test read _value of "
    "threading's: without those who wait, it is the same number",
    ".locked": "replace locked() by acquire(blocking=False), the only test that holds between "
    "threads",
    "negative timeout": "leave the timeout out where it means for ever, which -1 did",
    "binds what it yields": "take the name out of the with statement: it was always None",
    "is passed on": "pass a function that calls it without arguments: lambda *_: slots.release()",
    "may do something": "do that in a statement before it, and call release() without arguments",
    "cannot be seen": "spell the arguments out, then run again",
    "number of permits": "pass an int that is not negative",
}


def _advice(objection: str) -> str:
    found = (text for piece, text in _ADVICE.items() if piece in objection)
    return next(found, "use threading's class, and do by hand what it does not offer")


def _objection(handle: Handle, checks: dict[str, str]) -> str:
    """Why a semaphore must stay, if it must; else the open questions go to ``checks``."""
    if handle.api not in _CLASSES:
        return ""
    counted = [deed for deed in handle.uses if deed.attribute in _counts.READS]
    methods = {"acquire": _acquire, "release": _release, **_counts.method_tests(handle)}
    outcome = _alike.examine(handle, _CLASSES, methods)
    checks.update(outcome.checks)
    checks.update(_alike.limited(handle, ("acquire",)))
    if handle.conflicts and any(_counts.reads(deed, handle) == "this" for deed in counted):
        file = f"{handle.origins[0].path}: " if len(handle.modules) > 1 else ""
        checks["C-FLOW"] = (
            f"{file}{handle.conflicts[0]}: does a test that reads _value now get the semaphore?"
        )
    objection = outcome.objection
    for creation, module in zip(handle.creations, handle.origins, strict=True):
        objection = objection or _examine_count(creation, module, checks)
    return objection


def _examine_count(creation: Use, module: Module, checks: dict[str, str]) -> str:
    call = creation.call
    assert call is not None
    given = [*call.args, *(item.value for item in call.keywords)]
    other = any(item.arg != "value" for item in call.keywords)
    if _alike.has_stars(call) or len(given) > 1 or other:
        return "its initial value cannot be seen"
    if not given:
        return ""
    found = sign(given[0], creation, module)
    constant = given[0] if isinstance(given[0], ast.Constant) else None
    if found is Sign.NEGATIVE or (constant is not None and type(constant.value) is not int):
        return "its initial value is no number of permits"
    known = found in (Sign.NOT_NEGATIVE, Sign.POSITIVE)
    if constant is None and not (known and _alike.is_whole(given[0], creation, module)):
        checks["C-TYPE"] = f"is `{ast.unparse(given[0])}` an int? eventlet made one of '3' and 2.5"
    return ""


def _acquire(deed: HandleUse, use: Use, module: Module) -> str | None:
    if deed.call is None:
        return None if passed_on(deed) == 0 else _alike.uncalled(deed)
    if _alike.has_stars(deed.call):
        return "!the arguments of acquire() cannot be seen"
    timeout = _alike.timeout_of(deed.call, 1)
    if timeout is None or _alike.never_negative(timeout, use, module):
        return None
    if _alike.is_negative(timeout):
        return "!a negative timeout"
    return "C-TYPE: can the timeout be -1? That meant to wait for ever"


def _release(deed: HandleUse, use: Use, module: Module) -> str | None:
    if deed.call is None:
        return None if passed_on(deed) == 0 else _alike.uncalled(deed)
    given = [*deed.call.args, *(item.value for item in deed.call.keywords)]
    if any(not isinstance(item, (ast.Constant, ast.Name)) for item in given):
        return "!release() with an argument that may do something"
    return None if deed.value_unused else "C-NONE: release() gave True, and now gives None"


def _without_arguments(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    assert isinstance(node, cst.Call)
    return _alike.bare(node)


rule = Rule(
    code="EVT201",
    family="sync",
    step=1,
    summary="eventlet's semaphores become threading's",
    apis=frozenset({*_CLASSES, *(f"{name}.*" for name in _CLASSES)}),
    match=match,
    checks=("C-FLOW", "C-TYPE", "C-NONE", "C-KILL"),
    relies_on="thread",
    references=("SEM-1", "SEM-2", "SEM-3", "SEM-4", "SEM-5", "SEM-6"),
    before="""\
from eventlet import semaphore


class Limiter:
    def __init__(self):
        self._slots = semaphore.BoundedSemaphore(4)

    def call(self, function):
        with self._slots:
            return function()
""",
    after="""\
import threading


class Limiter:
    def __init__(self):
        self._slots = threading.BoundedSemaphore(4)

    def call(self, function):
        with self._slots:
            return function()
""",
)
