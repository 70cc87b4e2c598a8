"""`eventlet.semaphore.CappedSemaphore` blocks in `release`, too, when its count is at the limit.

threading has nothing like it: its `BoundedSemaphore` raises there. With the setting `helpers` the
project's own `CappedSemaphore` takes its place, which has the same methods but for `balance`.
Without it, a capped semaphore stays.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Leave, Rewrite, Rule
from eventlet_codemod.rules.sync import _alike

_API = "eventlet.semaphore.CappedSemaphore"
_METHODS = ("acquire", "release", "locked", "bounded")
_WHY = "it has the same methods, and blocks in the same places"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a capped semaphore as a whole: its creation, or one thing done to it."""
    handle = facts.handle_of.get(use)
    if handle is None:
        return None
    outcome = _alike.examine(handle, {_API}, dict.fromkeys(_METHODS, _alike.always))
    checks = {**outcome.checks, **_alike.limited(handle, ("acquire", "release"))}
    if settings.helpers is None or outcome.objection:
        objection = outcome.objection or "threading has no semaphore that blocks at a limit"
        native = "use a queue.Queue(limit), whose put() and get() both wait"
        helped = "set `helpers` for a class that does; or " if settings.helpers is None else ""
        return Leave(
            message=f"this CappedSemaphore stays: {objection}",
            why="release() of a threading.BoundedSemaphore raises at the limit and does not wait",
            advice=f"{helped}{native}",
            setting="helpers",
        )
    if use not in handle.creations and not _alike.names_class(use, facts):
        return Rewrite(message="the same on the project's own", why=_WHY, checks=checks)
    return Rewrite(
        message=f"`{settings.helpers}.CappedSemaphore` takes the place of eventlet's",
        why=_WHY,
        edits=(_alike.rename_class(use, settings.helpers, "CappedSemaphore"),),
        checks=checks,
        needs=(settings.helpers,),
        helpers=("CappedSemaphore",),
        setting="helpers",
    )


rule = Rule(
    code="EVT209",
    family="sync",
    step=1,
    summary="a CappedSemaphore becomes one of the project",
    apis=frozenset({_API, f"{_API}.*"}),
    match=match,
    checks=("C-FLOW", "C-KILL"),
    relies_on="thread",
    settings=("helpers",),
    references=("SEM-7",),
    example_settings={"helpers": "pkg.concurrency"},
    before="""\
from eventlet import semaphore

slots = semaphore.CappedSemaphore(0, 4)


def make(part):
    slots.release()


def take():
    slots.acquire()
""",
    after="""\
from pkg import concurrency

slots = concurrency.CappedSemaphore(0, 4)


def make(part):
    slots.release()


def take():
    slots.acquire()
""",
)
