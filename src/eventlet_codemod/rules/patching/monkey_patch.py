"""`monkey_patch()` turns the whole process green; it goes last, when nothing else is left.

With it go the last differences that it hid: a thread or executor that is not a daemon holds up
the exit, in files that never mention eventlet too. So each call that goes is an entry point to
look at. Copies of modules that eventlet keeps as `__original_module_…` are not there then: an
import of one takes the module itself.

A condition that only asks whether to patch goes with the call, and so does a try statement around
it. A function that does nothing else is left: its callers have to go with it. Comments right above
the call stay, and are asked about.

With the setting `monkey-patch = "keep"` the call stays for as long as the project holds any other
use of eventlet, and goes with the last of them; with `"remove"` it goes as soon as step 3 does.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.module import FUNCTIONS
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    Rewrite,
    Rule,
    is_alone_in_block,
    leave_in_doubt,
)
from eventlet_codemod.rules.patching import _emptied, _originals, _stale


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Remove the statement, by the setting."""
    if settings.monkey_patch not in ("keep", "remove"):
        return None  # see init_backend and dual_mode
    if use.kind != "reference" or use.call is None:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    acts = any(isinstance(n, ast.NamedExpr) for n in ast.walk(use.call))
    holder = use.parents[use.parents.index(use.statement) - 1]
    alone = is_alone_in_block(use) and isinstance(holder, (*FUNCTIONS, ast.With))
    if not use.call_is_statement or alone or acts:
        return Leave(
            message="this monkey_patch() is all that its block does, or its value is used",
            why="what calls it has to go with it",
            advice="remove the function and its callers together",
            setting="monkey-patch",
        )
    edits = _emptied.removal(use, facts)
    return Rewrite(
        message=f"the process is no longer patched{_originals.repairs(facts)}",
        why="nothing of eventlet is left in the project that would need it",
        edits=(*edits, *_originals.take_the_module(use, facts)),
        checks={
            "C-LIFE": "threads and executors that are not daemons now hold up the exit, in files "
            "that never mention eventlet too",
            "C-ATOM": "code now runs in parallel wherever threads share state",
            **_stale.asks(use, facts, edits),
        },
        setting="monkey-patch",
    )


rule = Rule(
    code="EVT510",
    family="patching",
    step=3,
    last=True,
    summary="monkey_patch() goes when nothing else is left",
    apis=frozenset({"eventlet.patcher.monkey_patch"}),
    match=match,
    checks=("C-LIFE", "C-ATOM", "C-STALE"),
    settings=("monkey-patch",),
    references=("IMP-2",),
    before="""\
import eventlet
eventlet.monkey_patch()

import sys  # noqa: E402


def main():
    print(sys.version)
""",
    after="""\
import sys  # noqa: E402


def main():
    print(sys.version)
""",
)
