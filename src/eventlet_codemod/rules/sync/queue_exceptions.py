"""`eventlet.queue.Empty` and `Full` are the stdlib's own classes under another name."""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rewrite, Rule, leave_in_doubt
from eventlet_codemod.rules.sync import _alike

_NAMES = {"eventlet.queue.Empty": "Empty", "eventlet.queue.Full": "Full"}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Rename a reference to one of the two."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    name = _NAMES[use.api]
    return Rewrite(
        message=f"`queue.{name}` is named directly",
        why="eventlet re-exports the stdlib's class: the two are one object",
        edits=(_alike.rename_class(use, "queue", name),),
        needs=("queue",),
    )


rule = Rule(
    code="EVT204",
    family="sync",
    step=1,
    summary="eventlet's queue exceptions are named by their stdlib names",
    apis=frozenset(_NAMES),
    match=match,
    references=("QUE-8",),
    before="""\
from eventlet import queue


def drain(jobs):
    try:
        while True:
            jobs.get_nowait()()
    except queue.Empty:
        pass
""",
    after="""\
import queue


def drain(jobs):
    try:
        while True:
            jobs.get_nowait()()
    except queue.Empty:
        pass
""",
)
