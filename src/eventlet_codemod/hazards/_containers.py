"""Which shared state is a container, and what changes how many items it has."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from eventlet_codemod.facts.carried import last_name
from eventlet_codemod.facts.module import Parents
from eventlet_codemod.hazards._shared import Unit

_MAPPINGS = frozenset({"dict", "defaultdict", "OrderedDict", "Counter"})
_SETS = frozenset({"set", "deque"})
_ADDING = frozenset({"add", "append", "appendleft", "insert", "setdefault", "extend", "update"})
_TAKING = frozenset({"pop", "popitem", "popleft", "remove", "discard", "clear"})

#: The kinds of nodes that change how many items there are.
RESIZING = (ast.Subscript, ast.Call)


def kind_of(key: str, unit: Unit) -> str:
    """``dict``, ``set`` (also a deque) or ``list``, as every value says that it is given; or ""."""
    name = key.rpartition(".")[2]
    kinds = {_kind(value) for value in values_of(name, unit)}
    return kinds.pop() if len(kinds) == 1 else ""


def values_of(name: str, unit: Unit) -> Iterator[ast.expr]:
    """Every value that the attribute or name of a unit is given."""
    for module in {item.module.path: item.module for item in unit.functions}.values():
        for occurrence in module.occurrences(name):
            parent = occurrence.parents[-1]
            if isinstance(parent, ast.Assign) and occurrence.node in parent.targets:
                yield parent.value
            if isinstance(parent, ast.AnnAssign) and occurrence.node is parent.target:
                yield parent.value or parent.annotation


def _kind(value: ast.expr) -> str:
    if isinstance(value, (ast.Dict, ast.DictComp)):
        return "dict"
    if isinstance(value, (ast.Set, ast.SetComp)):
        return "set"
    if isinstance(value, (ast.List, ast.ListComp)):
        return "list"
    name = last_name(value.func) if isinstance(value, ast.Call) else ""
    if name in _MAPPINGS:
        return "dict"
    return "set" if name in _SETS else "list" if name == "list" else ""


def resizes(node: ast.AST, parents: Parents) -> Iterable[tuple[ast.AST, ast.expr]]:
    """What adds items to a container or takes some, and the container."""
    stores = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    if stores and not isinstance(parents[-1], ast.AugAssign):
        yield node, node.value  # type: ignore[attr-defined]
    if _method(node) in _ADDING:
        yield node, node.func.value  # type: ignore[attr-defined]
    yield from takes(node, parents)


def takes(node: ast.AST, parents: Parents) -> Iterable[tuple[ast.AST, ast.expr]]:
    """What takes items from a container, and the container."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Del):
        yield node, node.value
    if _method(node) in _TAKING:
        yield node, node.func.value  # type: ignore[attr-defined]


def _method(node: ast.AST) -> str:
    """The method that a call is of, "" for anything else."""
    called = node.func if isinstance(node, ast.Call) else None
    return called.attr if isinstance(called, ast.Attribute) else ""
