"""One parsed file: its tree, what its names mean for eventlet, and where a word stands in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from eventlet_codemod.facts.project import Project
from eventlet_codemod.facts.scopes import (
    Binding,
    Occurrence,
    Scope,
    Walker,
    assigned,
    names_bound_by_header,
    own_statements,
    split_lines,
)
from eventlet_codemod.facts.uses import Names, Use

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

Parents = tuple[ast.AST, ...]


@dataclass(eq=False)
class Module:
    """A parsed file. ``path`` is relative to the project's root, with forward slashes.

    ``memo`` is for those who ask: what they found out about a use in it.
    """

    path: str
    text: str
    tree: ast.Module
    walker: Walker
    names: Names
    project: Project
    memo: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)
    _found: dict[str, list[Occurrence]] = field(default_factory=dict, init=False, repr=False)
    _matches: dict[str, re.Match[str] | None] = field(default_factory=dict, init=False, repr=False)
    _within: dict[tuple[ast.AST, str], list[Occurrence]] = field(
        default_factory=dict, init=False, repr=False
    )
    _names: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False)
    _under: dict[Use, frozenset[str]] = field(default_factory=dict, init=False, repr=False)
    _local: dict[tuple[ast.AST, str], list[Binding]] = field(
        default_factory=dict, init=False, repr=False
    )

    def share(self, other: Module) -> None:
        """Look words up together with another view of the same file."""
        self._found, self._matches = other._found, other._matches
        self._within, self._local, self._names = other._within, other._local, other._names

    @cached_property
    def functions(self) -> dict[str, list[ast.AST]]:
        """Every function of the file, at any depth, by its name."""
        found: dict[str, list[ast.AST]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, FUNCTIONS):
                found.setdefault(node.name, []).append(node)
        return found

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file as Python counts them, without their ends."""
        return split_lines(self.text)

    def column(self, node: ast.AST, *, end: bool = False) -> int:
        """Where a node begins or ends in its line, in characters."""
        line = node.end_lineno if end else node.lineno  # type: ignore[attr-defined]
        offset: int = node.end_col_offset if end else node.col_offset  # type: ignore[attr-defined]
        text = self.lines[line - 1]
        return offset if text.isascii() else len(text.encode()[:offset].decode(errors="ignore"))

    @cached_property
    def declared_global(self) -> frozenset[str]:
        """Names that some function of the file declares ``global``."""
        declared = re.findall(r"^[ \t]*global[ \t]+([\w, \t]+)", self.text, re.MULTILINE)
        return frozenset(name.strip() for group in declared for name in group.split(","))

    @cached_property
    def dotted(self) -> str:
        """The name by which other files import this one."""
        return dotted_name(self.path)

    @cached_property
    def package(self) -> str:
        """The package that a relative import in this file starts from."""
        return package_name(self.path)

    @cached_property
    def use_of_call(self) -> dict[ast.AST, Use]:
        """Calls of eventlet by the call itself, where it is certain that they are."""
        return {use.call: use for use in self.names.uses if use.call is not None and not use.doubt}

    @cached_property
    def reference_of(self) -> dict[ast.AST, Use]:
        """References to eventlet by their node."""
        return {use.node: use for use in self.names.uses if use.kind == "reference"}

    @cached_property
    def spelling(self) -> frozenset[ast.AST]:
        """The nodes that references to eventlet consist of: in ``lock.Lock``, that and ``lock``."""
        found: set[ast.AST] = set()
        for use in self.names.uses:
            node: ast.AST | None = use.node
            while node is not None and node not in found:
                found.add(node)
                node = node.value if isinstance(node, ast.Attribute) else None
        return frozenset(found)

    def names_of(self, word: str) -> frozenset[str]:
        """``word``, and what imports of the file call it."""
        if word not in self._names:
            self.occurrences(word)  # goes through every line that may import it
            self._names[word] = frozenset({word}).union(
                binding.name
                for binding in self.walker.imports()
                if str(binding.qualified).rpartition(".")[2] == word
            )
        return self._names[word]

    def search(self, pattern: str) -> re.Match[str] | None:
        """Where a regular expression matches first, remembered."""
        if pattern not in self._matches:
            self._matches[pattern] = re.search(pattern, self.text)
        return self._matches[pattern]

    def lookup(self, name: str, scope: Scope) -> tuple[Scope | None, list[Binding]]:
        """The scope whose binding of ``name`` is seen from ``scope``, and what binds it there.

        Unlike `occurrences` this looks into one function, not through the whole file.
        """
        for position, item in enumerate(scope.chain()):
            if item.kind == "module":
                break
            if (item.kind == "class" and position) or name not in item.bound:
                continue
            bindings = self._bindings_in(item, name)
            if bindings:
                return item, bindings
        if name in self.declared_global:
            self.occurrences(name)
            bindings = self.walker.module.bindings.get(name, [])
        else:
            bindings = self._top.get(name, [])
        return (self.walker.module, bindings) if bindings else (None, [])

    def _bindings_in(self, scope: Scope, name: str) -> list[Binding]:
        key = (scope.node, name)
        if key not in self._local:
            first, last = scope.node.lineno, scope.node.end_lineno  # type: ignore[attr-defined]
            hits = [line for line in self.walker.lines_with((name,)) if first <= line <= last]
            self.walker.find(frozenset({name}), hits)
            self._local[key] = scope.bindings.get(name, [])
        return self._local[key]

    @cached_property
    def _top(self) -> dict[str, list[Binding]]:
        """The bindings of the module's own statements, by name."""
        found: dict[str, list[Binding]] = {}
        module = self.walker.module

        def bind(name: str, node: ast.AST, **more: Any) -> None:
            found.setdefault(name, []).append(Binding(name, node, module, (self.tree,), **more))

        for statement in own_statements(self.tree.body):
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                for binding in self.walker.bindings_of_import(statement, module):
                    found.setdefault(binding.name, []).append(binding)
            elif isinstance(statement, ast.Assign):
                for target in statement.targets:
                    for node, parents in _targets(target, (self.tree, statement)):
                        bind(node.id, node, value=assigned(node, parents))
            else:
                for name in names_bound_by_header(statement):
                    value = getattr(statement, "value", None)
                    plain = isinstance(statement, ast.AnnAssign)
                    node = statement.target if plain else statement  # type: ignore[assignment,attr-defined]
                    bind(name, node, value=value if plain else None)
        return found

    def called_under(self, limit: Use) -> frozenset[str]:
        """Names of what is called, directly or by a function of this file, under a Timeout."""
        if limit not in self._under:
            self._under[limit] = self._called_under(limit)
        return self._under[limit]

    def _called_under(self, limit: Use) -> frozenset[str]:
        pending: list[ast.AST]
        if limit.call is None:
            pending = []
        elif limit.api.endswith(".with_timeout"):
            pending = list(limit.call.args[1:2])
        elif isinstance(limit.statement, (ast.With, ast.AsyncWith)):
            pending = list(limit.statement.body)
        else:  # a finally clause may cancel it, or nothing does
            pending = _while_kept(limit)
        seen: set[str] = set()
        for block in pending:
            for node in ast.walk(block):
                name = getattr(node, "attr", getattr(node, "id", ""))
                if isinstance(node, (ast.Name, ast.Attribute)) and name not in seen:
                    seen.add(name)
                    pending += self.functions.get(name, ())
        return frozenset(seen)

    def occurrences_in(self, word: str, node: ast.AST) -> list[Occurrence]:
        """Those occurrences of a word that stand in a function, without a look at all others."""
        first, last = getattr(node, "lineno", None), getattr(node, "end_lineno", None)
        if first is None or last is None or word in self._found:
            return self.occurrences(word)
        key = (node, word)
        if key not in self._within:
            hits = [line for line in self.walker.lines_with((word,)) if first <= line <= last]
            found = self.walker.find(frozenset({word}), hits)
            self._within[key] = [o for o in found if not isinstance(o.node, ast.Constant)]
        return self._within[key]

    def occurrences(self, word: str) -> list[Occurrence]:
        """Where ``word`` stands as a name or attribute; the scopes know its bindings then."""
        if word not in self._found:
            found = self.walker.find(frozenset({word}))
            self._found[word] = [o for o in found if not isinstance(o.node, ast.Constant)]
        return self._found[word]

    def scope_at(self, node: ast.AST, parents: Parents) -> Scope:
        """The scope in which ``node`` is evaluated; a walk must have passed it."""
        child = node
        for place in range(len(parts := parents) - 1, -1, -1):
            parent = parts[place]
            if _is_inside(child, parent, parts[place + 1 :], node):
                scope = self.walker.scope_of(parent)
                if scope is not None:
                    return scope
            child = parent
        return self.walker.module


def _while_kept(use: Use) -> list[ast.AST]:
    """What runs under a Timeout without a block: its function, or the class that keeps it."""
    around, statement = reversed(use.parents), use.statement
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    elif use.call_is_statement:
        targets = []
    else:
        return []
    if not any(isinstance(target, ast.Attribute) for target in targets):
        function = next((node for node in around if isinstance(node, FUNCTIONS)), None)
        return [function] if function is not None else []
    owner = next((node for node in around if isinstance(node, ast.ClassDef)), None)
    methods = [node for node in (owner.body if owner else []) if isinstance(node, FUNCTIONS)]
    return [*methods, *(ast.Name(method.name) for method in methods)]


def dotted_name(path: str) -> str:
    """The name by which the file at ``path`` is imported."""
    parts = path.removesuffix(".py").split("/")
    if parts[0] == "src" and len(parts) > 1:
        parts = parts[1:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def package_name(path: str) -> str:
    """The package that a relative import in the file at ``path`` starts from."""
    dotted = dotted_name(path)
    return dotted if path.rpartition("/")[2] == "__init__.py" else dotted.rpartition(".")[0]


def _targets(target: ast.AST, parents: Parents) -> Iterator[tuple[ast.Name, Parents]]:
    """The names in the target of an assignment, each with what is around it."""
    if isinstance(target, ast.Name):
        yield target, parents
    for child in target.elts if isinstance(target, (ast.Tuple, ast.List)) else ():
        yield from _targets(child, (*parents, target))
    if isinstance(target, ast.Starred):
        yield from _targets(target.value, (*parents, target))


def _is_inside(child: ast.AST, parent: ast.AST, below: Parents, node: ast.AST) -> bool:
    """Whether a child of ``parent`` is evaluated in the scope that ``parent`` opens."""
    if isinstance(parent, FUNCTIONS):
        return child in parent.body
    if isinstance(parent, ast.Lambda):
        return child is parent.body
    if isinstance(parent, ast.ClassDef):
        return child in parent.body
    if isinstance(parent, _COMPREHENSIONS):
        if child is not parent.generators[0]:
            return True
        inner = below[1] if len(below) > 1 else node
        return inner is not parent.generators[0].iter
    return False
