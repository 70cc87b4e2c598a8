"""Classes of a project: of which one an object is, and which belong together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from eventlet_codemod.facts.module import FUNCTIONS, Module, Parents
from eventlet_codemod.facts.names import Definition, Names, defined_in, enclosing
from eventlet_codemod.facts.project import Project
from eventlet_codemod.facts.scopes import Binding

#: In how many other files a name is looked for; beyond that it says too little.
MANY_FILES = 16


class Classes(Names):
    """Answers questions about classes and their objects."""

    def __init__(self, project: Project, home: Module | None = None) -> None:
        super().__init__(project, home)
        self._families: dict[ast.AST, tuple[list[Definition], list[str]]] = {}
        self._kinds: dict[tuple[ast.AST, str], Definition | None] = {}
        self._gaps: list[str] = []

    def take_gaps(self) -> list[str]:
        """What was not looked at since the last call, since too many files hold a name."""
        gaps, self._gaps = self._gaps, []
        return gaps

    def _few(self, paths: list[str], name: str, most: int) -> list[str]:
        """``paths``, or none of them where there are too many to look at."""
        if len(paths) <= most:
            return paths
        self._gaps.append(f"{name} stands in {len(paths)} other files, which were not looked at")
        return []

    def class_of(self, module: Module, node: ast.AST, parents: Parents) -> Definition | None:
        """The class of the project whose object ``node`` evaluates to."""
        if isinstance(node, ast.Name):
            function = enclosing(module, parents, FUNCTIONS)
            while function is not None:
                owner = function.owner
                if owner is not None and node.id == _first_parameter(function.node):
                    return owner
                function = enclosing(module, function.parents, FUNCTIONS)
            scope = module.scope_at(node, parents)
            bindings = module.lookup(node.id, scope)[1]
            return _same(self._made(module, item) for item in bindings)
        if isinstance(node, ast.Call):
            scope = module.scope_at(node, parents)
            if isinstance(node.func, ast.Name) and node.func.id == "super":
                return self._owner_of(module, parents)
            found = self.resolve(module, node.func, scope)
            return found if found and isinstance(found.node, ast.ClassDef) else None
        if isinstance(node, ast.Attribute):
            owner = self.class_of(module, node.value, (*parents, node))
            return self._class_of_attribute(owner, node.attr) if owner else None
        return None

    def _owner_of(self, module: Module, parents: Parents) -> Definition | None:
        return enclosing(module, parents, (ast.ClassDef,))

    def _made(self, module: Module, binding: Binding) -> Definition | None:
        if isinstance(binding.value, ast.Call):
            found = self.resolve(module, binding.value.func, binding.scope)
            return found if found and isinstance(found.node, ast.ClassDef) else None
        if isinstance(binding.node, ast.arg) and binding.node.annotation is not None:
            outer = binding.scope.parent or binding.scope
            found = self.resolve(module, binding.node.annotation, outer)
            return found if found and isinstance(found.node, ast.ClassDef) else None
        return None

    def _class_of_attribute(self, owner: Definition, name: str) -> Definition | None:
        """The class that ``self.name`` is always given an object of."""
        key = (owner.node, name)
        if key not in self._kinds:
            self._kinds[key] = None  # a class that is made of itself ends here
            self._kinds[key] = self._find_class_of_attribute(owner, name)
        return self._kinds[key]

    def _find_class_of_attribute(self, owner: Definition, name: str) -> Definition | None:
        made: list[Definition | None] = []
        for member in self.ancestors(owner):
            for occurrence in member.module.occurrences(name):
                node, parents = occurrence.node, occurrence.parents
                if not isinstance(node, ast.Attribute) or isinstance(node.ctx, ast.Load):
                    continue
                if member.node not in parents:
                    continue
                value = getattr(parents[-1], "value", None)
                if isinstance(value, ast.Constant) and value.value is None:
                    continue
                is_call = isinstance(parents[-1], ast.Assign) and isinstance(value, ast.Call)
                found = None
                if is_call and value is not None:
                    found = self.class_of(member.module, value, parents)
                made.append(found)
        return _same(made)

    def family(self, owner: Definition) -> list[Definition]:
        """A class with its bases and all that derive from them, where the project holds them.

        So are other bases of what derives from it: there they are one object with it.
        """
        if owner.node not in self._families:
            before = len(self._gaps)
            found = self.ancestors(owner)
            seen = {item.node for item in found}
            for item in found:
                for child in self._children(item):
                    if child.node not in seen:
                        seen.add(child.node)
                        found.append(child)
            found += self._beside(owner, found)
            self._families[owner.node] = found, self._gaps[before:]
            return found
        found, gaps = self._families[owner.node]
        self._gaps += gaps  # whoever asks has to know them
        return found

    def _beside(self, owner: Definition, family: list[Definition]) -> list[Definition]:
        """Classes that are bases, together with ``owner``, of one that derives from it."""
        known, beside = {item.node for item in family}, {}
        for item in family:
            above = self.ancestors(item)
            if any(base.node is owner.node for base in above):
                beside.update({base.node: base for base in above if base.node not in known})
        return list(beside.values())

    def _children(self, owner: Definition) -> Iterator[Definition]:
        name = owner.name
        derived = sorted(self.project.deriving_from(name) - {owner.module.path})
        own = [owner.module.path] if self._may_derive(owner) else []
        files = [*own, *self._few(derived, name, MANY_FILES)]
        for path in dict.fromkeys(files):
            module = self.load(path) if path != owner.module.path else owner.module
            words = sorted(module.names_of(name)) if module else ()
            for occurrence in (o for word in words for o in module.occurrences(word)):  # type: ignore[union-attr]
                node, parents = occurrence.node, occurrence.parents
                while isinstance(parents[-1], ast.Attribute):
                    node, parents = parents[-1], parents[:-1]
                parent = parents[-1]
                if isinstance(parent, ast.ClassDef) and node in parent.bases:
                    scope = module.scope_at(parent, parents[:-1])  # type: ignore[union-attr]
                    base = self.resolve(module, node, scope)  # type: ignore[arg-type]
                    if base is not None and base.node is owner.node:
                        yield Definition(module, parent, parents[:-1])  # type: ignore[arg-type]

    @staticmethod
    def _may_derive(owner: Definition) -> bool:
        """Whether the file of a class may hold another that derives from it."""
        form = rf"class\s+\w+\s*\([^)]*\b{re.escape(owner.name)}\b"
        return owner.module.search(form) is not None

    def methods(self, owner: Definition, name: str) -> list[Definition]:
        """Every definition of a method in the family of a class."""
        return [found for item in self.family(owner) for found in defined_in(item, name)]

    def inner_class(self, owner: Definition, name: str) -> Definition | None:
        """The class that stands as ``name`` in the body of a class or of one of its bases."""
        for item in self.ancestors(owner):
            for node in getattr(item.node, "body", ()):
                if isinstance(node, ast.ClassDef) and node.name == name:
                    return Definition(item.module, node, (*item.parents, item.node))
        return None


def _first_parameter(function: ast.AST) -> str:
    arguments = getattr(function, "args", None)
    if arguments is None or any(
        isinstance(d, ast.Name) and d.id == "staticmethod"
        for d in getattr(function, "decorator_list", ())
    ):
        return ""
    positional = [*arguments.posonlyargs, *arguments.args]
    return positional[0].arg if positional else ""


def _same(found: Iterable[Definition | None]) -> Definition | None:
    items = list(found)
    first = items[0] if items else None
    if first is None or any(item is None or item.node is not first.node for item in items):
        return None
    return first
