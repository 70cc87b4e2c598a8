"""`import_patched("a.b")` imports a private, green copy of a module.

Without green threads the module itself is meant. Its state and its classes become the ones that
the rest of the process shares, which is for review. At the top of a file it is imported there;
elsewhere `import_module()` imports it when it was imported before.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.patching.patcher_original import put_in_place


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Replace the call by the module that it names."""
    if use.kind != "reference" or use.call is None:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    first = use.call.args[0] if use.call.args else None
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
        return Leave(
            message="the module that `import_patched` is asked for cannot be seen",
            why="its name is computed",
            advice="use importlib.import_module() on the name",
        )
    if use.statement in facts.tree.body and first.value.replace(".", "").isidentifier():
        placed = put_in_place(use, use.call, first.value, facts)
        if placed.get("binds"):
            return Rewrite(
                message=f"`{first.value}` itself is imported, not a green copy",
                why="a plain import gives the module of that name, as import_patched() did",
                checks={"C-STATE": ""},
                **placed,
            )
    name = ast.get_source_segment(facts.text, first)
    return Rewrite(
        message=f"`{first.value}` itself is imported, not a green copy",
        why="import_module() returns the module of that name, as import_patched() did",
        edits=(
            ReplaceExpression(
                use.call, lambda n, c: f"{c.name('importlib')}.import_module({name})"
            ),
        ),
        checks={"C-STATE": ""},
        needs=("importlib",),
    )


rule = Rule(
    code="EVT502",
    family="patching",
    step=3,
    summary="import_patched gives way to a plain import",
    apis=frozenset({"eventlet.patcher.import_patched"}),
    match=match,
    checks=("C-STATE",),
    references=("IMP-5",),
    example_settings={"force": True},
    before="""\
import eventlet

ftplib = eventlet.import_patched("ftplib")


def connect(host):
    return ftplib.FTP(host)
""",
    after="""\
import ftplib


def connect(host):
    return ftplib.FTP(host)
""",
)
