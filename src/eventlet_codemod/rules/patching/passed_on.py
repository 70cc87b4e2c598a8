"""An import by which a module passes a name of eventlet on goes when nobody takes it any more.

Projects keep such modules so that only one file says where `spawn` or `Queue` come from. The files
that take them are found and rewritten like any other, also where they never mention eventlet. When
all of them are, the import has served its time.

It stays while a file still takes the name, and where other projects may.
"""

from __future__ import annotations

import ast
import re
from functools import partial

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    ReplaceExpression,
    ReplaceImport,
    Rewrite,
    Rule,
)


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on an import that nothing in its own file refers to."""
    if use.kind != "import" or len(use.bindings) != 1 or not use.bindings[0].at_top:
        return None
    if facts.names.references.get(use.bindings[0]):
        return None  # a green module, whose import is a use also where the file refers to it
    name = use.bindings[0].name
    if not _is_retired(name, facts):
        return None
    edits: list[Edit] = [ReplaceImport(use.bindings[0])]
    if name in facts.names.exported:
        listed = _dunder_all(facts)
        if listed is None or facts.suppressions:  # one name may stay, and be listed still
            return None
        if use is _first_exported(facts):  # it takes all of them out at once
            edits.append(ReplaceExpression(listed, partial(_without, facts)))
    return Rewrite(
        message=f"`{use.path}` is passed on no more",
        why="every file that took it from here says the native name now",
        edits=tuple(edits),
        checks={"C-FLOW": f"does another project import {name} from here?"},
    )


def _is_retired(name: str, facts: Facts) -> bool:
    return f"{facts.dotted}.{name}" in facts.project.retired


def _first_exported(facts: Facts) -> Use | None:
    for use in facts.names.uses:
        names = [binding.name for binding in use.bindings]
        if use.kind == "import" and any(
            name in facts.names.exported and _is_retired(name, facts) for name in names
        ):
            return use
    return None


def _dunder_all(facts: Facts) -> ast.List | ast.Tuple | None:
    """The one list of plain strings that ``__all__`` is given."""
    found = [
        statement.value
        for statement in facts.tree.body
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__"
    ]
    if len(found) != 1 or len(re.findall(r"\b__all__\b", facts.text)) != 1:
        return None
    value = found[0]
    if not isinstance(value, (ast.List, ast.Tuple)):
        return None
    return value if all(isinstance(item, ast.Constant) for item in value.elts) else None


def _without(facts: Facts, node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    assert isinstance(node, (cst.List, cst.Tuple))
    kept = [
        element
        for element in node.elements
        if not _is_retired(ast.literal_eval(context.code(element.value)), facts)
    ]
    if kept and kept[-1] is not node.elements[-1]:
        kept[-1] = kept[-1].with_changes(comma=node.elements[-1].comma)
    return node.with_changes(elements=kept)


rule = Rule(
    code="EVT508",
    family="patching",
    step=1,
    summary="an import that only passed a name on goes when nobody takes it",
    apis=frozenset({"eventlet.*"}),
    match=match,
    checks=("C-FLOW",),
    before="""\
# pkg/concurrency.py, from which pkg/poll.py takes the name
from eventlet import sleep
""",
    after="""\
# pkg/concurrency.py, from which pkg/poll.py takes the name
from eventlet import sleep
""",
)
