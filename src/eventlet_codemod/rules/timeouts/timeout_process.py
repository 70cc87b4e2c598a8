"""A `Timeout` around a wait for a child process is the limit of that wait.

The functions of `subprocess`, `wait()` and `communicate()` of a `Popen` and `processutils.execute`
take a `timeout`. The clause of the same function that caught the Timeout names
`subprocess.TimeoutExpired`; where the Timeout was silent or raised something else, a `try` in the
place of the `with` turns one into the other.

While a process is monkey patched, what `communicate()` raises is the `TimeoutExpired` of another
copy of `subprocess`, which no clause for `subprocess.TimeoutExpired` takes; before eventlet 0.40
that was so for every wait. So this goes with `monkey_patch()`, and a Timeout that leaves its
function stays.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rule
from eventlet_codemod.rules.timeouts import _clauses, _wait_code
from eventlet_codemod.rules.timeouts._catching import LIMITS
from eventlet_codemod.rules.timeouts._promoted import promoted


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a Timeout around waits for processes, or on the clause that catches it."""
    found = promoted(use, facts)
    if found is not None:
        waits = found.bounded
        by_process = waits is not None and waits.by_process
        return _wait_code.rewrite(found.limit, waits, facts) if waits and by_process else None
    return _clauses.match(use, facts, by_process=True)


rule = Rule(
    code="EVT223",
    family="timeouts",
    step=3,
    summary="a Timeout around a wait for a process goes into it",
    apis=LIMITS,
    match=match,
    checks=("C-KILL", "C-SOCK", "C-VERSION", "C-CATCH"),
    references=("TMO-1", "TMO-2", "T6", "T7", "T9"),
    before="""\
import subprocess

import eventlet


def version(command, log):
    try:
        with eventlet.Timeout(5):
            return subprocess.check_output([command, "--version"])
    except eventlet.Timeout:
        log("no answer")
""",
    after="""\
import subprocess


def version(command, log):
    try:
        return subprocess.check_output([command, "--version"], timeout=5)
    except subprocess.TimeoutExpired:
        log("no answer")
""",
)
