"""A `Timeout` around a sleep, both with a number, is the shorter of the two.

Where the limit is the shorter one, the code sleeps that long and raises what the Timeout raised, or
goes on behind the block where that was silent. Where the sleep is shorter, the Timeout never fired,
and goes. With equal numbers it was not certain which comes first, so they stay.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    Fold,
    ReplaceExpression,
    ReplaceStatement,
    Rewrite,
    Rule,
)
from eventlet_codemod.rules.timeouts import _limit
from eventlet_codemod.rules.timeouts._catching import LIMITS
from eventlet_codemod.rules.timeouts._limit import Limit
from eventlet_codemod.rules.timeouts._nap import Nap
from eventlet_codemod.rules.timeouts._promoted import promoted
from eventlet_codemod.rules.timeouts._raised import raised


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a Timeout around a sleep."""
    found = promoted(use, facts)
    if found is None or found.nap is None:
        return None
    limit, nap = found.limit, found.nap
    return Rewrite(
        message="the sleep takes the limit's time, and what the Timeout raised is raised behind it"
        if nap.ends
        else "the Timeout goes: the sleep ends before it",
        why="both times are written here, so it is known which of the two ends the block",
        edits=tuple(_edits(limit, nap, facts.text)),
        checks=_limit.question(limit, facts) if nap.ends else {},
        together=limit.together,
    )


def _edits(limit: Limit, nap: Nap, text: str) -> Iterator[Edit]:
    assert isinstance(limit.block, ast.With)
    yield Fold(limit.block, "body")
    if not nap.ends:
        return
    seconds = ast.get_source_segment(text, limit.seconds) or ast.unparse(limit.seconds)
    yield ReplaceExpression(nap.call.args[0], lambda node, context: seconds)
    if not limit.silent:
        yield ReplaceStatement(nap.statement, _Raised(limit, text))


@dataclass(frozen=True)
class _Raised:
    """The sleep, and what is raised behind it."""

    limit: Limit
    text: str

    def __call__(self, node: cst.BaseSmallStatement, context: Context) -> list[str]:
        return [context.code(node), f"raise {raised(self.limit, self.text, context)}\n"]


rule = Rule(
    code="EVT230",
    family="timeouts",
    step=1,
    summary="a Timeout around a sleep is the shorter of the two",
    apis=LIMITS,
    match=match,
    checks=("C-CATCH",),
    references=("TMO-1", "T11"),
    before="""\
import eventlet


def patience(log):
    try:
        with eventlet.Timeout(5):
            eventlet.sleep(10)
    except eventlet.Timeout:
        log("too long")
""",
    after="""\
import time


def patience(log):
    try:
        time.sleep(5)
        raise TimeoutError("5 seconds")
    except TimeoutError:
        log("too long")
""",
)
