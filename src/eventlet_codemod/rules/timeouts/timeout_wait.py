"""A `Timeout` around calls that take a limit of their own is that limit.

The functions of `requests`, `urllib.request.urlopen`, `dns.query.xfr`, `connect` and `exec_command`
of a paramiko client can be told how long they may take. So the limit goes into the call. A call by
oslo.messaging gets it from `prepare(timeout=…)`. A socket that the function has for itself gets it
by `settimeout`. Several calls in one block share a deadline, of which each gets the rest.

What was raised still is: the clause of the same function that caught the Timeout names what the
call raises (`dns.exception.Timeout`, …). Where the Timeout was silent, raised something else, or
left the function, a `try` in the place of the `with` turns one into the other. `urlopen` hides it
in an URLError as often as not, so there it is looked for.

The limit of what works on sockets is for each wait, not for the whole call; the finding asks
whether that will do. Anything else that waits in the block was limited too, so the Timeout stays.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rule
from eventlet_codemod.rules.timeouts import _wait_code
from eventlet_codemod.rules.timeouts._catching import LIMITS
from eventlet_codemod.rules.timeouts._promoted import promoted


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a Timeout around waits that take a limit."""
    found = promoted(use, facts)
    if found is None or found.bounded is None or found.bounded.by_process:
        return None
    return _wait_code.rewrite(found.limit, found.bounded, facts)


rule = Rule(
    code="EVT221",
    family="timeouts",
    step=1,
    summary="a Timeout around calls that take a limit goes into them",
    apis=LIMITS,
    match=match,
    checks=("C-KILL", "C-SOCK", "C-TYPE", "C-VERSION", "C-CATCH"),
    references=("TMO-1", "TMO-2", "T8", "T9"),
    before="""\
import eventlet
import requests


def fetch(url, log):
    try:
        with eventlet.Timeout(5):
            return requests.get(url)
    except eventlet.Timeout:
        log("no answer")
""",
    after="""\
import requests


def fetch(url, log):
    try:
        return requests.get(url, timeout=5)
    except requests.Timeout:
        log("no answer")
""",
)
