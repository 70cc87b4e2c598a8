"""A connection of sqlite3 may be used in the thread that made it, and in no other.

All green threads run in one native thread, so a connection that the constructor opened served every
one of them. In a native thread the same call raises `ProgrammingError: SQLite objects created in a
thread can only be used in that same thread`.

It is told where an attribute of an object, or a name of a module, only ever is such a connection,
made without `check_same_thread=False` outside of the thread, and a function that is started as one
uses it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from eventlet_codemod.facts.module import FUNCTIONS, Module, Parents
from eventlet_codemod.facts.names import enclosing
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.starts import Start
from eventlet_codemod.hazards._shared import Place, Unit, units_of
from eventlet_codemod.hazards._words import lines_of, started
from eventlet_codemod.hazards.base import Danger, HazardRule

_CONNECTS = ("sqlite3.connect", "sqlite3.dbapi2.connect")


@dataclass(frozen=True, slots=True)
class _Made:
    """Where a connection is made, and in which function."""

    module: Module
    call: ast.Call
    function: ast.AST | None


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find connections that a thread did not make."""
    for unit in units_of(module, program):
        homes = {item.module.path: item.module for item in unit.functions}
        if not any("sqlite3" in item.text for item in homes.values()):
            continue
        for key, places in unit.places(_uses, ast.Call).items():
            made = _made(key, homes.values())
            found = next(_bound(places, made, unit), None) if made else None
            if made and found is not None:
                yield _danger(*found, made[0])


def _uses(node: ast.AST, parents: Parents) -> Iterable[tuple[ast.AST, ast.expr]]:
    """A method of an object that is called."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield node, node.func.value


def _made(key: str, modules: Iterable[Module]) -> list[_Made]:
    """Where what a name or attribute stands for is made, if it only ever is a connection."""
    found, name = [], key.rpartition(".")[2]
    kind = ast.Name if name == key else ast.Attribute
    for module in modules:
        for occurrence in module.occurrences(name):
            node, parent = occurrence.node, occurrence.parents[-1]
            if not isinstance(node, kind) or not isinstance(node.ctx, ast.Store):
                continue
            value = parent.value if isinstance(parent, ast.Assign) else None
            if isinstance(value, ast.Constant) and value.value is None:
                continue
            if not isinstance(value, ast.Call) or ast.unparse(value.func) not in _CONNECTS:
                return []
            if any(item.arg in (None, "check_same_thread") for item in value.keywords):
                return []
            around = enclosing(module, occurrence.parents, FUNCTIONS)
            found.append(_Made(module, value, around.node if around is not None else None))
    return found


def _bound(
    places: Sequence[Place], made: Sequence[_Made], unit: Unit
) -> Iterator[tuple[Place, Start]]:
    """Where a thread uses a connection that it did not make itself."""
    for start, reached in unit.reached.items():
        if not any(item.function in reached for item in made):
            yield from ((place, start) for place in places if place.function.node in reached)


def _danger(place: Place, start: Start, made: _Made) -> Danger:
    return Danger(
        module=place.function.module,
        node=place.node,
        message=f"{place.name} uses `{place.key}` in another thread than the one that made it",
        why="sqlite3 refuses a connection in any other thread; all green threads were one",
        advice="open the connection in the thread that uses it, one for each, or make it with "
        "check_same_thread=False and hold one lock wherever it is used",
        places=(
            (made.module, made.call, f"`{place.key}` is made, for this thread only"),
            *started([start]),
            *lines_of([place], "uses"),
        ),
        alike=f"{place.name} {place.key}",
    )


rule = HazardRule(
    code="EVT913",
    summary="a sqlite3 connection that another thread uses than made it",
    look=look,
    words=("sqlite3",),
    form=r"sqlite3\.connect\(",
    references=("H14",),
    before="""\
import sqlite3

import eventlet


class Store:
    def __init__(self, path):
        self.connection = sqlite3.connect(path)

    def start(self):
        eventlet.spawn(self.expire)

    def expire(self):
        while True:
            self.connection.execute("DELETE FROM entries WHERE old")
            eventlet.sleep(60)
""",
)
