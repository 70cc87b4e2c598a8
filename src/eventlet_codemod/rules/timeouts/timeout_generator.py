"""A generator that hands on items under a `Timeout` looks at a deadline before each of them.

Where a block is a loop over what another generator gives, and hands that on, the time is looked at
whenever an item comes. What was raised still is, in the generator. Two things change, and the
finding asks about both: a step that blocks is not interrupted, so its end is noticed when it gives
its item; and the Timeout could fly out of whatever the caller did between two items, where it was
hardly expected. A deadline is not seen before the caller asks for the next one.

A generator that is a context manager stays, and one that waits in other ways.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Decision, Edit, Fold, ReplaceStatement, Rewrite, Rule
from eventlet_codemod.rules.timeouts import _generator, _limit
from eventlet_codemod.rules.timeouts._catching import LIMITS
from eventlet_codemod.rules.timeouts._generator import HandedOn
from eventlet_codemod.rules.timeouts._limit import Limit
from eventlet_codemod.rules.timeouts._promoted import promoted
from eventlet_codemod.rules.timeouts._raised import raised
from eventlet_codemod.rules.timeouts._rest import Rest, rest_of


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a Timeout around a loop that hands on items."""
    found = promoted(use, facts)
    if found is None or found.handed_on is None:
        return None
    limit, handed_on = found.limit, found.handed_on
    rest = rest_of(limit, True, facts)
    giver = _generator.source_of(handed_on)
    checks = {
        "C-KILL": f"can one step of `{giver}` block for long? It is no longer interrupted, and the "
        "time is looked at when it gives an item; nor is what the caller does between two items"
    }
    checks |= _limit.question(limit, facts)
    return Rewrite(
        message="a deadline that is looked at before each item takes the place of the Timeout",
        why="natively nothing interrupts a generator: it looks at the time itself",
        edits=tuple(_edits(limit, handed_on, rest, facts.text)),
        checks=checks,
        needs=("time",),
        together=limit.together,
    )


def _edits(limit: Limit, found: HandedOn, rest: Rest, text: str) -> Iterator[Edit]:
    yield Fold(limit.block, "body", lambda node, context: rest.above(context))

    def tested(node: cst.BaseSmallStatement, context: Context) -> list[str]:
        ending = "break" if limit.silent else f"raise {raised(limit, text, context)}"
        late = f"if {context.name('time')}.monotonic() >= {rest.name}:\n    {ending}\n"
        return [late, context.code(node)]

    yield ReplaceStatement(found.first, tested)


rule = Rule(
    code="EVT226",
    family="timeouts",
    step=1,
    summary="a Timeout around a loop that hands on items becomes a deadline",
    apis=LIMITS,
    match=match,
    checks=("C-KILL", "C-CATCH"),
    references=("TMO-1", "T2", "T14"),
    before="""\
import eventlet


class NoAnswer(Exception):
    pass


def records(query, log):
    with eventlet.Timeout(60, NoAnswer):
        try:
            for record in query():
                yield record
        except NoAnswer:
            log("no answer")
""",
    after="""\
import time


class NoAnswer(Exception):
    pass


def records(query, log):
    deadline = time.monotonic() + 60
    try:
        for record in query():
            if time.monotonic() >= deadline:
                raise NoAnswer
            yield record
    except NoAnswer:
        log("no answer")
""",
)
