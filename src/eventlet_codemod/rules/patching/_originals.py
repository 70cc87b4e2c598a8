"""The copies of modules that eventlet keeps as `__original_module_…`, gone without patching."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.imports import Import
from eventlet_codemod.rules.base import Edit, ReplaceImport

_PREFIX = "__original_module_"


def is_first(patching: Use, facts: Facts) -> bool:
    """Whether this is the first call in its file that patches the process."""
    calls = (item for item in facts.uses if item.api == patching.api and item.call is not None)
    return next(calls, None) is patching


def take_the_module(patching: Use, facts: Facts) -> Iterator[Edit]:
    """The edits that let imports of such copies take the module itself.

    They go with the first call of a file that patches.
    """
    if _PREFIX not in facts.text or not is_first(patching, facts):
        return
    names = frozenset(_local_names(facts))
    facts.walker.find(names)
    for binding in facts.walker.imports():
        path = str(binding.qualified)
        if path.startswith(_PREFIX):
            new = Import(path.removeprefix(_PREFIX), None, binding.name)
            yield ReplaceImport(binding, new)


def _local_names(facts: Facts) -> list[str]:
    return [
        alias.asname or alias.name
        for statement in facts.walker.import_statements
        if isinstance(statement, ast.Import)
        for alias in statement.names
        if alias.name.startswith(_PREFIX)
    ]


def line_of_copy(facts: Facts) -> int:
    """The line of the first import of such a copy, 0 if there is none."""
    lines = enumerate(facts.lines, 1)
    return next((n for n, line in lines if line.lstrip().startswith(f"import {_PREFIX}")), 0)


def repairs(facts: Facts) -> str:
    """What a finding adds where lines repaired what patching had broken; "" if none did."""
    if _PREFIX not in facts.text:
        return ""
    names = _local_names(facts)
    lines = [
        number
        for number, line in enumerate(facts.lines, 1)
        if any(f"{name}." in line for name in names) and "import" not in line
    ]
    return f"; line {lines[0]} repaired what patching broke, and can go" if lines else ""
