"""What names mean across the files of a project: functions, classes, and where they are used.

Files are read and parsed only when a question needs them, and only those that mention the name
that is asked for. Without a project around it a file answers for itself alone.
"""

from __future__ import annotations

import ast
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eventlet_codemod.facts.module import FUNCTIONS, Module, Parents, package_name
from eventlet_codemod.facts.project import Project
from eventlet_codemod.facts.scopes import Binding, Occurrence, Scope, Walker, parse
from eventlet_codemod.facts.uses import find_uses

#: In how many other files a name is looked for; beyond that it says too little.
MANY_FILES = 16

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


def enclosing(module: Module, parents: Parents, kinds: tuple[type, ...]) -> Definition | None:
    """The innermost node of ``kinds`` among ``parents``."""
    for place in range(len(parents) - 1, -1, -1):
        if isinstance(parents[place], kinds):
            return Definition(module, parents[place], parents[:place])
    return None


class Program:
    """Answers questions about a project, and keeps what it read for the next question.

    ``home`` is a file that is not on disk, or not like that. ``size`` is how many characters of
    source it keeps the trees of.
    """

    def __init__(self, project: Project, home: Module | None = None) -> None:
        self.project = project
        self.home = home
        self.size = 0
        self._modules: dict[str, Module | None] = {}
        self._families: dict[ast.AST, tuple[list[Definition], list[str]]] = {}
        self._kinds: dict[tuple[ast.AST, str], Definition | None] = {}
        self._elsewhere: dict[tuple[ast.AST, str], str] = {}
        self._gaps: list[str] = []
        self._stars: dict[ast.AST, list[str]] = {}  # modules that one takes all names of

    def take_gaps(self) -> list[str]:
        """What was not looked at since the last call, since too many files hold a name."""
        gaps, self._gaps = self._gaps, []
        return gaps

    # --- files -------------------------------------------------------------------------------

    def load(self, path: str) -> Module | None:
        """The file at ``path``; None if there is none or it cannot be parsed."""
        if self.home is not None and path == self.home.path:
            return self.home
        if path not in self._modules:
            found = _load(self.project, path) if self.project.root is not None else None
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
                for found in _defined_in(owner, name):
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

    def family(self, owner: Definition) -> list[Definition]:
        """A class with its bases and all that derive from them, where the project holds them."""
        if owner.node not in self._families:
            before = len(self._gaps)
            found = self.ancestors(owner)
            seen = {item.node for item in found}
            for item in found:
                for child in self._children(item):
                    if child.node not in seen:
                        seen.add(child.node)
                        found.append(child)
            self._families[owner.node] = found, self._gaps[before:]
            return found
        found, gaps = self._families[owner.node]
        self._gaps += gaps  # whoever asks has to know them
        return found

    def _children(self, owner: Definition) -> Iterator[Definition]:
        name = owner.name
        derived = sorted(self.project.deriving_from(name) - {owner.module.path})
        own = [owner.module.path] if self._may_derive(owner) else []
        files = [*own, *self._few(derived, name, MANY_FILES)]
        for path in dict.fromkeys(files):
            module = self.load(path) if path != owner.module.path else owner.module
            words = sorted(self._names_of(module, name)) if module else ()
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
        return [found for item in self.family(owner) for found in _defined_in(item, name)]

    def inner_class(self, owner: Definition, name: str) -> Definition | None:
        """The class that stands as ``name`` in the body of a class or of one of its bases."""
        for item in self.ancestors(owner):
            for node in getattr(item.node, "body", ()):
                if isinstance(node, ast.ClassDef) and node.name == name:
                    return Definition(item.module, node, (*item.parents, item.node))
        return None

    # --- places that refer to something ------------------------------------------------------

    def _few(self, paths: list[str], name: str, most: int) -> list[str]:
        """``paths``, or none of them where there are too many to look at."""
        if len(paths) <= most:
            return paths
        self._gaps.append(f"{name} stands in {len(paths)} other files, which were not looked at")
        return []

    def files_importing(self, module: Module, name: str) -> list[str]:
        """Files that may take ``name`` from ``module``, by any form of import."""
        tail = module.dotted.rpartition(".")[2] or module.dotted
        paths = [path for path in self.mentioning(name) if path != module.path]
        form = rf"\b{re.escape(tail)}\b|from\s+\.+\s+import|import\s+\*"
        found = [path for path in paths if self.project.matches(path, form)]
        return self._few([*found, *self._star_takers(module, found)], name, MANY_FILES * 4)

    def _star_takers(self, module: Module, known: Sequence[str] = ()) -> list[str]:
        """Files that take all names of ``module``, and need not hold them."""
        tail = module.dotted.rpartition(".")[2] or module.dotted
        form = rf"\b{re.escape(tail)}\s+import\s+\*"
        paths = [path for path in self.mentioning(tail) if path not in (module.path, *known)]
        starred = [path for path in paths if self.project.matches(path, r"\bimport\s+\*")]
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

    @staticmethod
    def _names_of(module: Module, word: str) -> set[str]:
        """``word``, and what imports of a file call it."""
        words = {word}
        module.occurrences(word)
        for scope in module.walker.scopes():
            for bindings in list(scope.bindings.values()):
                for binding in bindings:
                    tail = str(binding.qualified).rpartition(".")[2]
                    if binding.is_import and tail == word:
                        words.add(binding.name)
        return words

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
                for name in self._names_of(other, word):
                    again = self._in_module(other, name)
                    if again is not None and again.node is target.node:
                        pending.append((other, name))
        return found

    def names_in(
        self, module: Module, target: Definition, taken_as: Iterable[str]
    ) -> Iterator[Reference]:
        """The places of ``module`` that refer to a module-level function or class."""
        words = {name for word in taken_as for name in self._names_of(module, word)}
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


def _defined_in(owner: Definition, name: str) -> Iterator[Definition]:
    for node in getattr(owner.node, "body", ()):
        if isinstance(node, FUNCTIONS) and node.name == name:
            yield Definition(owner.module, node, (*owner.parents, owner.node))


# --- files, kept for a while -------------------------------------------------------------------

_KEPT = 48
_loaded: OrderedDict[tuple[Path, str, int, int], Module | None] = OrderedDict()


def _load(project: Project, path: str) -> Module | None:
    """Parse a file of the project, or take it from those parsed last."""
    assert project.root is not None
    try:
        found = (project.root / path).stat()
    except OSError:
        return None
    key = (project.root, path, found.st_mtime_ns, found.st_size)
    if key in _loaded:
        _loaded.move_to_end(key)
        return _loaded[key]
    _loaded[key] = _parse(project, path)
    while len(_loaded) > _KEPT:
        _loaded.popitem(last=False)
    return _loaded[key]


def _parse(project: Project, path: str) -> Module | None:
    from eventlet_codemod.source import SourceError, decode

    assert project.root is not None
    try:
        text = decode(path, (project.root / path).read_bytes()).text
        return parsed(path, text, project)
    except (OSError, SourceError, SyntaxError, ValueError, RecursionError):
        return None


def parsed(path: str, text: str, project: Project) -> Module:
    """Parse the text of a file. Raises SyntaxError, ValueError or RecursionError."""
    tree = parse(text, path)
    walker = Walker(tree, text)
    names = find_uses(
        walker,
        local_modules=project.hiding_modules(path),
        has_module=project.has_module,
        shims=project.shims_in(text),
        package=package_name(path),
    )
    return Module(path, text, tree, walker, names)
