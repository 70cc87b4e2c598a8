"""Which import bindings of eventlet go, and by which names new code reaches its modules."""

from __future__ import annotations

import ast
import itertools
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from eventlet_codemod import dual
from eventlet_codemod.facts import Binding, Facts, Scope, Use
from eventlet_codemod.facts.api import canonical, names_of
from eventlet_codemod.facts.scopes import names_bound_by_header, own_statements, parameters
from eventlet_codemod.facts.uses import catches_import_error
from eventlet_codemod.imports import Add, Drop, FoldTry, Import, Replace, Request, Target
from eventlet_codemod.rules.base import ReplaceImport

#: How a module is imported when it has to be: {module: (import, how code spells it)}.
_SPELLING = {
    "concurrent.futures": (Import("concurrent", "futures"), "futures"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """``names`` gives each use the local names of the modules that its new code refers to.

    ``requests`` go to the import planner; ``bound`` holds the ``(local name, dotted name)`` pairs
    that the new imports must have bound.
    """

    names: Mapping[Use, Mapping[str, str]]
    requests: tuple[Request, ...]
    bound: frozenset[tuple[str, str]] = frozenset()


def plan(
    facts: Facts,
    gone: Collection[Use],
    replaced: Sequence[ReplaceImport],
    needs: Mapping[Use, Sequence[str]],
    binds: Sequence[Import] = (),
) -> Plan:
    """Plan the imports of a file in which the uses ``gone`` no longer refer to eventlet."""
    drops = droppable(facts, gone)
    requests: list[Request] = []
    for edit in replaced:
        target = Target(edit.binding.statement, edit.binding.alias)
        if edit.fold_try:
            fold = FoldTry(edit.binding.statement)
            if not any(isinstance(r, FoldTry) and _one_try(facts, r, fold) for r in requests):
                requests.append(fold)
        elif edit.new is not None:
            requests.append(Replace(target, edit.new, edit.lifted))
        else:
            requests.append(Drop(target))
    requests += [Drop(Target(binding.statement, binding.alias)) for binding in drops]
    requests += [Add(new) for new in dict.fromkeys(binds)]
    freed = _freed(facts, [*drops, *(edit.binding for edit in replaced)])
    names: dict[Use, dict[str, str]] = {use: {} for use in needs}
    for module in sorted({module for modules in needs.values() for module in modules}):
        uses = [use for use in needs if module in needs[use]]
        found, new = _Namer(facts, module, freed, replaced).name(uses)
        for use in uses:
            names[use][module] = found[use]
        if new is not None:
            requests.append(Add(new))
    bound = {_pair(r.new) for r in requests if isinstance(r, (Add, Replace))}
    return Plan(names, tuple(requests), frozenset(bound))


def _pair(new: Import) -> tuple[str, str]:
    """What an import binds, as ``(local name, dotted name)``; ``import a.b`` counts as ``a.b``."""
    path = ".".join(filter(None, (new.module, new.name)))
    return new.alias or new.name or new.module, path


def _one_try(facts: Facts, left: FoldTry, right: FoldTry) -> bool:
    """Whether two imports stand in one try statement."""
    tries = []
    for fold in (left, right):
        binding = next(b for b in facts.walker.imports() if b.statement == fold.statement)
        tries.append(next(n for n in reversed(binding.parents) if isinstance(n, ast.Try)))
    return tries[0] is tries[1]


# --- what goes ---------------------------------------------------------------------------------


def kept_for_others(facts: Facts, gone: Collection[Use]) -> list[Binding]:
    """Imports to which nothing in the file refers any more, and that stay all the same."""
    going = droppable(facts, gone)
    return [
        binding
        for binding, references in facts.names.references.items()
        if binding not in going
        and binding.name != "*"
        and canonical(str(binding.qualified)).startswith(("eventlet", "greenlet"))
        and not canonical(str(binding.qualified)).startswith("eventlet.green.")
        and gone
        and all(use in gone for use in references)
    ]


def droppable(facts: Facts, gone: Collection[Use]) -> list[Binding]:
    """Import bindings of eventlet that nothing needs any more."""
    found: list[Binding] = []
    for binding in facts.names.imports:
        references = facts.names.references.get(binding, [])
        if not references or canonical(str(binding.qualified)).startswith("eventlet.green."):
            continue
        if _is_kept_by_text(facts, binding) or _is_guarded(binding):
            continue
        if binding.at_top and facts.project.takes_from(facts.path, binding.name):
            continue
        remaining = [use for use in references if use not in gone]
        if not remaining or _is_spare(facts, binding, remaining):
            found.append(binding)
    found += _spent_modules(facts, gone)
    return found


def _spent_modules(facts: Facts, gone: Collection[Use]) -> Iterator[Binding]:
    """Imports of the module of dual mode, or of a codemod's names, that nothing uses any more.

    Loading these does nothing; any other module of the project may be imported for what that does.
    """
    for binding, references in facts.names.references.items():
        if binding in facts.names.imports or _is_guarded(binding):
            continue
        if not all(use in gone and _loads_nothing(facts, use) for use in references):
            continue
        mentions = len(re.findall(rf"\b{re.escape(binding.name)}\b", facts.text))
        if mentions == len(references) + 1 and not (
            binding.at_top and facts.project.takes_from(facts.path, binding.name)
        ):
            yield binding


def _loads_nothing(facts: Facts, use: Use) -> bool:
    """Whether the module that a name is taken from is imported for its names alone.

    A codemod that says what a name of a module is in eventlet says that of the module.
    """
    declared = facts.project.declared
    module = facts.names.taken.get(use, "").rpartition(".")[0]
    if module and any(
        name.rpartition(".")[0] == module for name in declared.names.keys() - declared.watched
    ):
        return True
    home = facts.project.path_of(module)
    text = facts.project.reads(home) if home is not None else ""
    return dual.IS_PATCHED in text and not dual.serves(text)


def _is_guarded(binding: Binding) -> bool:
    """Whether a try statement asks whether the import works: what else it does depends on it."""
    return any(
        isinstance(node, ast.Try) and any(map(catches_import_error, node.handlers))
        for node in binding.parents
    )


def _is_kept_by_text(facts: Facts, binding: Binding) -> bool:
    """Whether a re-export or a mention that is no reference keeps the import."""
    name = re.escape(binding.name)
    if binding.name in facts.names.exported:
        return True
    if re.search(rf"#\s*type:.*\b{name}\b", facts.text):
        return True
    line = facts.lines[binding.line - 1] if binding.line <= len(facts.lines) else ""
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
    """One of several ``import eventlet…`` beside others that lead to all that remains."""
    module = _module_of(binding)
    if module is None:
        return False
    twins = [
        other
        for twin in facts.names.imports
        if twin is not binding and twin.scope is binding.scope and twin.name == binding.name
        if (other := _module_of(twin)) is not None
    ]
    needed = [use for use in remaining if _leads_to(module, use)]
    if "." in module:
        return not needed and any(
            other == "eventlet" or any(_leads_to(other, use) for use in remaining)
            for other in twins
        )
    dotted = [other for other in twins if "." in other]
    return all(any(_leads_to(other, use) for other in dotted) for use in remaining)


def _module_of(binding: Binding) -> str | None:
    """The module of an ``import module`` without an alias."""
    alias = binding.node.names[binding.alias]  # type: ignore[attr-defined]
    return None if alias.asname or not isinstance(binding.node, ast.Import) else alias.name


def _leads_to(module: str, use: Use) -> bool:
    return use.path == module or use.path.startswith(module + ".")


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


def _spelling(module: str) -> tuple[Import, str]:
    """How a module is imported, and how code spells it then; a project's own by its last name."""
    if module in _SPELLING:
        return _SPELLING[module]
    package, _, name = module.rpartition(".")
    if package and package.partition(".")[0] not in sys.stdlib_module_names:
        return Import(package, name), name
    return Import(module), module


class _Namer:
    """Finds the names by which the uses of one file reach one module."""

    def __init__(
        self,
        facts: Facts,
        module: str,
        freed: frozenset[str],
        replaced: Sequence[ReplaceImport],
    ) -> None:
        self.facts = facts
        self.module = module
        self.freed = freed
        self.new, self.plain = _spelling(module)
        self.coming = {edit.binding: edit.new for edit in replaced if edit.new is not None}

    def name(self, uses: Sequence[Use]) -> tuple[dict[Use, str], Import | None]:
        """A name for each use and, for those that find none bound, the import to add."""
        found: dict[Use, str] = {}
        for use in uses:
            name = self._local_name(use) or self._module_name(use)
            if name is not None:
                found[use] = name
        rest = [use for use in uses if use not in found]
        if not rest:
            return found, None
        name, new = self._new_name(rest)
        return found | dict.fromkeys(rest, name), new

    def _local_name(self, use: Use) -> str | None:
        """The plain name, where an import in a function around the use binds it."""
        for position, scope in enumerate(use.scope.chain()):
            if scope.kind == "module" or (scope.kind == "class" and position):
                continue
            if self.plain in scope.bound:
                return self.plain if self._imports_only(scope, use) else None
        return None

    def _imports_only(self, scope: Scope, use: Use) -> bool:
        """Whether an import above the use is all that binds the plain name in a function."""
        body = getattr(scope.node, "body", None)
        if scope.kind != "function" or not isinstance(body, list):
            return False
        if any(item.arg == self.plain for item in parameters(scope.node.args)):  # type: ignore[attr-defined]
            return False
        lines = []
        for statement in own_statements(body):
            if not isinstance(statement, (ast.Import, ast.ImportFrom)):
                if self.plain in names_bound_by_header(statement):
                    return False
                continue
            for index, alias in enumerate(statement.names):
                if (alias.asname or alias.name.partition(".")[0]) == self.plain:
                    if not self._is_it(statement, alias, index):
                        return False
                    lines.append(statement.lineno)
        return bool(lines) and min(lines) < use.statement.lineno

    def _is_it(self, statement: ast.stmt, alias: ast.alias, index: int) -> bool:
        """Whether an import binds the module, now or after it is replaced."""
        for binding, new in self.coming.items():
            if binding.node is statement and binding.alias == index:
                return new == self.new
        return _imports(statement, alias, self.module)

    def _module_name(self, use: Use) -> str | None:
        """A name that an unconditional top-level import binds to the module and nothing re-binds.

        The import has to stand above a use that runs while the module is imported.
        """
        found = []
        for name, imports in self.facts.module_imports.items():
            first = min((s.lineno for s, _, top in imports if top), default=sys.maxsize)
            late = use.function is None and first > use.statement.lineno
            if name in self.facts.bound_otherwise or first == sys.maxsize or late:
                continue
            if use.scope.hides(name):
                continue
            if all(self._is_it(s, alias, s.names.index(alias)) for s, alias, _ in imports):  # type: ignore[attr-defined]
                found.append(name)
        best = min(found, key=lambda name: (name != self.plain, name), default=None)
        return best or self._dotted_name(use)

    def _dotted_name(self, use: Use) -> str | None:
        """The whole name, where ``import package.module`` binds the package and nothing else."""
        head, dot, _ = self.module.partition(".")
        imports = self.facts.module_imports.get(head, []) if dot else []
        plain = all(isinstance(s, ast.Import) and not alias.asname for s, alias, _ in imports)
        lines = [s.lineno for s, alias, top in imports if top and alias.name == self.module]
        if not plain or not lines or head in self.facts.bound_otherwise or use.scope.hides(head):
            return None
        late = use.function is None and min(lines) > use.statement.lineno
        return None if late else self.module

    def _new_name(self, uses: Sequence[Use]) -> tuple[str, Import]:
        """The plain name if it is free for all, else an alias that is."""
        scopes = [use.scope for use in uses]
        if self._is_free(self.plain, scopes) and not self.facts.has_foreign_star:
            return self.plain, self.new
        stem = self.plain.strip("_").replace(".", "_")
        names = (f"{stem}_lib{number}" for number in itertools.chain([""], itertools.count(2)))
        alias = next(name for name in names if self._is_free(name, scopes))
        return alias, Import(self.new.module, self.new.name, alias)

    def _is_free(self, name: str, scopes: Sequence[Scope]) -> bool:
        head, dot, _ = name.partition(".")
        stars = (str(star.qualified).removesuffix(".*") for star in self.facts.names.stars)
        if any(head in names_of(module) for module in stars):
            return False
        if head in self.facts.module_bound and head not in self.freed:
            twins = self.facts.module_imports.get(head, [])
            alike = all(isinstance(s, ast.Import) and not alias.asname for s, alias, _ in twins)
            if not dot or not alike or head in self.facts.bound_otherwise:
                return False
        return not any(scope.hides(head) for scope in scopes)


def _imports(statement: ast.stmt, alias: ast.alias, module: str) -> bool:
    """Whether an import binds a name to a module, as ``import package.module`` does to package."""
    if isinstance(statement, ast.Import):
        if alias.asname is not None:
            return alias.name == module
        return alias.name.partition(".")[0] == module
    assert isinstance(statement, ast.ImportFrom)
    return statement.level == 0 and f"{statement.module}.{alias.name}" == module
