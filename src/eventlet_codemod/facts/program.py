"""Where the functions, classes and attributes of a project are used.

Only the files are looked at that hold the name that is asked for.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from eventlet_codemod.facts.classes import MANY_FILES, Classes
from eventlet_codemod.facts.module import FUNCTIONS, Module, Parents
from eventlet_codemod.facts.names import Definition
from eventlet_codemod.facts.project import Project
from eventlet_codemod.facts.scopes import Occurrence


@dataclass(frozen=True, slots=True)
class Reference:
    """A place that refers to a definition. Not ``certain``: only the name says so."""

    module: Module
    node: ast.AST
    parents: Parents
    certain: bool = True

    @property
    def call(self) -> ast.Call | None:
        """The call of which it is the function, if it is called."""
        parent = self.parents[-1]
        return parent if isinstance(parent, ast.Call) and parent.func is self.node else None


class Program(Classes):
    """Answers who refers to what."""

    def __init__(self, project: Project, home: Module | None = None) -> None:
        super().__init__(project, home)
        self._elsewhere: dict[tuple[ast.AST, str], str] = {}
        self.memo: dict[str, Any] = {}  # what others found out by it

    def files_importing(self, module: Module, name: str) -> list[str]:
        """Files that may take ``name`` from ``module``, by any form of import."""
        tail = module.dotted.rpartition(".")[2] or module.dotted
        paths = [path for path in self.mentioning(name) if path != module.path]
        found = [
            path
            for path in paths
            if self.project.holds(path, [tail])
            or self.project.matches(path, r"from\s+\.+\s+import|import\s+\*")
        ]
        return self._few([*found, *self._star_takers(module, found)], name, MANY_FILES * 4)

    def _star_takers(self, module: Module, known: Sequence[str] = ()) -> list[str]:
        """Files that take all names of ``module``, and need not hold them."""
        tail = module.dotted.rpartition(".")[2] or module.dotted
        form = rf"\b{re.escape(tail)}\s+import\s+\*"
        paths = [path for path in self.mentioning(tail) if path not in (module.path, *known)]
        starred = [path for path in paths if self.project.matches(path, r"import\s+\*")]
        return [path for path in starred if self.project.matches(path, form)]

    def sharing(self, module: Module, name: str) -> list[Module]:
        """``module``, and those that have its ``name`` by taking all its names."""
        found = [module]
        for item in found:
            for path in self._star_takers(item):
                other = self.load(path)
                if other is None or other in found:
                    continue
                if self.source_of(other, name) is module:
                    found.append(other)
        return found

    def _takers(self, target: Definition) -> dict[Module, set[str]]:
        """Files that take a function or class, each with the names that it may take it by.

        A file that takes it at its top, such as a package, may hand it on.
        """
        found: dict[Module, set[str]] = {}
        pending = [(target.module, target.name)]
        for source, word in pending:
            for path in self.files_importing(source, word):
                other = self.load(path)
                if other is None or other is target.module or word in found.get(other, ()):
                    continue
                found.setdefault(other, set()).add(word)
                for name in other.names_of(word):
                    again = self._in_module(other, name)
                    if again is not None and again.node is target.node:
                        pending.append((other, name))
        return found

    def names_in(
        self, module: Module, target: Definition, taken_as: Iterable[str]
    ) -> Iterator[Reference]:
        """The places of ``module`` that refer to a module-level function or class."""
        words = {name for word in taken_as for name in module.names_of(word)}
        for word in sorted(words):
            for occurrence in module.occurrences(word):
                found = self._refers(module, occurrence, target)
                if found is not None:
                    yield found

    def _refers(
        self, module: Module, occurrence: Occurrence, target: Definition
    ) -> Reference | None:
        node = occurrence.node
        if not isinstance(getattr(node, "ctx", None), ast.Load):
            return None
        found = self.resolve(module, node, occurrence.scope)
        if found is None or found.node is not target.node:
            return None
        return Reference(module, node, occurrence.parents)

    def references(self, target: Definition) -> list[Reference]:
        """Every place of the project that refers to a function."""
        owner = target.owner
        if owner is not None:
            return list(self._method_references(owner, target.name))
        found = list(self.names_in(target.module, target, [target.name]))
        if not target.parents or not _is_local(target):
            for other, words in self._takers(target).items():
                found += self.names_in(other, target, words)
        return found

    def _method_references(self, owner: Definition, name: str) -> Iterator[Reference]:
        """``self.name`` in the family, and ``object.name`` of its objects everywhere."""
        yield from self.attributes(owner, name)
        for item in self.family(owner):
            for occurrence in item.module.occurrences(name):
                inside = occurrence.parents and occurrence.scope.node is item.node
                if inside and isinstance(getattr(occurrence.node, "ctx", None), ast.Load):
                    yield Reference(item.module, occurrence.node, occurrence.parents)

    def attributes(self, owner: Definition, name: str) -> Iterator[Reference]:
        """Every ``something.name`` that is, or may be, an attribute of the class.

        Those of other files count if the file names a class of the family.
        """
        family = self.family(owner)
        nodes = {item.node for item in family}
        names = {item.name for item in family}
        paths = [item.module.path for item in family]
        if self.project.root is not None:
            wanted = rf"\.\s*{re.escape(name)}\b"
            others = [
                path
                for path in self.mentioning(name, *sorted(names))
                if path not in paths and self.project.matches(path, wanted)
            ]
            paths += self._few(others, f".{name}", MANY_FILES * 2)
        loaded = {item.module.path: item.module for item in family}
        for path in dict.fromkeys(paths):
            module = loaded.get(path) or self.load(path)
            for occurrence in module.occurrences(name) if module else ():
                node = occurrence.node
                if not isinstance(node, ast.Attribute) or node.attr != name:
                    continue
                known = self._belongs(module, node, occurrence, nodes)  # type: ignore[arg-type]
                if known is not False:
                    yield Reference(module, node, occurrence.parents, known is True)  # type: ignore[arg-type]

    def may_have(self, reader: Definition, family: list[Definition], setters: set[ast.AST]) -> bool:
        """Whether objects of a class can be of one that sets an attribute, one of ``setters``.

        A class that only shares a base with those that do never meets it.
        """
        above = {item.node: {base.node for base in self.ancestors(item)} for item in family}
        return any(
            not setters.isdisjoint(bases)
            for node, bases in above.items()
            if node is reader.node or reader.node in bases
        )

    def _belongs(
        self, module: Module, node: ast.Attribute, occurrence: Occurrence, family: set[ast.AST]
    ) -> bool | None:
        """Whether the object before the dot is of the family; None if that cannot be told."""
        parents = (*occurrence.parents, node)
        made = self.class_of(module, node.value, parents)
        if made is not None:
            return made.node in family
        if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
            return False  # of a class that is not of the family
        target = self.resolve(module, node.value, occurrence.scope)
        if target is not None:
            return target.node in family
        root: ast.AST = node.value
        while isinstance(root, ast.Attribute):
            root = root.value
        if isinstance(root, ast.Name):
            bindings = module.lookup(root.id, occurrence.scope)[1]
            if any(binding.is_import for binding in bindings):
                return False  # an attribute of some module
        return None

    def defined_elsewhere(self, owner: Definition, name: str) -> str:
        """Where a class outside the family gives itself an attribute or method of that name."""
        found = self._elsewhere.get((owner.node, name))
        if found is None:
            found = self._elsewhere[owner.node, name] = self._find_elsewhere(owner, name)
        return found

    def _find_elsewhere(self, owner: Definition, name: str) -> str:
        inside = {item.module.path for item in self.family(owner)}
        form = re.compile(
            rf"(?m)^\s*(?:self|cls)\.{re.escape(name)}\s*[:=]|^\s+(?:async\s+)?def\s+"
            rf"{re.escape(name)}\b|^[ \t]+{re.escape(name)}\s*[:=][^=]"
        )
        home = self.home
        first = [home.path] if home is not None else []
        for path in dict.fromkeys([*first, *self.mentioning(name)]):
            if path in inside:
                continue
            if form.search(home.text if home and path == home.path else self.project.reads(path)):
                return path
        for path in inside:
            module = self.load(path)
            for occurrence in module.occurrences(name) if module else ():
                if self._defines_for_other(occurrence, {i.node for i in self.family(owner)}, name):
                    return f"another class of {path}"
        return ""

    @staticmethod
    def _defines_for_other(occurrence: Occurrence, family: set[ast.AST], name: str) -> bool:
        node = occurrence.node
        if not isinstance(node, ast.Attribute) or isinstance(node.ctx, ast.Load):
            return False
        owner = next((n for n in reversed(occurrence.parents) if isinstance(n, ast.ClassDef)), None)
        return owner is not None and owner not in family


def _is_local(target: Definition) -> bool:
    return any(isinstance(node, (*FUNCTIONS, ast.Lambda)) for node in target.parents)
