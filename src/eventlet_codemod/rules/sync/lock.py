"""`eventlet.lock.Lock` is a semaphore of one; `threading.Lock` does all that a lock is for.

A lock stays with eventlet when it is made with a count, or asked for its `balance` or `counter`.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, HandleUse, Module, Use
from eventlet_codemod.rules.base import Decision, Leave, Rewrite, Rule
from eventlet_codemod.rules.sync import _alike

_WHY = "the two classes agree on everything that is done to this one"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a lock as a whole: its creation, or one thing done to it."""
    handle = facts.handle_of.get(use)
    if handle is None:
        return None
    methods = {"acquire": _acquire, "release": _release, "locked": _alike.always}
    outcome = _alike.examine(handle, {handle.api}, methods)
    objection = outcome.objection
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
        return Rewrite(message="the same on a `threading.Lock`", why=_WHY, checks=outcome.checks)
    return Rewrite(
        message="`threading.Lock` takes the place of eventlet's",
        why=_WHY,
        edits=(_alike.rename_class(use, "threading", "Lock"),),
        checks=outcome.checks,
        needs=("threading",),
    )


def _acquire(deed: HandleUse, use: Use, module: Module) -> str | None:
    if deed.call is None:
        return _alike.uncalled(deed)
    if _alike.has_stars(deed.call):
        return "!the arguments of acquire() cannot be seen"
    timeout = _alike.timeout_of(deed.call, 1)
    if timeout is None or _alike.never_negative(timeout, use, module):
        return None
    return "C-TYPE: can the timeout be negative? -1 waits for ever in both, others raise"


def _release(deed: HandleUse, use: Use, module: Module) -> str | None:
    if deed.call is None:
        return _alike.uncalled(deed)
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
    checks=("C-FLOW", "C-TYPE", "C-NONE"),
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
