"""`getcurrent()` gives the running green thread; natively that is `threading.current_thread()`.

As a text in a log line, or as the key under which a thread finds its own entry again, the one
serves as well as the other. It stays where the object is used as what it is (switched to, killed,
linked), and where it is handed on in a file that does such things. `id(getcurrent())` becomes
`threading.get_ident()`. A condition that asks for its parent asks whether a hub runs it: once
nothing is patched the answer is no.

Where the file also keeps green threads, as keys perhaps, the two change together: if each of them
becomes a `threading.Thread` or a `threading.Timer`, which is what `current_thread()` gives in it.
Where the result of one is used it becomes a Future, which no call gives; then both stay, unless
that one has but a name of its function and cannot be the one that is found.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.ledger import ENTRY_POINTS
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.patching import _answered, _stale
from eventlet_codemod.rules.threads import _current, _together

_WHY = "a thread stands where a green thread stood, one for each task"
_CHECKS = {
    "text": {"C-TYPE": "the text that it prints as changes"},
    "key": {"C-FLOW": "is every object that it is compared with a thread as well?"},
    "elsewhere": {
        "C-FLOW": "is it only a key, compared with other threads or printed where it goes? "
        "Nothing kills, links to or switches to a thread"
    },
}

_BY_OTHERS = (
    "this project patches nothing itself: does a program that imports it still run green threads? "
    "They take the branch that stays then"
)


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide by what is done with the object."""
    if use.kind != "reference" or use.call is None:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    if answer := _whether_green(use, facts):
        return answer
    kind = _current.kind_of(use, facts)
    if kind == "unclear":
        return None
    if kind == "green" or (kind != "text" and _profiles(facts)):
        return _leave()
    apart = kind == "id" or not _together.become_threads(facts, settings)
    if kind != "text" and apart and _together.keeps_green_threads(facts):
        return _leave()
    if kind == "id":
        outer = use.parents[-2]
        assert isinstance(outer, ast.Call)
        return Rewrite(
            message="`threading.get_ident()` names the running thread",
            why=_WHY,
            edits=(ReplaceExpression(outer, lambda n, c: f"{c.name('threading')}.get_ident()"),),
            checks={"C-ORDER": "idents are used again soon after a thread has ended"},
            needs=("threading",),
        )
    return Rewrite(
        message="`threading.current_thread()` is the running thread",
        why=_WHY,
        edits=(
            ReplaceExpression(use.call, lambda n, c: f"{c.name('threading')}.current_thread()"),
        ),
        checks=_CHECKS[kind],
        needs=("threading",),
    )


def _whether_green(use: Use, facts: Facts) -> Rewrite | None:
    """The decision on a condition that asks by its parent whether this is a green thread."""
    asked, parents = use.parents[-2], use.parents[:-2]
    if not isinstance(asked, ast.Attribute) or asked.attr != "parent":
        return None
    negated = isinstance(parents[-1], ast.UnaryOp)
    if not isinstance(parents[-2] if negated else parents[-1], (ast.If, ast.IfExp)):
        return None
    edit = _answered.edit_for(asked, parents, False, facts)
    if edit is None:
        return None
    return Rewrite(
        message="nothing runs in a green thread any more: the other branch stays",
        why="a greenlet that is not one of a hub has no parent, in whatever thread",
        edits=(edit,),
        checks={
            "C-BRANCH": "" if facts.project.patched else _BY_OTHERS,
            **_stale.asks(use, facts, replaced=True),
        },
        step=ENTRY_POINTS,
    )


def _profiles(facts: Facts) -> bool:
    """Whether the file deals with eventlet's profile, which stays and looks for greenlets."""
    return any(use.api.startswith("eventlet.green.profile") for use in facts.uses)


def _leave() -> Leave:
    return Leave(
        message="the current green thread is used as a green thread",
        why="a native thread cannot be switched to, and is not the object that spawn gave",
        advice="change it together with the spawns whose results it is compared with: let the work "
        "itself keep `threading.current_thread()` as the first thing that it does",
    )


rule = Rule(
    code="EVT112",
    family="threads",
    step=1,
    summary="the current green thread becomes the current thread",
    apis=frozenset({"greenlet.getcurrent"}),
    match=match,
    checks=("C-TYPE", "C-FLOW", "C-ORDER", "C-BRANCH", "C-STALE"),
    relies_on="thread",
    references=("GT-CUR",),
    before="""\
import logging

import eventlet

LOG = logging.getLogger(__name__)


def trace(step):
    LOG.debug("%s in %s", step, eventlet.getcurrent())
""",
    after="""\
import logging
import threading

LOG = logging.getLogger(__name__)


def trace(step):
    LOG.debug("%s in %s", step, threading.current_thread())
""",
)
