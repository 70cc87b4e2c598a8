"""Nothing native interrupts code in another thread, so a `Timeout` of any other form stays.

The finding says which form it nearly has, and what in its block waits: that is what takes the limit
natively.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.patches import patch_of
from eventlet_codemod.rules.base import Decision, Leave, Rule
from eventlet_codemod.rules.timeouts import _limit
from eventlet_codemod.rules.timeouts._bounded import NotBounded
from eventlet_codemod.rules.timeouts._catching import TIMEOUT, Swallowed
from eventlet_codemod.rules.timeouts._generator import NotHandedOn
from eventlet_codemod.rules.timeouts._limit import NoLimit
from eventlet_codemod.rules.timeouts._loop import NoLoop
from eventlet_codemod.rules.timeouts._primitive import NotPrimitive
from eventlet_codemod.rules.timeouts._promoted import promotion
from eventlet_codemod.rules.timeouts._waits import inside, is_idle

_WHY = "nothing native interrupts code that runs in another thread, so a Timeout has no twin"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Say why a Timeout stays, and what to do."""
    if use.kind != "reference" or use.doubt or not use.loaded or patch_of(use) is not None:
        return None
    if use.call is None or _limit.is_bare(use.call):
        return Leave(
            message="eventlet's class Timeout is used as a value here",
            why=_WHY,
            advice="name the native exception that takes its place, most often TimeoutError; it is "
            "an Exception and an OSError, which Timeout was not",
            together=TIMEOUT,
        )
    home = _limit.stays_at_home(use, facts)
    try:
        promotion(use, facts)
    except NoLimit as error:
        reason, advice = str(error), _ADVICE_FORM
    except Swallowed as error:
        reason = f"{error} would take a TimeoutError, and let the Timeout through"
        advice = "let that clause be more exact first, then run again"
    except (NoLoop, NotBounded, NotPrimitive, NotHandedOn) as error:
        reason, advice = str(error), _advice(use, facts)
    else:
        return None
    return Leave(
        message=f"this Timeout stays: {reason}",
        why=_WHY,
        advice=advice,
        together="" if home else TIMEOUT,
    )


_ADVICE_FORM = (
    "hand the limit to what waits (timeout=…), or test a time.monotonic() deadline between its "
    "steps; in a test, the library `fixtures` has a Timeout that works by signal"
)


def _advice(use: Use, facts: Facts) -> str:
    """Name what is called in the block: one of these waits."""
    limit = _limit.limit_of(use, facts)
    calls = dict.fromkeys(
        f"`{ast.unparse(node.func)}()` (line {node.lineno})"
        for node, _ in inside(limit.block.body)
        if isinstance(node, ast.Call) and not is_idle(node)
    )
    if not calls:
        return "nothing in the block waits, as far as can be seen: the Timeout never fires there"
    named = ", ".join(list(calls)[:4])
    return (
        f"give the limit to what waits in the block, one of {named}, and catch its exception; "
        "where it takes none, run it in a thread of its own and wait for that with a timeout, "
        "knowing that it goes on"
    )


rule = Rule(
    code="EVT229",
    family="timeouts",
    step=1,
    summary="a Timeout whose block is no known form stays, with advice",
    apis=frozenset({TIMEOUT}),
    match=match,
    references=("TMO-1", "TMO-6", "T13", "T14"),
    before="""\
import eventlet


def fetch(client):
    with eventlet.Timeout(20):
        return client.fetch()
""",
    after="""\
import eventlet


def fetch(client):
    with eventlet.Timeout(20):
        return client.fetch()
""",
)
