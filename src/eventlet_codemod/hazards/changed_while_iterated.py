"""A loop over a container that another thread adds to or takes from.

With a dict, a set or a deque the loop ends with `RuntimeError: dictionary changed size during
iteration`; with a list it skips items that were there all the time. Green threads could do so only
where the loop waits for something; native ones can at any step.

It is told where one of both stands in a function that is started as a thread, the other in another
thread, in another of the same kind, or in a public method, and not both under a lock. What the
container is must be plain from where it is made, and a loop over a copy, as `list(self.items)`, is
fine: making one is a single step for the interpreter.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from eventlet_codemod.facts.module import Module, Parents
from eventlet_codemod.facts.program import Program
from eventlet_codemod.hazards._containers import RESIZING, kind_of, resizes, takes
from eventlet_codemod.hazards._shared import Pair, units_of
from eventlet_codemod.hazards._words import lines_of, started
from eventlet_codemod.hazards.base import Danger, HazardRule

_VIEWS = ("items", "values", "keys")


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find loops over what another thread changes."""
    for unit in units_of(module, program):
        loops = unit.places(_loops, ast.For, ast.comprehension)
        changes = unit.places(resizes, *RESIZING) if loops else {}
        taken = unit.places(takes, *RESIZING) if loops else {}
        for key, places in loops.items():
            kind = kind_of(key, unit)
            others = (taken if kind == "list" else changes).get(key, []) if kind else []
            pair = unit.pair(places, others)
            if pair is not None:
                yield _danger(pair, kind)


def _loops(node: ast.AST, parents: Parents) -> Iterable[tuple[ast.AST, ast.expr]]:
    if isinstance(node, (ast.For, ast.comprehension)):
        yield node.iter, _viewed(node.iter)


def _viewed(value: ast.expr) -> ast.expr:
    """The mapping of which an expression is a view, or the expression itself."""
    called = value.func if isinstance(value, ast.Call) and not value.args else None
    return called.value if isinstance(called, ast.Attribute) and called.attr in _VIEWS else value


def _danger(pair: Pair, kind: str) -> Danger:
    loop, change = pair.first, pair.second
    fails = "an item may be skipped" if kind == "list" else "it ends with a RuntimeError"
    return Danger(
        module=loop.function.module,
        node=loop.node,
        message=f"`{loop.key}` may change while {loop.name} iterates over it: {fails}",
        why="another thread can add or take items between two steps of the loop",
        advice=f"iterate over a copy, `list({ast.unparse(loop.node)})`, or hold one lock in both "
        "places",
        places=(
            *started(pair.starts),
            *lines_of([loop], "iterates over"),
            *lines_of([change], "changes"),
        ),
        alike=f"{loop.name} {loop.key}",
    )


rule = HazardRule(
    code="EVT902",
    summary="a container that one thread changes while another iterates over it",
    look=look,
    references=("H3",),
    before="""\
import eventlet


class Monitor:
    def __init__(self):
        self.children = {}

    def start(self):
        eventlet.spawn(self.check)

    def check(self):
        while True:
            for name, child in self.children.items():
                child.ping()
            eventlet.sleep(1)

    def register(self, name, child):
        self.children[name] = child
""",
)
