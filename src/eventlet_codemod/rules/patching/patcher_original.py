"""`patcher.original("mod")` gives the module that `monkey_patch()` has not touched.

Once nothing is patched, that is the module itself. Before that the two differ, so this waits for
step 3. A module outside the standard library is the matter of `original-copy`.
"""

from __future__ import annotations

import ast
import sys
from typing import TypedDict

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.scopes import names_bound_by_header
from eventlet_codemod.imports import Import
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    ReplaceStatement,
    Rewrite,
    Rule,
    leave_in_doubt,
    removed,
)


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Replace the call by the module that it names."""
    if use.kind != "reference" or use.call is None:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    call = use.call
    name = module_named(call.args[0], facts) if len(call.args) == 1 else None
    if not isinstance(name, str) or not name.replace(".", "").isidentifier() or call.keywords:
        return Leave(
            message="the module that `original` is asked for cannot be seen",
            why="its name is computed",
            advice="use importlib.import_module() on the name",
        )
    if not is_patchable(name):
        return None
    return Rewrite(
        message=f"`{name}` itself: nothing is patched any more",
        why="without monkey_patch() there is one form of each module, the original",
        **put_in_place(use, call, name, facts),
    )


def is_patchable(name: str) -> bool:
    """Whether monkey patching may change a module, or what it takes from others."""
    return name.partition(".")[0] in sys.stdlib_module_names | _PATCHED


_PATCHED = {"MySQLdb", "psycopg2", "Queue", "thread", "__builtin__"}


class Placed(TypedDict, total=False):
    """What puts a module in the place of `original`'s: the fields of `Rewrite`."""

    edits: tuple[ReplaceExpression | ReplaceStatement, ...]
    binds: tuple[Import, ...]
    needs: tuple[str, ...]


def put_in_place(use: Use, call: ast.Call, name: str, facts: Facts) -> Placed:
    """Import ``name``, and let the call, or the assignment of its value, go."""
    if _is_imported(use, name, facts):
        return {"edits": (removed(use),)}
    local = _bound_at_top(use, facts)
    if local is not None:
        package, _, last = name.rpartition(".")
        alias = None if local == last else local
        new = Import(package, last, alias) if package else Import(name, None, alias)
        return {"edits": (removed(use),), "binds": (new,)}
    edit = ReplaceExpression(call, lambda node, context: context.name(name))
    return {"edits": (edit,), "needs": (name,)}


def module_named(node: ast.expr, facts: Facts) -> str | None:
    """The module that ``'name'``, or ``module.__name__`` of an imported one, spells."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if (
        isinstance(node, ast.Attribute)
        and node.attr == "__name__"
        and isinstance(node.value, ast.Name)
    ):
        imports = facts.module_imports.get(node.value.id, [])
        if len(imports) == 1 and node.value.id not in facts.bound_otherwise:
            statement, alias, _ = imports[0]
            if isinstance(statement, ast.Import) and (alias.asname or "." not in alias.name):
                return alias.name
    return None


def _is_imported(use: Use, name: str, facts: Facts) -> bool:
    """Whether ``name = patcher.original("name")`` stands at the top, below ``import name``."""
    statement, imports = use.statement, facts.module_imports.get(name, [])
    if statement not in facts.tree.body or not isinstance(statement, ast.Assign):
        return False
    if list(map(ast.unparse, statement.targets)) != [name] or statement.value is not use.call:
        return False
    if len(imports) != 1 or imports[0][0].lineno > statement.lineno or not imports[0][2]:
        return False
    alias = imports[0][1]
    plain = isinstance(imports[0][0], ast.Import) and (alias.name, alias.asname) == (name, None)
    bound = [s for s in facts.tree.body if name in names_bound_by_header(s)]
    return plain and set(bound) <= {statement, imports[0][0]} and name not in facts.declared_global


def _bound_at_top(use: Use, facts: Facts) -> str | None:
    """The name in ``name = patcher.original(…)`` at the top of the module, bound only there."""
    statement = use.statement
    if statement not in facts.tree.body or not isinstance(statement, ast.Assign):
        return None
    target = statement.targets[0]
    if len(statement.targets) > 1 or not isinstance(target, ast.Name):
        return None
    if statement.value is not use.call or target.id in facts.module_imports:
        return None
    values = [s for s in facts.tree.body if target.id in names_bound_by_header(s)]
    return target.id if values == [statement] else None


rule = Rule(
    code="EVT501",
    family="patching",
    step=3,
    summary="patcher.original gives way to the module itself",
    apis=frozenset({"eventlet.patcher.original"}),
    match=match,
    references=("IMP-4",),
    example_settings={"force": True},
    before="""\
from eventlet import patcher


def native_thread(target):
    return patcher.original("threading").Thread(target=target)
""",
    after="""\
import threading


def native_thread(target):
    return threading.Thread(target=target)
""",
)
