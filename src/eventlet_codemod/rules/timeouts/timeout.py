"""Nothing native interrupts code in another thread, so a `Timeout` of any other form stays.

The finding says which form it nearly has, and what in its block waits, also where functions of the
file are on the way to it: that is what takes the limit natively.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.api import OWN_TIMEOUT, TIMEOUT
from eventlet_codemod.facts.patches import patch_of
from eventlet_codemod.rules.base import Decision, Leave, Rule
from eventlet_codemod.rules.timeouts import _advice, _home, _limit, _subclass
from eventlet_codemod.rules.timeouts._bounded import NotBounded
from eventlet_codemod.rules.timeouts._catching import LIMITS, Swallowed
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
    if use.api not in LIMITS or use.call is None or _limit.is_bare(use.call):
        return _value(use, facts)
    home = _home.is_apart(use, facts)
    waits = _advice.waiting(use, facts)
    try:
        promotion(use, facts)
    except NoLimit as error:
        reason, what = str(error), _advice.advice(use, facts)
    except Swallowed as error:
        reason = f"{error} would take a TimeoutError, and let the Timeout through"
        what = "let that clause be more exact first, then run again"
        what += f"; what waits is {waits}" if waits else ""
    except (NoLoop, NotBounded, NotPrimitive, NotHandedOn) as error:
        reason, what = str(error), _advice.advice(use, facts)
    else:
        return None
    return Leave(
        message=f"this Timeout stays: {reason}",
        why=_WHY,
        advice=what,
        together="" if home else TIMEOUT,
        waits=waits,
    )


def _named(use: Use) -> str:
    assert isinstance(use.node, ast.expr)
    own = use.api.startswith(OWN_TIMEOUT)
    return f"`{ast.unparse(use.node)}`, a Timeout," if own else "eventlet's class Timeout"


def _taker(use: Use) -> str:
    """The call that is given the class, with its line."""
    holder = use.parents[-2] if isinstance(use.parents[-1], ast.keyword) else use.parents[-1]
    if not isinstance(holder, ast.Call):
        return ""
    return f"`{ast.unparse(holder.func)}()` (line {holder.lineno})"


def _value(use: Use, facts: Facts) -> Leave:
    """The class as a base, or anywhere else but where a limit is set or an exception caught."""
    owner = _subclass.around(use)
    if owner is None:
        taker = _taker(use)
        handed = f"it is handed to {taker}, which may set a limit with it. " if taker else ""
        native = f"{_NATIVE[0].upper()}{_NATIVE[1:]}" if taker else _NATIVE
        return Leave(
            message=f"{_named(use)} is used as a value here",
            why=_WHY,
            advice=f"{handed}{native}",
            together=TIMEOUT,
            waits=taker,
        )
    limits = _subclass.limits(owner, facts)
    advice = (
        f"make it an Exception of its own, raised where a wait that takes a limit gives up: it "
        f"limits {limits}. {_NATIVE[0].upper()}{_NATIVE[1:]}"
        if limits
        else "nothing sets a limit with it, as far as can be seen: make it an Exception, and see "
        "that clauses which took Timeout name it"
    )
    return Leave(
        message=f"`{owner.name}` is a Timeout of its own",
        why=_WHY,
        advice=advice,
        together=TIMEOUT,
        waits=limits.partition(";")[0],
    )


_NATIVE = (
    "name the native exception that takes its place, most often TimeoutError; it is an Exception "
    "and an OSError, which Timeout was not"
)

rule = Rule(
    code="EVT229",
    family="timeouts",
    step=1,
    summary="a Timeout whose block is no known form stays, with advice",
    apis=LIMITS | {f"{TIMEOUT}.__init__", f"{TIMEOUT}.__str__", f"{OWN_TIMEOUT}.*"},
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
