"""Keywords that a function gathers in a dict of its own before it hands them on."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eventlet_codemod.facts import Use


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a dict may hold, by key, and the keys that it holds in any case."""

    items: Mapping[str, Sequence[ast.expr]]
    always: frozenset[str]


def behind(value: ast.expr, use: Use) -> Gathered | None:
    """What ``**value`` in a call of ``use`` may hold, by keyword; None if that cannot be seen.

    It is the name of a dict that the function writes out, and does nothing else to than to set
    items by keys that are written out, too.
    """
    function = use.function
    if not isinstance(value, ast.Name) or not isinstance(
        function, (ast.FunctionDef, ast.AsyncFunctionDef)
    ):
        return None
    found: dict[str, list[ast.expr]] = {}
    made, known, always = 0, {id(value)}, frozenset[str]()
    for node in ast.walk(function):
        if isinstance(node, (ast.Global, ast.Nonlocal)) and value.id in node.names:
            return None
        if not isinstance(node, (ast.Assign, ast.AnnAssign)) or node.value is None:
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if _is_name(targets[0], value.id) and len(targets) == 1:
            items = _items(node.value)
            if items is None:
                return None
            made += 1
            always = frozenset(word for word, _ in items)
            known.add(id(targets[0]))
            for word, item in items:
                found.setdefault(word, []).append(item)
        for target in targets:
            key = _key_of(target, value.id)
            if key is not None and isinstance(target, ast.Subscript):
                known.add(id(target.value))
                found.setdefault(key, []).append(node.value)
    others = (n for n in ast.walk(function) if _is_name(n, value.id) and id(n) not in known)
    return Gathered(found, always) if made == 1 and next(others, None) is None else None


def _items(node: ast.expr) -> list[tuple[str, ast.expr]] | None:
    """The items of a dict that is written out, with keys that are."""
    if isinstance(node, ast.Call):
        written = isinstance(node.func, ast.Name) and node.func.id == "dict" and not node.args
        if not written or any(item.arg is None for item in node.keywords):
            return None
        return [(str(item.arg), item.value) for item in node.keywords]
    if not isinstance(node, ast.Dict):
        return None
    found = []
    for key, value in zip(node.keys, node.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            return None
        found.append((key.value, value))
    return found


def _key_of(target: ast.expr, name: str) -> str | None:
    """The key of ``name["key"]``."""
    if not isinstance(target, ast.Subscript) or not _is_name(target.value, name):
        return None
    key = target.slice
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
