"""Which import bindings of eventlet go, and by which names new code reaches its modules."""

from __future__ import annotations

import ast
import itertools
import re
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from eventlet_codemod.facts import Binding, Facts, Scope, Use
from eventlet_codemod.facts.api import canonical
from eventlet_codemod.imports import Add, Drop, FoldTry, Import, Replace, Request, Target
from eventlet_codemod.rules.base import ReplaceImport

#: How a module is imported when it has to be: {module: (import, how code spells it)}.
_SPELLING = {
    "concurrent.futures": (Import("concurrent", "futures"), "futures"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """``names`` maps each needed module to its local name; ``requests`` go to the planner.

    ``bound`` holds the ``(local name, dotted name)`` pairs that new imports must have bound.
    """

    names: Mapping[str, str]
    requests: tuple[Request, ...]
    bound: frozenset[tuple[str, str]] = frozenset()


def plan(
    facts: Facts,
    gone: Collection[Use],
    replaced: Sequence[ReplaceImport],
    needs: Mapping[str, Sequence[Use]],
    binds: Sequence[Import] = (),
) -> Plan:
    """Plan the imports of a file in which the uses ``gone`` no longer refer to eventlet."""
    drops = _droppable(facts, gone)
    requests: list[Request] = []
    for edit in replaced:
        target = Target(edit.binding.statement, edit.binding.alias)
        if edit.fold_try:
            fold = FoldTry(edit.binding.statement)
            if not any(isinstance(r, FoldTry) and _one_try(facts, r, fold) for r in requests):
                requests.append(fold)
        elif edit.new is not None:
            requests.append(Replace(target, edit.new))
    requests += [Drop(Target(binding.statement, binding.alias)) for binding in drops]
    freed = _freed(facts, [*drops, *(edit.binding for edit in replaced)])
    coming = {
        _local(edit.new): edit.new
        for edit in replaced
        if edit.new is not None and edit.binding.at_top
    }
    requests += [Add(new) for new in dict.fromkeys(binds)]
    names: dict[str, str] = {}
    for module in sorted(needs):
        name, new = _name_for(facts, module, needs[module], freed, coming)
        names[module] = name
        if new is not None:
            requests.append(Add(new))
    bound = {
        (_local(r.new), ".".join(filter(None, (r.new.module, r.new.name))))
        for r in requests
        if isinstance(r, (Add, Replace))
    }
    return Plan(names, tuple(requests), frozenset(bound))


def _one_try(facts: Facts, left: FoldTry, right: FoldTry) -> bool:
    """Whether two imports stand in one try statement."""
    tries = []
    for fold in (left, right):
        binding = next(b for b in facts.walker.imports() if b.statement == fold.statement)
        tries.append(next(n for n in reversed(binding.parents) if isinstance(n, ast.Try)))
    return tries[0] is tries[1]


# --- what goes ---------------------------------------------------------------------------------


def _droppable(facts: Facts, gone: Collection[Use]) -> list[Binding]:
    """Import bindings of eventlet that nothing needs any more."""
    found: list[Binding] = []
    for binding in facts.names.imports:
        references = facts.names.references.get(binding, [])
        if not references or canonical(str(binding.qualified)).startswith("eventlet.green."):
            continue
        if _is_kept_by_text(facts, binding):
            continue
        remaining = [use for use in references if use not in gone]
        if not remaining or _is_spare(facts, binding, remaining):
            found.append(binding)
    return found


def _is_kept_by_text(facts: Facts, binding: Binding) -> bool:
    """Whether a re-export or a mention that is no reference keeps the import."""
    name = re.escape(binding.name)
    if binding.name in facts.names.exported:
        return True
    if re.search(rf"#\s*type:.*\b{name}\b", facts.text):
        return True
    lines = facts.text.splitlines()
    line = lines[binding.line - 1] if binding.line <= len(lines) else ""
    if facts.path.endswith("__init__.py") and "noqa" in line:
        return True
    return any(
        use.kind == "string" and use.path.split(".")[0] == binding.name and _annotates(use)
        for use in facts.uses
    )


def _annotates(use: Use) -> bool:
    for outer, inner in itertools.pairwise([*use.parents, use.node]):
        if inner in (getattr(outer, "annotation", None), getattr(outer, "returns", None)):
            return True
    return False


def _is_spare(facts: Facts, binding: Binding, remaining: list[Use]) -> bool:
    """``import eventlet.event`` beside another import of eventlet, with no eventlet.event left."""
    alias = binding.node.names[binding.alias]  # type: ignore[attr-defined]
    if not isinstance(binding.node, ast.Import) or alias.asname or "." not in alias.name:
        return False
    if any(use.path == alias.name or use.path.startswith(alias.name + ".") for use in remaining):
        return False
    return any(
        twin is not binding
        and twin.scope is binding.scope
        and isinstance(twin.node, ast.Import)
        and _covers(twin.node.names[twin.alias].name, remaining)
        for twin in facts.names.imports
        if twin.name == binding.name
    )


def _covers(module: str, remaining: list[Use]) -> bool:
    return module == "eventlet" or any(use.path.startswith(module + ".") for use in remaining)


def _freed(facts: Facts, bindings: Iterable[Binding]) -> frozenset[str]:
    """Module-level names that only the given import bindings bind."""
    going: dict[str, int] = {}
    for binding in bindings:
        if binding.scope.kind == "module":
            going[binding.name] = going.get(binding.name, 0) + 1
    return frozenset(
        name
        for name, count in going.items()
        if count == len(facts.module_imports.get(name, ())) and name not in facts.bound_otherwise
    )


# --- what comes --------------------------------------------------------------------------------


def _name_for(
    facts: Facts,
    module: str,
    uses: Sequence[Use],
    freed: frozenset[str],
    coming: Mapping[str, Import],
) -> tuple[str, Import | None]:
    """The name for ``module`` and, unless it is bound already, the import that binds it."""
    new, name = _SPELLING.get(module, (Import(module), module))
    scopes = [use.scope for use in uses]
    for known in _bound_to(facts, module, uses):
        if not any(scope.hides(known) for scope in scopes):
            return known, None
    if coming.get(name) == new and not any(scope.hides(name) for scope in scopes):
        return name, None
    if _is_free(facts, name, scopes, freed) and name not in coming:
        return name, new
    stem = name.strip("_")
    number = 1
    alias = f"{stem}_lib"
    while not _is_free(facts, alias, scopes, frozenset()):
        number += 1
        alias = f"{stem}_lib{number}"
    return alias, Import(new.module, new.name, alias)


def _bound_to(facts: Facts, module: str, uses: Sequence[Use]) -> list[str]:
    """Names that an unconditional top-level import binds to ``module`` and nothing re-binds.

    The import has to stand above the uses that run while the module is imported.
    """
    early = min((u.statement.lineno for u in uses if u.function is None), default=sys.maxsize)
    found = []
    for name, imports in facts.module_imports.items():
        first = min((s.lineno for s, _, top in imports if top), default=sys.maxsize)
        if name in facts.bound_otherwise or first == sys.maxsize or first > early:
            continue
        if all(_imports(statement, alias, module) for statement, alias, _ in imports):
            found.append(name)
    return sorted(found, key=lambda name: (name != module.rpartition(".")[2], name))


def _imports(statement: ast.stmt, alias: ast.alias, module: str) -> bool:
    if isinstance(statement, ast.Import):
        return alias.name == module and ("." not in module or alias.asname is not None)
    assert isinstance(statement, ast.ImportFrom)
    return statement.level == 0 and f"{statement.module}.{alias.name}" == module


def _is_free(facts: Facts, name: str, scopes: Sequence[Scope], freed: frozenset[str]) -> bool:
    if name in facts.module_bound and name not in freed:
        return False
    return not any(scope.hides(name) for scope in scopes)


def _local(new: Import) -> str:
    return new.alias or new.name or new.module.partition(".")[0]
