"""`with Timeout(None)` limits nothing, so its block stands alone.

A Timeout without a limit never fires, whatever exception it is given. The `with` goes where nothing
else stands in it, and nothing reads the Timeout. A limit that may be None at run time is for the
rules that set a deadline.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.api import TIMEOUT
from eventlet_codemod.rules.base import Decision, Fold, Rewrite, Rule
from eventlet_codemod.rules.timeouts import _limit


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a Timeout of None around a block."""
    if use.kind != "reference" or use.doubt or use.call is None or not _limit.is_bare(use.call):
        return None
    item = use.parents[-2]
    block = use.parents[-3] if isinstance(item, ast.withitem) else None
    if not isinstance(block, ast.With) or len(block.items) > 1 or block.items[0] is not item:
        return None
    if item.optional_vars is not None and not _is_unread(item.optional_vars, use, facts):
        return None
    return Rewrite(
        message="a Timeout of None limits nothing",
        why="eventlet never starts it",
        edits=(Fold(block, "body"),),
    )


def _is_unread(target: ast.expr, use: Use, facts: Facts) -> bool:
    """Whether nothing reads the name of a Timeout."""
    if not isinstance(target, ast.Name) or use.function is None:
        return False
    return target.id not in facts.declared_global and not any(
        isinstance(node, ast.Name) and node.id == target.id and node is not target
        for node in ast.walk(use.function)
    )


rule = Rule(
    code="EVT227",
    family="timeouts",
    step=1,
    summary="a Timeout of None around a block goes",
    apis=frozenset({TIMEOUT}),
    match=match,
    references=("TMO-3", "T12"),
    before="""\
import eventlet


def fetch(client):
    with eventlet.Timeout(None):
        return client.fetch()
""",
    after="""\
def fetch(client):
    return client.fetch()
""",
)
