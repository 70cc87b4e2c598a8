"""An import of eventlet that nothing refers to goes with the rest.

A package imports eventlet for its own sake where it must be loaded early, before a variable of the
environment changes or before a library asks whether eventlet is there. Both end with patching.

It stays while another file takes the name from here, in a try statement that asks whether eventlet
can be had, and under `eventlet.green`, where a module is imported for what it does. So does a
function or class, which is imported for others to take: see `passed-on`.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.api import SUBMODULES
from eventlet_codemod.facts.scopes import Binding
from eventlet_codemod.rules.base import Decision, ReplaceImport, Rewrite, Rule


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Remove an import of the module's top that binds one name, which nobody has a use for."""
    if use.kind != "import" or len(use.bindings) != 1 or use.doubt:
        return None
    binding = use.bindings[0]
    if not binding.at_top or binding.name in facts.names.exported:
        return None
    if not _is_plain_module(binding) or facts.project.takes_from(facts.path, binding.name):
        return None
    return Rewrite(
        message=f"`{use.path}` is not imported any more",
        why="nothing refers to it, and nothing is patched that it would have to be loaded for",
        edits=(ReplaceImport(binding),),
        checks={
            "C-FLOW": "does a library look for eventlet among the loaded modules, or another "
            f"project import `{binding.name}` from here?"
        },
    )


def _is_plain_module(binding: Binding) -> bool:
    """Whether a module is imported, and one that does nothing when it is."""
    node = binding.node
    assert isinstance(node, (ast.Import, ast.ImportFrom))
    name = node.names[binding.alias].name
    if isinstance(node, ast.Import):
        return not name.startswith("eventlet.green.")
    return node.module == "eventlet" and name in SUBMODULES


rule = Rule(
    code="EVT514",
    family="patching",
    step=3,
    summary="an import of eventlet that nothing refers to goes",
    apis=frozenset({"eventlet", "eventlet.*"}),
    match=match,
    checks=("C-FLOW",),
    references=("IMP-2",),
    example_settings={"force": True},
    before="""\
import os

import eventlet

ROOT = os.getcwd()
""",
    after="""\
import os

ROOT = os.getcwd()
""",
)
