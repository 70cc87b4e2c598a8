"""A generator that two threads advance at once raises `ValueError: generator already executing`.

A green thread runs on until it waits, so one that takes the next item of a common generator had it
whole before another came, unless the generator itself waits. A native one may be stopped within.

It is told where an attribute of an object, or a name of a module, only ever is a generator of the
project, a function that is started as a thread advances it, another thread or public method does,
too, and not both under a lock. Iterators of the standard library take a step at once, and are fine.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from eventlet_codemod.facts.carried import callees
from eventlet_codemod.facts.module import Module, Parents
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.reach import inside
from eventlet_codemod.hazards._shared import Pair, Unit, units_of
from eventlet_codemod.hazards._words import lines_of, started
from eventlet_codemod.hazards.base import Danger, HazardRule

_ADVANCES = ("next", "list", "tuple", "set", "sorted", "sum", "any", "all", "max", "min")
_METHODS = ("send", "throw", "__next__")


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find generators that several threads advance."""
    for unit in units_of(module, program):
        for key, places in unit.places(_advances, ast.Call, ast.For, ast.comprehension).items():
            pair = unit.pair(places, places)
            made = _made(key, unit) if pair is not None else None
            if pair is not None and made is not None:
                yield _danger(pair, *made)


def _advances(node: ast.AST, parents: Parents) -> Iterable[tuple[ast.AST, ast.expr]]:
    if isinstance(node, (ast.For, ast.comprehension)):
        yield node.iter, node.iter
    if isinstance(node, ast.Call):
        called = node.func
        if isinstance(called, ast.Name) and called.id in _ADVANCES and node.args:
            yield node, node.args[0]
        if isinstance(called, ast.Attribute) and called.attr in _METHODS:
            yield node, called.value


def _made(key: str, unit: Unit) -> tuple[Module, ast.AST] | None:
    """Where the generator that a name or attribute stands for is made, if it only ever is one."""
    found, name = None, key.rpartition(".")[2]
    kind = ast.Name if name == key else ast.Attribute
    for module in {item.module.path: item.module for item in unit.functions}.values():
        for occurrence in module.occurrences(name):
            parent = occurrence.parents[-1]
            node = occurrence.node
            if not isinstance(node, kind) or not isinstance(node.ctx, ast.Store):
                continue
            value = parent.value if isinstance(parent, ast.Assign) else None
            if isinstance(value, ast.Constant) and value.value is None:
                continue
            if not _is_generator(value, module, occurrence.parents, unit.program):
                return None
            found = found or (module, parent)
    return found


def _is_generator(
    value: ast.AST | None, module: Module, parents: Parents, program: Program
) -> bool:
    if isinstance(value, ast.GeneratorExp):
        return True
    if not isinstance(value, ast.Call) or not isinstance(value.func, (ast.Name, ast.Attribute)):
        return False
    found = [item for item, _ in callees(program, module, value.func, (*parents, value))]
    return bool(found) and all(_yields(item.node) for item in found)


def _yields(function: ast.AST) -> bool:
    """Whether a call of a function gives a plain generator."""
    plain = isinstance(function, ast.FunctionDef) and not function.decorator_list
    return plain and any(
        isinstance(node, (ast.Yield, ast.YieldFrom)) for node, _ in inside(function)
    )


def _danger(pair: Pair, home: Module, made: ast.AST) -> Danger:
    first, second = pair.first, pair.second
    places = [(home, made, f"`{first.key}` is a generator"), *started(pair.starts)]
    places += lines_of([first], "advances")
    if second.node is not first.node:
        places += lines_of([second], "advances")
    return Danger(
        module=first.function.module,
        node=first.node,
        message=f"`{first.key}` is a generator that threads advance at once: one of them fails "
        "with a ValueError",
        why="a generator that is running cannot be advanced by another thread",
        advice="hold one lock wherever it is advanced, or let one thread put its items into a "
        "queue.Queue",
        places=tuple(places),
        alike=f"{first.name} {first.key}",
    )


rule = HazardRule(
    code="EVT914",
    summary="a generator that several threads advance",
    look=look,
    references=("H22",),
    before="""\
import eventlet


class Copier:
    def __init__(self, paths):
        self.paths = self._walk(paths)

    def run(self):
        for _ in range(4):
            eventlet.spawn(self._copy)

    def _walk(self, paths):
        for path in paths:
            yield path.lower()

    def _copy(self):
        for path in self.paths:
            print(path)
""",
)
