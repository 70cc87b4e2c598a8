"""Where a file makes groups of oslo.service's threads, and classes that derive from them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod.facts.scopes import Occurrence, Walker

GROUP = "oslo_service.threadgroup.ThreadGroup"

#: The keyword that only the group of eventlet's backend takes.
SIZE = "thread_pool_size"

#: The class that the tool writes into a project, whose threads can be linked.
LINKED = "LinkedThreadGroup"

_INIT = "__init__"


def groups_made(walker: Walker) -> Iterator[Occurrence]:
    """The names that are called to make a group; with its size by keyword it is a use anyway."""
    for occurrence in walker.find(frozenset({"ThreadGroup"})):
        call = occurrence.parents[-1] if occurrence.parents else None
        if not isinstance(call, ast.Call) or call.func is not occurrence.node:
            continue
        if not _has_size(call) and names_group(occurrence):
            yield occurrence


def names_group(occurrence: Occurrence) -> bool:
    """Whether an expression is oslo.service's class, by way of one import."""
    root, _, rest = ast.unparse(occurrence.node).partition(".")
    scope = occurrence.scope.lookup(root)
    bindings = scope.bindings[root] if scope is not None else []
    if len(bindings) != 1 or not bindings[0].is_import:
        return False
    return ".".join(filter(None, [str(bindings[0].qualified), rest])) == GROUP


def sized_through_a_class(walker: Walker) -> Iterator[Occurrence]:
    """What hands the size on to a group by its keyword, by way of a class that derives from it.

    That is ``super().__init__(thread_pool_size=…)`` in such a class, the same by the name of its
    base, and a call of a class that has no `__init__` of its own.
    """
    classes = _derived(walker)
    if not classes:
        return
    plain = {item.name for item in classes if not _defines_init(item)}
    for occurrence in walker.find(frozenset({_INIT, *plain})):
        node, call = occurrence.node, occurrence.parents[-1]
        if not isinstance(call, ast.Call) or call.func is not node or not _has_size(call):
            continue
        if isinstance(node, ast.Attribute) and node.attr == _INIT:
            owner = next(
                (n for n in reversed(occurrence.parents) if isinstance(n, ast.ClassDef)), None
            )
            if owner in classes and _reaches_group(owner, classes):
                yield occurrence
        elif isinstance(node, ast.Name):
            yield occurrence


def derives_from_group(walker: Walker) -> ast.ClassDef | None:
    """The first class of the file that derives from a group."""
    return next(iter(_derived(walker)), None)


def _derived(walker: Walker) -> list[ast.ClassDef]:
    found: list[ast.ClassDef] = []
    names: set[str] = set()
    for occurrence in walker.find(frozenset({"ThreadGroup"})):
        owner = occurrence.parents[-1] if occurrence.parents else None
        derives = isinstance(owner, ast.ClassDef) and owner.bases == [occurrence.node]
        if derives and names_group(occurrence):
            assert isinstance(owner, ast.ClassDef)
            found.append(owner)
            names.add(owner.name)
    for statement in walker.tree.body if found else ():
        if isinstance(statement, ast.ClassDef) and statement not in found:
            bases = [item.id for item in statement.bases if isinstance(item, ast.Name)]
            if len(statement.bases) == 1 and names & set(bases):
                found.append(statement)
                names.add(statement.name)
    return found


def _reaches_group(owner: ast.ClassDef, classes: list[ast.ClassDef]) -> bool:
    """Whether the base of a class has the group's own `__init__`."""
    base = ast.unparse(owner.bases[0])
    above = next((item for item in classes if item.name == base), None)
    return above is None or (not _defines_init(above) and _reaches_group(above, classes))


def _defines_init(owner: ast.ClassDef) -> bool:
    return any(isinstance(item, ast.FunctionDef) and item.name == _INIT for item in owner.body)


def _has_size(call: ast.Call) -> bool:
    return any(item.arg == SIZE for item in call.keywords)
