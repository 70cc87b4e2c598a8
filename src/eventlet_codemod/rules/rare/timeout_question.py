"""`is_timeout(error)` is a question for TimeoutError.

`socket.timeout` and `concurrent.futures.TimeoutError` are the same class as that, since Python 3.10
and 3.11. What `wrap_is_timeout` marks nobody asks for then.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rule
from eventlet_codemod.rules.rare import _by_hand

_WHY = "which exceptions tell that the time is over is for the code around it to say"
_TIMEOUT = "eventlet.timeout"
_ADVICE = {
    f"{_TIMEOUT}.is_timeout": "ask isinstance(error, TimeoutError); before Python 3.11 "
    "concurrent.futures.TimeoutError, before 3.10 socket.timeout, is a class of its own",
    f"{_TIMEOUT}.wrap_is_timeout": "delete it: nobody asks for the attribute `is_timeout`",
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave it, with what takes its place."""
    return _by_hand.leave(use, "", _WHY, _ADVICE)


_EXAMPLE = """\
import eventlet


def tell(error):
    if eventlet.is_timeout(error):
        print("too late")
"""

rule = Rule(
    code="EVT745",
    family="rare",
    step=1,
    summary="is_timeout is left, with the classes to ask for",
    apis=frozenset(_ADVICE),
    match=match,
    references=("TMO-1",),
    before=_EXAMPLE,
    after=_EXAMPLE,
)
