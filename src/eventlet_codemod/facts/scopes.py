"""Scopes and bindings of one file, looked at only where the words of interest stand.

A whole-tree walk in Python costs several times the parse, so every walk here is given the lines
that hold a word and enters only the nodes that span one of them. That loses nothing: an
occurrence of a word, be it a use or a binding, is always on a line that holds it.
"""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
#: The statements that hold others of the same namespace.
_BLOCKS = (
    *(ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith),
    *(ast.Try, ast.TryStar, ast.Match),
)
_NEWLINE = re.compile(r"\r\n|\r|\n")


def parse(text: str, path: str = "<unknown>") -> ast.Module:
    """Parse without the warnings that the compiler has about somebody else's code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text, path)


def split_lines(text: str) -> list[str]:
    """The lines that Python counts, without their ends: ``\\n``, ``\\r\\n`` and a lone ``\\r``."""
    return _NEWLINE.split(text) if "\r" in text else text.split("\n")


def _line_starts(text: str) -> list[int]:
    """Where each line begins, from 0."""
    if "\r" in text:
        return [0, *(match.end() for match in _NEWLINE.finditer(text))]
    return [0, *accumulate(len(line) + 1 for line in text.split("\n"))][:-1]


@dataclass(eq=False, slots=True)
class Binding:
    """One place that gives a name its value.

    ``qualified`` is the dotted name that an import binds (None for anything but an import);
    ``statement`` counts the import statements of the file from 0, ``alias`` the names within it.
    """

    name: str
    node: ast.AST
    scope: Scope
    parents: tuple[ast.AST, ...]
    qualified: str | None = None
    statement: int = -1
    alias: int = -1
    value: ast.expr | None = None

    @property
    def is_import(self) -> bool:
        """Whether an import statement makes this binding."""
        return self.statement >= 0

    @property
    def line(self) -> int:
        """The line of the binding, from 1."""
        return int(getattr(self.node, "lineno", 0))

    @property
    def at_top(self) -> bool:
        """Whether it is an import that stands directly in the module's body."""
        return self.is_import and len(self.parents) == 1


@dataclass(eq=False, slots=True)
class Scope:
    """A namespace of the file: module, class, function, lambda or comprehension."""

    kind: str
    node: ast.AST
    parent: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    outer: dict[str, str] = field(default_factory=dict)
    _bound: frozenset[str] | None = None
    _declared: dict[str, str] | None = None

    def declared(self, name: str) -> str | None:
        """``"global"`` or ``"nonlocal"``, if a statement of this function says so of ``name``."""
        if self._declared is None:
            self._declared = dict(_declarations(self.node))
        return self._declared.get(name)

    @property
    def bound(self) -> frozenset[str]:
        """Every name that this namespace binds, not only the words of interest."""
        if self._bound is None:
            self._bound = frozenset(_names_bound_in(self.node))
        return self._bound

    def lookup(self, name: str) -> Scope | None:
        """The scope whose binding of ``name`` is seen from here, by Python's rules."""
        scope: Scope | None = self
        first = True
        while scope is not None:
            if scope.outer.get(name) == "global":
                return scope.module()._if_binds(name)
            if (first or scope.kind != "class") and name in scope.bindings:
                return scope
            first = first and scope.kind == "comprehension"
            scope = scope.parent
        return None

    def module(self) -> Scope:
        """The module's scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def _if_binds(self, name: str) -> Scope | None:
        return self if name in self.bindings else None

    def chain(self) -> Iterator[Scope]:
        """This scope and those around it, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def hides(self, name: str) -> bool:
        """Whether a module-level ``name`` cannot be seen from here."""
        for position, scope in enumerate(self.chain()):
            if scope.kind == "module":
                return False
            if scope.kind == "class" and position:
                continue
            if name in scope.bound:
                return scope.declared(name) != "global"
        return False


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A node in which a word of interest stands; ``parents`` runs from the module inwards."""

    node: ast.AST
    parents: tuple[ast.AST, ...]
    scope: Scope


class Walker:
    """Finds the occurrences of words in one parsed file and keeps its scopes."""

    def __init__(self, tree: ast.Module, text: str) -> None:
        self.tree = tree
        self.text = text
        self._starts = _line_starts(text)
        self.module = Scope("module", tree, None)
        self._scopes: dict[ast.AST, Scope] = {tree: self.module}
        self._ordinals: dict[ast.AST, int] | None = None

    def lines_with(self, words: Iterable[str]) -> list[int]:
        """Numbers of the lines in which one of ``words`` stands as a whole word."""
        found: set[int] = set()
        for word in words:  # a literal search is ten times as fast as an alternation
            text, size = self.text, len(word)
            place = text.find(word)
            while place >= 0:
                stop = place + size
                before, after = text[place - 1 : place], text[stop : stop + 1]
                if not (_is_word(before) or _is_word(after)):
                    found.add(bisect_right(self._starts, place))
                place = text.find(word, stop)
        return sorted(found)

    def find(self, words: frozenset[str], lines: list[int] | None = None) -> list[Occurrence]:
        """Occurrences of ``words``; their bindings, and all imports passed, go into the scopes.

        Strings are found too, on the lines that hold a word.
        """
        hits = self.lines_with(words) if lines is None else lines
        found: list[Occurrence] = []
        if hits:
            self._visit(self.tree, (), self.module, words, hits, found)
        return found

    def scope_of(self, node: ast.AST) -> Scope | None:
        """The scope that ``node`` opens, if a walk has entered it."""
        return self._scopes.get(node)

    def scopes(self) -> list[Scope]:
        """The scopes that a walk has entered so far."""
        return list(self._scopes.values())

    def imports(self) -> list[Binding]:
        """The bindings made by the import statements that a walk has passed so far."""
        return [
            binding
            for scope in self._scopes.values()
            for known in scope.bindings.values()
            for binding in known
            if binding.is_import
        ]

    @staticmethod
    def imports_name(name: str, scope: Scope) -> bool:
        """Whether an import in ``scope`` itself binds ``name``."""
        return any(
            name == (alias.asname or alias.name.partition(".")[0])
            for statement in own_statements(getattr(scope.node, "body", []))
            if isinstance(statement, (ast.Import, ast.ImportFrom))
            for alias in statement.names
        )

    def ordinal(self, node: ast.AST) -> int:
        """The position of an import statement among all of the file's, from 0."""
        return self._imports_by_node[node]

    @property
    def import_statements(self) -> list[ast.AST]:
        """Every import statement of the file, at any level, in source order."""
        return list(self._imports_by_node)

    @property
    def _imports_by_node(self) -> dict[ast.AST, int]:
        if self._ordinals is None:
            statements: list[ast.AST] = []
            self._collect_imports(self.tree, self.lines_with(("import",)), statements)
            self._ordinals = {item: number for number, item in enumerate(statements)}
        return self._ordinals

    def release(self) -> None:
        """Undo the cycles between scopes and bindings, so that the tree is freed at once."""
        for scope in self._scopes.values():
            scope.bindings.clear()
        self._scopes.clear()

    def _collect_imports(self, node: ast.AST, hits: list[int], found: list[ast.AST]) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr) or not _spans(child, hits):
                continue
            if isinstance(child, (ast.Import, ast.ImportFrom)):
                found.append(child)
            else:
                self._collect_imports(child, hits, found)

    def _visit(
        self,
        node: ast.AST,
        parents: tuple[ast.AST, ...],
        scope: Scope,
        words: frozenset[str],
        hits: list[int],
        found: list[Occurrence],
    ) -> None:
        self._record(node, parents, scope, words, found)
        inside = (*parents, node)
        between = _skipped(node)
        held = list(ast.iter_child_nodes(between)) if between is not None else ()
        for child, inner in self._children(node, scope):
            if isinstance(node, ast.JoinedStr) or _spans(child, hits):
                around = (*inside, between) if between is not None and child in held else inside
                self._visit(child, around, inner, words, hits, found)

    def _children(self, node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
        """The child nodes, each with the scope in which Python evaluates it."""
        if isinstance(node, _FUNCTIONS):
            inner = self._enter("function", node, scope)
            for outside in (*node.decorator_list, *_defaults(node.args), *_annotations(node)):
                yield outside, scope
            for parameter in parameters(node.args):
                yield parameter, inner
            for statement in node.body:
                yield statement, inner
        elif isinstance(node, ast.Lambda):
            inner = self._enter("lambda", node, scope)
            for outside in _defaults(node.args):
                yield outside, scope
            for parameter in parameters(node.args):
                yield parameter, inner
            yield node.body, inner
        elif isinstance(node, ast.ClassDef):
            inner = self._enter("class", node, scope)
            for header in (*node.decorator_list, *node.bases, *node.keywords):
                yield header, scope
            for statement in node.body:
                yield statement, inner
        elif isinstance(node, _COMPREHENSIONS):
            inner = self._enter("comprehension", node, scope)
            yield node.generators[0].iter, scope
            for part in ast.iter_child_nodes(node):
                if part is node.generators[0]:
                    for item in (node.generators[0].target, *node.generators[0].ifs):
                        yield item, inner
                else:
                    yield part, inner
        elif isinstance(node, ast.arg):
            return  # its annotation is visited with the function, in the scope around it
        else:
            for child in ast.iter_child_nodes(node):
                yield child, scope

    def _enter(self, kind: str, node: ast.AST, parent: Scope) -> Scope:
        scope = self._scopes.get(node)
        if scope is None:
            scope = self._scopes[node] = Scope(kind, node, parent)
        return scope

    def _record(
        self,
        node: ast.AST,
        parents: tuple[ast.AST, ...],
        scope: Scope,
        words: frozenset[str],
        found: list[Occurrence],
    ) -> None:
        if isinstance(node, ast.Name):
            if node.id in words:
                found.append(Occurrence(node, parents, scope))
                if not isinstance(node.ctx, ast.Load):
                    self._bind(node.id, node, parents, scope, value=assigned(node, parents))
        elif isinstance(node, ast.Attribute):
            if node.attr in words:
                found.append(Occurrence(node, parents, scope))
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                found.append(Occurrence(node, parents, scope))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node, parents, scope)
        elif isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            if node.name in words:
                self._bind(node.name, node, parents, scope)
        elif isinstance(node, ast.arg):
            if node.arg in words:
                self._bind(node.arg, node, parents, scope)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            kind = "global" if isinstance(node, ast.Global) else "nonlocal"
            for name in node.names:
                if name in words:
                    scope.outer[name] = kind
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
            if node.name in words:
                self._bind(str(node.name), node, parents, scope)
        elif isinstance(node, ast.MatchMapping) and node.rest in words:
            self._bind(str(node.rest), node, parents, scope)

    def _import(
        self,
        node: ast.Import | ast.ImportFrom,
        parents: tuple[ast.AST, ...],
        scope: Scope,
    ) -> None:
        for index, (name, qualified) in enumerate(_imported(node)):
            self._bind(name, node, parents, scope, qualified, self.ordinal(node), index)

    def bindings_of_import(
        self, node: ast.Import | ast.ImportFrom, scope: Scope
    ) -> Iterator[Binding]:
        """What an import statement of the module's body binds, without entering it anywhere."""
        for index, (name, qualified) in enumerate(_imported(node)):
            yield Binding(name, node, scope, (self.tree,), qualified, self.ordinal(node), index)

    def _bind(
        self,
        name: str,
        node: ast.AST,
        parents: tuple[ast.AST, ...],
        scope: Scope,
        qualified: str | None = None,
        statement: int = -1,
        alias: int = -1,
        value: ast.expr | None = None,
    ) -> None:
        scope = self.binding_scope(name, node, scope)
        known = scope.bindings.setdefault(name, [])
        if not any(item.node is node and item.alias == alias for item in known):
            known.append(Binding(name, node, scope, parents, qualified, statement, alias, value))

    def binding_scope(self, name: str, node: ast.AST, scope: Scope) -> Scope:
        """The scope in which ``node`` binds ``name`` when it stands in ``scope``."""
        if isinstance(node, ast.Name):
            while scope.kind == "comprehension" and not _is_target(node, scope.node):
                assert scope.parent is not None
                scope = scope.parent  # a walrus binds in the function around it
        declared = scope.outer.get(name) or scope.declared(name)
        if declared == "global":
            return scope.module()
        if declared == "nonlocal":
            for outer in scope.chain():
                if outer is not scope and outer.kind in ("function", "lambda"):
                    return outer
        return scope


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """The names that an import binds, each with the dotted name that it stands for."""
    for alias in node.names:
        if isinstance(node, ast.Import):
            name = alias.asname or alias.name.partition(".")[0]
            yield name, alias.name if alias.asname else name
        else:
            qualified = "." * node.level + (node.module or "")
            qualified += ("" if qualified.endswith(".") else ".") + alias.name
            yield alias.asname or alias.name, qualified


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _spans(node: ast.AST, hits: list[int]) -> bool:
    start = getattr(node, "lineno", None)
    if start is None:
        return True
    decorators = getattr(node, "decorator_list", None)
    if decorators:
        start = min(start, decorators[0].lineno)
    position = bisect_left(hits, start)
    return position < len(hits) and hits[position] <= node.end_lineno  # type: ignore[attr-defined]


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    """Every parameter of a function, starred ones included."""
    found = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    found += [item for item in (arguments.vararg, arguments.kwarg) if item]
    return found


def _defaults(arguments: ast.arguments) -> list[ast.expr]:
    return [*arguments.defaults, *(item for item in arguments.kw_defaults if item)]


def _annotations(node: FunctionNode) -> list[ast.expr]:
    found = [item.annotation for item in parameters(node.args) if item.annotation]
    return [*found, node.returns] if node.returns else found


def assigned(node: ast.Name, parents: tuple[ast.AST, ...]) -> ast.expr | None:
    """The value that an assignment gives a name, if it can be told from others beside it."""
    parent = parents[-1]
    if isinstance(parent, ast.Assign) and node in parent.targets:
        return parent.value
    if isinstance(parent, (ast.AnnAssign, ast.NamedExpr)) and parent.target is node:
        return parent.value
    outer = parents[-2] if isinstance(parent, ast.Tuple) else None
    if not isinstance(parent, ast.Tuple) or not isinstance(outer, ast.Assign):
        return None
    value = outer.value
    if not isinstance(value, ast.Tuple) or len(value.elts) != len(parent.elts):
        return None
    if any(isinstance(item, ast.Starred) for item in (*parent.elts, *value.elts)):
        return None
    return next((v for t, v in zip(parent.elts, value.elts, strict=True) if t is node), None)


def _skipped(node: ast.AST) -> ast.AST | None:
    """The child whose own children `Walker._children` gives in its place."""
    if isinstance(node, _COMPREHENSIONS):
        return node.generators[0]
    return node.args if isinstance(node, (*_FUNCTIONS, ast.Lambda)) else None


def _is_target(node: ast.Name, comprehension: ast.AST) -> bool:
    generators = getattr(comprehension, "generators", ())
    return any(node is item for part in generators for item in ast.walk(part.target))


def _declarations(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Each name that a function declares global or nonlocal, with the word."""
    for statement in own_statements(node.body) if isinstance(node, _FUNCTIONS) else ():
        if isinstance(statement, (ast.Global, ast.Nonlocal)):
            yield from dict.fromkeys(statement.names, type(statement).__name__.lower()).items()


def own_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a namespace, without those of the functions and classes in it."""
    for statement in body:
        yield statement
        if not isinstance(statement, _BLOCKS):
            continue
        for block in ("body", "orelse", "finalbody"):
            yield from own_statements(getattr(statement, block, []))
        for handler in getattr(statement, "handlers", []):
            yield from own_statements(handler.body)
        for case in getattr(statement, "cases", []):
            yield from own_statements(case.body)


def _names_bound_in(scope: ast.AST) -> Iterator[str]:
    if isinstance(scope, (*_FUNCTIONS, ast.Lambda)):
        yield from (item.arg for item in parameters(scope.args))
    if isinstance(scope, _COMPREHENSIONS):
        for part in scope.generators:
            yield from (n.id for n in ast.walk(part.target) if isinstance(n, ast.Name))
        return
    body = getattr(scope, "body", [])
    for statement in body if isinstance(body, list) else [body]:
        yield from _names_bound_by(statement)


def names_bound_by_header(statement: ast.stmt) -> Iterator[str]:
    """Names that a statement binds by itself, without the statements inside it."""
    if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
        yield statement.name
        return
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.ExceptHandler):
            if child.name:
                yield child.name
        elif isinstance(child, ast.match_case):
            yield from _names_bound_by(child.pattern)
        elif not isinstance(child, ast.stmt):
            yield from _names_bound_by(child)


def _names_bound_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        yield node.name
        return
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            yield node.id
        return
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
        return
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        yield from node.names
    if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
        yield node.name
    if isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
    if isinstance(node, _COMPREHENSIONS):
        yield from (n.target.id for n in ast.walk(node) if isinstance(n, ast.NamedExpr))
        return
    for child in ast.iter_child_nodes(node):
        yield from _names_bound_by(child)
