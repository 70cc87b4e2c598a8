"""`self.count += 1` reads, adds and writes back. A green thread was never interrupted in between.

A native one may be: two threads read the same number, both add one, and one count is lost. It is
told where a function that is started as a thread changes a number that it shares with others: with
other threads of the same kind, started in a loop or for each item, with another thread, or with a
public method that other code may call meanwhile; and where not both hold a lock.

Counters that the tasks of a pool keep on their common object are the usual case.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from eventlet_codemod.facts.module import Module, Parents
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.starts import Start
from eventlet_codemod.hazards._shared import Pair, Place, Unit, units_of
from eventlet_codemod.hazards._words import lines_of, listed, started
from eventlet_codemod.hazards.base import Danger, HazardRule

_NUMBERS = (int, float)


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find numbers that are changed in steps by several threads."""
    for unit in units_of(module, program):
        groups: dict[tuple[Start, ...], list[Pair]] = {}
        for places in unit.places(_changes, ast.Assign, ast.AugAssign).values():
            found = [place for place in places if _is_number(place, unit)]
            for place in found:
                pair = unit.pair([place], found)
                if pair is not None:
                    groups.setdefault(pair.starts, []).append(pair)
        for starts, pairs in groups.items():
            yield _danger(starts, pairs)


def _changes(node: ast.AST, parents: Parents) -> Iterable[tuple[ast.AST, ast.expr]]:
    if isinstance(node, ast.AugAssign):
        target = node.target
        yield node, target
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
        for item in node.targets:
            if ast.unparse(node.value.left) == ast.unparse(item):
                yield node, item


def _is_number(place: Place, unit: Unit) -> bool:
    """Whether what is changed is a number, as far as the code shows."""
    node = place.node
    value = node.value if isinstance(node, ast.AugAssign) else node.value.right  # type: ignore[attr-defined]
    if isinstance(value, ast.Constant):
        return type(value.value) in _NUMBERS
    if isinstance(value, ast.Call) and ast.unparse(value.func) in ("len", "sum", "int"):
        return True
    name = place.key.rpartition(".")[2].partition("[")[0]
    return any(map(_gives_number, _values(name, unit)))


def _values(name: str, unit: Unit) -> Iterator[ast.expr]:
    modules = {item.module.path: item.module for item in unit.functions}
    for module in modules.values():
        for occurrence in module.occurrences(name):
            parent = occurrence.parents[-1]
            if isinstance(parent, ast.Assign) and occurrence.node in parent.targets:
                yield parent.value


def _gives_number(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and type(value.value) in _NUMBERS


def _danger(starts: Sequence[Start], pairs: Sequence[Pair]) -> Danger:
    places = {place.node: place for pair in pairs for place in (pair.first, pair.second)}
    first = min(places.values(), key=lambda place: place.line)
    keys = listed(dict.fromkeys(f"`{place.key}`" for place in places.values()))
    return Danger(
        module=first.function.module,
        node=first.node,
        message=f"{keys}: threads change this at once, and changes may be lost",
        why="a thread may be interrupted between reading a number and writing it back",
        advice="change it under one lock wherever it is changed, or let each task return its "
        "numbers and add them up where they are waited for",
        places=(*started(starts), *lines_of(places.values(), "reads, changes and writes")),
        alike=f"{first.name} {first.key}",
    )


rule = HazardRule(
    code="EVT901",
    summary="a number that several threads change without a lock",
    look=look,
    references=("H2",),
    before="""\
import eventlet


class Auditor:
    def __init__(self):
        self.errors = 0
        self.pool = eventlet.GreenPool(10)

    def run(self, jobs):
        for job in jobs:
            self.pool.spawn_n(self.check, job)
        self.pool.waitall()

    def check(self, job):
        if not job.is_valid():
            self.errors += 1
""",
)
