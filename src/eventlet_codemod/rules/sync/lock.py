"""`eventlet.lock.Lock` is a semaphore of one; `threading.Lock` does all that a lock is for.

A lock stays with eventlet when it is made with a count, or asked for its `balance` or `counter`,
and when a type is needed, as in `isinstance`: before Python 3.13 `threading.Lock` is a function.
A timeout of None goes, since `threading.Lock` takes a number only.
"""

from __future__ import annotations

import ast

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle, HandleUse, Module, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Decision, Edit, Leave, ReplaceExpression, Rewrite, Rule
from eventlet_codemod.rules.locations import where
from eventlet_codemod.rules.sync import _alike
from eventlet_codemod.rules.sync._sends import passed_on

_WHY = "the two classes agree on everything that is done to this one"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a lock as a whole: its creation, or one thing done to it."""
    handle = facts.handle_of.get(use)
    if handle is None:
        return None
    methods = {"acquire": _acquire, "release": _release, "locked": _alike.always}
    outcome = _alike.examine(handle, {handle.api}, methods)
    checks = {**outcome.checks, **_alike.limited(handle, ("acquire",))}
    objection = outcome.objection or _is_type(handle)
    for creation in handle.creations:
        assert creation.call is not None
        if creation.call.args or creation.call.keywords:
            objection = objection or "it is made with a count"
    if objection:
        return Leave(
            message=f"this Lock stays: {objection}",
            why="threading.Lock does not do that",
            advice="use a threading.Lock, or a threading.Semaphore if it counts",
        )
    if use not in handle.creations and not _alike.names_class(use, facts):
        deed = facts.deed[use]
        edits: tuple[Edit, ...] = ()
        if deed.attribute == "acquire" and deed.call is not None and _passes_none(deed.call):
            edits = (ReplaceExpression(deed.call, _without_none),)
        message = "the same on a `threading.Lock`"
        return Rewrite(message=message, why=_WHY, edits=edits, checks=checks)
    return Rewrite(
        message="`threading.Lock` takes the place of eventlet's",
        why=_WHY,
        edits=(_alike.rename_class(use, "threading", "Lock"),),
        checks=checks,
        needs=("threading",),
    )


def _acquire(deed: HandleUse, use: Use, module: Module) -> str | None:
    if deed.call is None:
        return _alike.uncalled(deed)
    if _alike.has_stars(deed.call):
        return "!the arguments of acquire() cannot be seen"
    timeout = _alike.timeout_of(deed.call, 1)
    if timeout is None or isinstance(timeout, (ast.Constant, ast.UnaryOp, ast.BinOp)):
        return None
    return "C-TYPE: can the timeout be None? That meant for ever, and is a TypeError now"


def _passes_none(call: ast.Call) -> bool:
    timeout = _alike.timeout_of(call, 1)
    return isinstance(timeout, ast.Constant) and timeout.value is None


def _without_none(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    """Drop the timeout, which is the last argument or goes by its name."""
    assert isinstance(node, cst.Call)
    named = [item for item in node.args if item.keyword and item.keyword.value == "timeout"]
    kept = [item for item in node.args if item is not (named[0] if named else node.args[1])]
    if not kept:
        return _alike.bare(node)
    kept[-1] = kept[-1].with_changes(comma=node.args[-1].comma)
    return node.with_changes(args=kept)


def _is_type(handle: Handle) -> str:
    """Where its class must be a type: before Python 3.13 threading.Lock is a function."""
    for deed in handle.uses:
        outer = deed.parents[-1]
        if deed.how == "class" or (deed.how == "annotation" and isinstance(outer, ast.BinOp)):
            place = where(deed, handle)
            return f"{place} needs a type, and threading.Lock was none before 3.13"
    return ""


def _release(deed: HandleUse, use: Use, module: Module) -> str | None:
    if deed.call is None:
        return None if passed_on(deed) == 0 else _alike.uncalled(deed)
    if deed.call.args or deed.call.keywords:
        return "!release() with an argument"
    return None if deed.value_unused else "C-NONE: release() gave True, and now gives None"


rule = Rule(
    code="EVT202",
    family="sync",
    step=1,
    summary="eventlet's Lock becomes threading.Lock",
    apis=frozenset({"eventlet.lock.Lock", "eventlet.lock.Lock.*"}),
    match=match,
    checks=("C-FLOW", "C-TYPE", "C-NONE", "C-KILL"),
    relies_on="thread",
    references=("SEM-8",),
    before="""\
from eventlet.lock import Lock

_lock = Lock()


def bump(counts, key):
    with _lock:
        counts[key] += 1
""",
    after="""\
import threading

_lock = threading.Lock()


def bump(counts, key):
    with _lock:
        counts[key] += 1
""",
)
