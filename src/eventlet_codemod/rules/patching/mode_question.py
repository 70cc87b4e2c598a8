"""In dual mode `is_monkey_patched()` is asked of the project's own module, and never answered here.

With `monkey-patch = "switch"` both answers occur. `is_patched()` of the module that patches (see
EVT511) gives eventlet's own answer for every argument, and False where nothing has imported
eventlet, without importing it. So no branch is taken away, and the file asks without eventlet.
"""

from __future__ import annotations

import ast

from eventlet_codemod import dual
from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Leave, Rewrite, Rule, leave_in_doubt
from eventlet_codemod.rules.patching import _switch


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Ask the module of the project."""
    if settings.monkey_patch != "switch" or use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    module = _switch.module_of(facts, settings)
    if isinstance(module, Leave):
        return module
    call = use.call
    plain = call is not None and len(call.args) == 1 and not call.keywords
    hidden = not plain or isinstance(call.args[0], ast.Starred)  # type: ignore[union-attr]
    if hidden or _switch.is_out_of_reach(module, facts):
        return Leave(
            message="this question cannot be asked of the project's own module here",
            why="it is handed on, its argument cannot be seen, or the file stands outside the "
            "package",
            advice=f"ask `{module}.is_patched(part)`, which serves both modes",
            setting="monkey-patch",
        )
    return Rewrite(
        message=f"`{module}.is_patched` is asked, which imports no eventlet",
        why="it gives eventlet's answer where eventlet is in use, and False where it is not",
        edits=(_switch.calls(use, module, dual.IS_PATCHED),),
        needs=(module,),
        makes=module,
        setting="monkey-patch",
    )


rule = Rule(
    code="EVT512",
    family="patching",
    step=1,
    summary="in dual mode is_monkey_patched is asked without eventlet",
    apis=frozenset(
        {"eventlet.patcher.is_monkey_patched", "oslo_utils.eventletutils.is_monkey_patched"}
    ),
    match=match,
    settings=("monkey-patch", "monkey-patch-module"),
    references=("IMP-3",),
    example_settings={"monkey_patch": "switch", "monkey_patch_module": "pkg.monkey_patch"},
    before="""\
from eventlet import patcher


def start(green, native):
    if patcher.is_monkey_patched("thread"):
        green()
    else:
        native()
""",
    after="""\
from pkg import monkey_patch


def start(green, native):
    if monkey_patch.is_patched("thread"):
        green()
    else:
        native()
""",
)
