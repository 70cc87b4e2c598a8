"""What a name at a place of a text refers to."""

from __future__ import annotations

import ast
from functools import lru_cache

from eventlet_codemod.facts.module import dotted_name, package_name
from eventlet_codemod.facts.scopes import (
    Binding,
    Occurrence,
    Scope,
    Walker,
    parse,
    split_lines,
)


def names_at(text: str, path: str, line: int, column: int) -> frozenset[str]:
    """The dotted names that the reference which begins at a place stands for.

    ``line`` counts from 1, ``column`` from 0 in characters. For ``utils.spawn(f)`` where
    ``from nova import utils`` holds these are ``nova.utils`` and ``nova.utils.spawn``. A name that
    the module itself binds begins with the module's own, as ``path`` gives it. None for a name
    that may be something else as well, and for text that is no Python.
    """
    source = _lines(text)[line - 1] if line <= len(_lines(text)) else ""
    word = _word(source, column)
    found = _occurrences(text, word).get((line, len(source[:column].encode()))) if word else None
    if found is None:
        return frozenset()
    root = _meaning(word, found.scope, path)
    return frozenset(_chain(root, found.parents)) if root else frozenset()


@lru_cache(maxsize=2)
def _lines(text: str) -> list[str]:
    return split_lines(text)


@lru_cache(maxsize=2)
def _walker(text: str) -> Walker | None:
    try:
        return Walker(parse(text), text)
    except (SyntaxError, ValueError, RecursionError):
        return None


@lru_cache(maxsize=16)
def _occurrences(text: str, word: str) -> dict[tuple[int, int], Occurrence]:
    """Where a name is referred to, by line and column in bytes."""
    walker = _walker(text)
    found = walker.find(frozenset({word})) if walker is not None else []
    return {
        (item.node.lineno, item.node.col_offset): item
        for item in found
        if isinstance(item.node, ast.Name)
    }


def _word(source: str, column: int) -> str:
    stop = column
    while stop < len(source) and (source[stop].isalnum() or source[stop] == "_"):
        stop += 1
    return source[column:stop]


def _meaning(name: str, scope: Scope, path: str) -> str:
    """The dotted name that a name is bound to, "" where that is not one."""
    home = scope.lookup(name)
    if home is None:
        return ""
    names = {_bound(binding, path) for binding in home.bindings[name]}
    return names.pop() if len(names) == 1 else ""


def _bound(binding: Binding, path: str) -> str:
    if binding.is_import:
        return _absolute(str(binding.qualified), path)
    if binding.scope.kind == "module" and not isinstance(binding.node, ast.Name):
        return f"{dotted_name(path)}.{binding.name}"
    return ""


def _absolute(name: str, path: str) -> str:
    level = len(name) - len(name.lstrip("."))
    if not level:
        return name
    package = package_name(path).split(".")
    return ".".join([*package[: len(package) - level + 1], name[level:]])


def _chain(root: str, parents: tuple[ast.AST, ...]) -> list[str]:
    names = [root]
    for parent in reversed(parents):
        if not isinstance(parent, ast.Attribute):
            break
        names.append(f"{names[-1]}.{parent.attr}")
    return names
