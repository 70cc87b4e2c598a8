"""What a function runs: those of its class and file that it calls, and under which locks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from eventlet_codemod.facts.carried import callees
from eventlet_codemod.facts.module import FUNCTIONS, Parents
from eventlet_codemod.facts.names import Definition
from eventlet_codemod.facts.program import Program

_LOCK = re.compile(r"lock|mutex|sem(?:aphore)?\b|cond(?:ition)?\b|synchroni|atomic|exclusive", re.I)
_DEEP = 200  # functions


@dataclass(eq=False, frozen=True, slots=True)
class Reached:
    """A function that runs, and whether that is always under a lock."""

    function: Definition
    locked: bool


def inside(function: ast.AST) -> Iterator[tuple[ast.AST, Parents]]:
    """The nodes of a function with what is around them in it, but for functions in it."""
    body: Any = getattr(function, "body", [])
    first: list[ast.AST] = body if isinstance(body, list) else [body]
    pending: list[tuple[ast.AST, Parents]] = [(node, (function,)) for node in reversed(first)]
    while pending:
        node, parents = pending.pop()
        yield node, parents
        if not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            below = (*parents, node)
            pending += [(child, below) for child in reversed(list(ast.iter_child_nodes(node)))]


def is_locked(parents: Parents) -> bool:
    """Whether what stands below ``parents``, of one function, is done under a lock."""
    for place, node in enumerate(parents):
        if isinstance(node, FUNCTIONS) and any(map(_names_lock, node.decorator_list)):
            return True
        if isinstance(node, (ast.With, ast.AsyncWith)):
            below = parents[place + 1] if place + 1 < len(parents) else None
            if not isinstance(below, ast.withitem) and any(
                _may_lock(item.context_expr) for item in node.items
            ):
                return True
    return False


def _may_lock(node: ast.AST) -> bool:
    """Whether a ``with`` may hold a lock: an object that is entered as it is most likely is one."""
    return isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) or _names_lock(node)


def _names_lock(node: ast.AST) -> bool:
    return _LOCK.search(ast.unparse(node)) is not None


#: What of a function anybody asks for.
_KINDS = frozenset(
    {ast.Call, ast.Assign, ast.AugAssign, ast.Subscript, ast.For, ast.comprehension, ast.If}
)


@dataclass(eq=False, frozen=True, slots=True)
class Body:
    """What a function holds: nodes by their kind, with what is around them in it.

    ``bound`` are the names that it binds for itself, ``outer`` those that it says are not its own.
    ``acquires``: it takes a lock by calling ``acquire``.
    """

    nodes: dict[type[ast.AST], list[tuple[ast.AST, Parents]]]
    bound: frozenset[str]
    outer: frozenset[str]
    acquires: bool

    def of(self, *kinds: type[ast.AST]) -> Iterator[tuple[ast.AST, Parents]]:
        """The nodes of some kinds."""
        return chain.from_iterable(self.nodes.get(kind, ()) for kind in kinds)


def body_of(function: ast.AST, program: Program) -> Body:
    """The body of a function, looked at once."""
    known: dict[ast.AST, Body] = program.memo.setdefault("bodies", {})
    if function not in known:
        known[function] = _read(function)
    return known[function]


def _read(function: ast.AST) -> Body:
    nodes: dict[type[ast.AST], list[tuple[ast.AST, Parents]]] = {}
    arguments: Any = getattr(function, "args", None)
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    bound = {item.arg for item in (*named, arguments.vararg, arguments.kwarg) if item is not None}
    outer: set[str] = set()
    acquires = False
    for node, parents in inside(function):
        kind = type(node)
        if kind in _KINDS:
            nodes.setdefault(kind, []).append((node, parents))
            called = node.func if isinstance(node, ast.Call) else None
            acquires = acquires or (isinstance(called, ast.Attribute) and called.attr == "acquire")
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.add(node.id)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            outer.update(node.names)
    return Body(nodes, frozenset(bound), frozenset(outer), acquires)


class Calls:
    """Who calls whom, within a class with its bases and within a file."""

    def __init__(self, program: Program, owner: Definition | None = None) -> None:
        self._program = program
        self._owner = owner
        self._known: dict[ast.AST, list[tuple[Definition, bool]]] = {}

    def of_parts(self, function: Definition) -> Iterator[tuple[Definition, Definition, bool]]:
        """What a method calls on objects that its own object keeps: their class, and the method."""
        outer = (*function.parents, function.node)
        for node, parents in body_of(function.node, self._program).of(ast.Call):
            called = node.func  # type: ignore[attr-defined]
            kept = called.value if isinstance(called, ast.Attribute) else None
            if not isinstance(called, ast.Attribute) or not isinstance(kept, ast.Attribute):
                continue
            if isinstance(kept.value, ast.Name) and kept.value.id == "self":
                around = (*outer, *parents[1:], node, called)
                owner = self._program.class_of(function.module, kept, around)
                method = self._program.member(owner, called.attr) if owner is not None else None
                if owner is not None and method is not None:
                    yield owner, method, is_locked(parents)

    def of(self, function: Definition) -> list[tuple[Definition, bool]]:
        """What a function calls, each with whether it holds a lock then."""
        if function.node not in self._known:
            self._known[function.node] = list(self._find(function))
        return self._known[function.node]

    def _find(self, function: Definition) -> Iterator[tuple[Definition, bool]]:
        body = body_of(function.node, self._program)
        outer = (*function.parents, function.node)
        for node, parents in body.of(ast.Call):
            callee: ast.expr = node.func  # type: ignore[attr-defined]
            for called in self.called(callee, function, (*outer, *parents[1:], node)):
                yield called, body.acquires or is_locked(parents)

    def called(self, callee: ast.expr, function: Definition, parents: Parents) -> list[Definition]:
        """What a function calls, where it calls ``callee``."""
        if isinstance(callee, ast.Attribute):
            own = isinstance(callee.value, ast.Name) and callee.value.id in ("self", "cls")
            if own and self._owner is not None and function.owner is not None:
                found = self._program.member(self._owner, callee.attr)
                return [found] if found is not None else []
            return []
        if isinstance(callee, ast.Name):
            module = function.module
            if callee.id not in module.functions:
                return []
            module.occurrences(callee.id)
            found_all = callees(self._program, module, callee, parents)
            return [item for item, _ in found_all if item.module.path == module.path]
        return []

    def reached(self, functions: Iterable[Definition]) -> dict[ast.AST, Reached]:
        """What runs when some functions do, by node; locked where it is on every way."""
        return self.reached_from((item, False) for item in functions)

    def reached_from(self, entries: Iterable[tuple[Definition, bool]]) -> dict[ast.AST, Reached]:
        """The same of functions that are called under a lock, or not."""
        found: dict[ast.AST, Reached] = {}
        pending = list(entries)
        while pending and len(found) < _DEEP:
            function, locked = pending.pop()
            known = found.get(function.node)
            if known is not None and (known.locked == locked or not known.locked):
                continue
            found[function.node] = Reached(function, locked)
            here = locked or is_locked((function.node,))
            pending += [(called, here or under) for called, under in self.of(function)]
        return found
