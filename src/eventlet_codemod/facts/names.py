"""What names and dotted chains refer to, across the files of a project.

Files are read and parsed only when a question needs them. Without a project around it a file
answers for itself alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eventlet_codemod.facts.loading import load
from eventlet_codemod.facts.module import FUNCTIONS, Module, Parents
from eventlet_codemod.facts.project import Project
from eventlet_codemod.facts.scopes import Binding, Scope

_ALIASES = 6  # how many imports a name is followed through


@dataclass(frozen=True, slots=True)
class Definition:
    """A function, class or module of the project; ``parents`` are the nodes around it."""

    module: Module
    node: ast.AST
    parents: Parents = ()

    @property
    def name(self) -> str:
        """What it is called where it is defined; "" for a lambda or module."""
        return str(getattr(self.node, "name", ""))

    @property
    def owner(self) -> Definition | None:
        """The class of which it is a method."""
        for place in range(len(self.parents) - 1, -1, -1):
            node = self.parents[place]
            if isinstance(node, ast.ClassDef):
                return Definition(self.module, node, self.parents[:place])
            if isinstance(node, (*FUNCTIONS, ast.Lambda)):
                return None
        return None

    @property
    def line(self) -> int:
        """Its line, from 1."""
        return int(getattr(self.node, "lineno", 1))


def enclosing(module: Module, parents: Parents, kinds: tuple[type, ...]) -> Definition | None:
    """The innermost node of ``kinds`` among ``parents``."""
    for place in range(len(parents) - 1, -1, -1):
        if isinstance(parents[place], kinds):
            return Definition(module, parents[place], parents[:place])
    return None


class Names:
    """Answers what a name means; keeps what it read for the next question.

    ``home`` is a file that is not on disk, or not like that. ``size`` is how many characters of
    source it keeps the trees of.
    """

    def __init__(self, project: Project, home: Module | None = None) -> None:
        self.project = project
        self.home = home
        self.size = 0
        self._modules: dict[str, Module | None] = {}
        self._stars: dict[ast.AST, list[str]] = {}  # modules that one takes all names of

    # --- files -------------------------------------------------------------------------------

    def load(self, path: str) -> Module | None:
        """The file at ``path``; None if there is none or it cannot be parsed."""
        if self.home is not None and path == self.home.path:
            return self.home
        if path not in self._modules:
            found = load(self.project, path) if self.project.root is not None else None
            self._modules[path] = found
            self.size += len(found.text) if found is not None else 0
        return self._modules[path]

    def named(self, dotted: str) -> Module | None:
        """The module of the project that is imported as ``dotted``."""
        if self.home is not None and dotted == self.home.dotted:
            return self.home
        path = self.project.path_of(dotted)
        return self.load(path) if path is not None else None

    def mentioning(self, word: str, *others: str) -> list[str]:
        """The files that hold ``word`` and one of ``others``, if any are given."""
        found = self.project.mentions(frozenset({word}), "").get(word, ())
        if others:
            found = tuple(path for path in found if self.project.holds(path, others))
        return list(found)

    def first_match(self, pattern: str, word: str) -> str:
        """The first file with ``word`` in which a pattern matches, "" if there is none."""
        if self.home is not None and word in self.home.text and self.home.search(pattern):
            return self.home.path
        for path in self.mentioning(word):
            if self.project.matches(path, pattern):
                return path
        return ""

    # --- what an expression refers to --------------------------------------------------------

    def resolve(self, module: Module, node: ast.AST, scope: Scope) -> Definition | None:
        """The one function, class or module that a name or dotted chain refers to."""
        if isinstance(node, ast.Name):
            bindings = module.lookup(node.id, scope)[1]
            if not bindings:
                return self._starred(module, node.id, 0)
            return self._bound(module, bindings)
        if isinstance(node, ast.Attribute):
            base = self.resolve(module, node.value, scope)
            if base is None:
                return None
            return self.member(base, node.attr)
        return None

    def member(self, base: Definition, name: str) -> Definition | None:
        """What ``base.name`` is: of a module, or of a class and its bases."""
        if isinstance(base.node, ast.Module):
            return self._in_module(base.module, name)
        if isinstance(base.node, ast.ClassDef):
            for owner in self.ancestors(base):
                for found in defined_in(owner, name):
                    return found
        return None

    def _in_module(self, module: Module, name: str, depth: int = 0) -> Definition | None:
        bindings = module.lookup(name, module.walker.module)[1]
        found = self._bound(module, bindings, depth)
        if found is None and not bindings:
            inner = self.named(f"{module.dotted}.{name}")
            return Definition(inner, inner.tree) if inner else self._starred(module, name, depth)
        return found

    def _starred(self, module: Module, name: str, depth: int) -> Definition | None:
        """What ``from … import *`` of a module of the project brings in under ``name``."""
        if depth > _ALIASES or name.startswith("_"):
            return None
        for source in self._star_sources(module):
            found = self._in_module(source, name, depth + 1)
            if found is not None:
                return found
        return None

    def _star_sources(self, module: Module) -> list[Module]:
        """The modules of the project that a file takes all names of, at its top."""
        if module.tree not in self._stars:
            self._stars[module.tree] = [
                self._absolute(module, "." * item.level + (item.module or ""))
                for item in module.tree.body
                if isinstance(item, ast.ImportFrom) and item.names[0].name == "*"
            ]
        found = [self.named(dotted) for dotted in self._stars[module.tree]]
        return [item for item in found if item is not None and item is not module]

    def source_of(self, module: Module | None, name: str, depth: int = 0) -> Module | None:
        """The module at whose top ``name`` is bound, if ``module`` has it by stars or itself."""
        if module is None or depth > _ALIASES:
            return None
        if module.lookup(name, module.walker.module)[1]:
            return module
        found = (self.source_of(item, name, depth + 1) for item in self._star_sources(module))
        return next((item for item in found if item is not None), None)

    def _bound(
        self, module: Module, bindings: Sequence[Binding], depth: int = 0
    ) -> Definition | None:
        """What the bindings of a name agree on."""
        if depth > _ALIASES:
            return None
        found = [self._binding(module, item, depth) for item in bindings]
        first = found[0] if found else None
        if first is None or any(item is None or item.node is not first.node for item in found):
            return None
        return first

    def _binding(self, module: Module, binding: Binding, depth: int) -> Definition | None:
        if isinstance(binding.node, (*FUNCTIONS, ast.ClassDef)):
            return Definition(module, binding.node, binding.parents)
        if binding.is_import:
            return self._imported(module, str(binding.qualified), depth + 1)
        if isinstance(binding.value, (ast.Name, ast.Attribute)) and depth <= _ALIASES:
            if isinstance(binding.value, ast.Name) and binding.value.id == binding.name:
                return None
            return self.resolve(module, binding.value, binding.scope)
        return None

    def imported_module(self, module: Module, qualified: str) -> Module | None:
        """The module of the project that ``from … import name`` takes ``name`` from."""
        return self.named(self._absolute(module, qualified).rpartition(".")[0])

    @staticmethod
    def _absolute(module: Module, qualified: str) -> str:
        level = len(qualified) - len(qualified.lstrip("."))
        if level:
            package = module.package.split(".")
            package = package[: len(package) - level + 1]
            return ".".join([*filter(None, package), qualified[level:]])
        return qualified

    def _imported(self, module: Module, qualified: str, depth: int) -> Definition | None:
        """What an import brings in, if it comes from the project."""
        parts = self._absolute(module, qualified).split(".")
        for end in range(len(parts), 0, -1):
            found = self.named(".".join(parts[:end]))
            if found is not None:
                rest = parts[end:]
                if not rest:
                    return Definition(found, found.tree)
                if len(rest) == 1 and depth <= _ALIASES:
                    return self._in_module(found, rest[0], depth)
                return None
        return None

    # --- classes -----------------------------------------------------------------------------

    def bases(self, owner: Definition) -> list[Definition]:
        """The direct bases of a class that are classes of the project."""
        node = owner.node
        if not isinstance(node, ast.ClassDef):
            return []
        scope = owner.module.scope_at(node, owner.parents)
        found = [self.resolve(owner.module, base, scope) for base in node.bases]
        return [item for item in found if item and isinstance(item.node, ast.ClassDef)]

    def ancestors(self, owner: Definition) -> list[Definition]:
        """A class and all its bases in the project, nearest first."""
        found = [owner]
        for item in found:
            known = {other.node for other in found}
            found += [base for base in self.bases(item) if base.node not in known]
        return found


def defined_in(owner: Definition, name: str) -> Iterator[Definition]:
    """The methods called ``name`` in the body of a class."""
    for node in getattr(owner.node, "body", ()):
        if isinstance(node, FUNCTIONS) and node.name == name:
            yield Definition(owner.module, node, (*owner.parents, owner.node))
