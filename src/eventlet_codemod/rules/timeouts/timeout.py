"""Nothing native interrupts code in another thread, so a `Timeout` of any other form stays.

The finding says which form it nearly has, and what in its block waits, also where functions of the
file are on the way to it: that is what takes the limit natively.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.patches import patch_of
from eventlet_codemod.rules.base import Decision, Leave, Rule
from eventlet_codemod.rules.timeouts import _advice, _limit
from eventlet_codemod.rules.timeouts._bounded import NotBounded
from eventlet_codemod.rules.timeouts._catching import TIMEOUT, Swallowed
from eventlet_codemod.rules.timeouts._generator import NotHandedOn
from eventlet_codemod.rules.timeouts._limit import NoLimit
from eventlet_codemod.rules.timeouts._loop import NoLoop
from eventlet_codemod.rules.timeouts._primitive import NotPrimitive
from eventlet_codemod.rules.timeouts._promoted import promotion

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
        reason, what = str(error), _advice.advice(use, facts)
    except Swallowed as error:
        reason = f"{error} would take a TimeoutError, and let the Timeout through"
        what = "let that clause be more exact first, then run again"
    except (NoLoop, NotBounded, NotPrimitive, NotHandedOn) as error:
        reason, what = str(error), _advice.advice(use, facts)
    else:
        return None
    return Leave(
        message=f"this Timeout stays: {reason}",
        why=_WHY,
        advice=what,
        together="" if home else TIMEOUT,
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
