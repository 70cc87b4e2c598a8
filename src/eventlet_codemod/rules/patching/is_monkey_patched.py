"""`is_monkey_patched()` answers False once nothing is patched, so the native branch stays.

The branch that goes is the one that production ran until now; the one that stays often holds the
native implementation that nobody has run lately. That is for review. A library that patches nothing
itself may be imported by programs that do: that is asked, too.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    Fold,
    Leave,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.patching import _answered


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Fold the condition that asks, or put the answer in its place."""
    if settings.monkey_patch == "switch" or use.kind != "reference" or use.call is None:
        return None  # both answers occur: see mode_question
    if doubt := leave_in_doubt(use):
        return doubt
    given = [*use.call.args, *(item.value for item in use.call.keywords)]
    acts = any(isinstance(n, (ast.Call, ast.NamedExpr)) for a in given for n in ast.walk(a))
    edit = None if acts else _answered.edit_for(use.call, use.parents[:-1], False, facts)
    if edit is None:
        return Leave(
            message="`is_monkey_patched` is asked within a longer condition",
            why="nothing is patched any more, so it answers False",
            advice="simplify the condition by hand: the call is False",
        )
    return Rewrite(
        message="nothing is patched any more: the native branch stays",
        why="without monkey_patch() the answer is always False",
        edits=(edit,),
        checks={"C-BRANCH": _unreached(edit, use) if facts.project.patched else _BY_OTHERS},
    )


_BY_OTHERS = (
    "this project patches nothing itself: does a program that imports it still do so? It takes the "
    "native branch then"
)


def _unreached(edit: Edit, use: Use) -> str:
    """What to ask where the branch that stays leaves the block, so that the rest of it is dead."""
    if not isinstance(edit, Fold):
        return ""
    kept: list[ast.stmt] = getattr(edit.node, edit.keep)
    if not kept or not isinstance(kept[-1], (ast.Return, ast.Raise, ast.Continue, ast.Break)):
        return ""
    holder = use.parents[use.parents.index(edit.node) - 1]
    for name in ("body", "orelse", "finalbody"):
        block = getattr(holder, name, None)
        if isinstance(block, list) and edit.node in block[:-1]:
            line = block[block.index(edit.node) + 1].lineno
            return (
                "was the branch that goes, with what comes after it, the one that production ran? "
                f"Nothing reaches line {line} any more: it can go"
            )
    return ""


rule = Rule(
    code="EVT503",
    family="patching",
    step=3,
    summary="questions whether the process is patched are answered: no",
    apis=frozenset(
        {"eventlet.patcher.is_monkey_patched", "oslo_utils.eventletutils.is_monkey_patched"}
    ),
    match=match,
    checks=("C-BRANCH",),
    references=("IMP-3",),
    example_settings={"force": True},
    before="""\
from eventlet import patcher


def start(green, native):
    if patcher.is_monkey_patched("thread"):
        green()
    else:
        native()
""",
    after="""\
def start(green, native):
    native()
""",
)
