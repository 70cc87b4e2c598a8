"""A lock that is no RLock waits for itself when the thread that holds it takes it again.

`lockutils.synchronized("name")`, `threading.Lock` and eventlet's semaphores all do. A green thread
that waited so cost nothing and may never have been missed: the others went on, and a `Timeout` or
`kill()` ended it. A native one holds the lock, and a thread of its pool, until the process ends.
Locks that are put in because of threads bring this with them: one method that takes the lock calls
another that does.

It is told where a function that holds a lock calls, directly or through functions of its class or
file, one that takes the same: by a name that is written out, or as an attribute that only ever is
such a lock. Where the inner one takes it on a condition that a caller decides, it is not.

A run over a whole project looks at every file that takes a lock twice, also where it mentions no
eventlet.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from eventlet_codemod.facts.module import Module
from eventlet_codemod.facts.program import Program
from eventlet_codemod.hazards._locks import Nested, lock_units, nested_in
from eventlet_codemod.hazards._words import listed
from eventlet_codemod.hazards.base import Danger, HazardRule

#: What a file holds that may take one lock in two places.
_TWICE = (
    r"(?s)synchronized\(\s*(['\"][^'\"]+['\"]).*synchronized\(\s*\1"
    r"|(\w+) *= *[\w.]*(?:Lock|Semaphore)\(1?\).*\bwith [^:]*\b\2\b.*\bwith [^:]*\b\2\b"
)


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find locks that their thread takes twice."""
    told: set[ast.AST] = set()
    for unit in lock_units(module, program):
        found: dict[ast.AST, list[Nested]] = {}
        for nested in nested_in(unit):
            if nested.outer.key == nested.inner.key and nested.outer.node not in told:
                found.setdefault(nested.outer.node, []).append(nested)
        told.update(found)
        yield from map(_danger, found.values())


def _danger(again: Sequence[Nested]) -> Danger:
    first = again[0]
    outer, home = first.outer, first.outer.function.module
    inner = listed(dict.fromkeys(f"{item.inner.function.name}()" for item in again))
    takes = "takes" if len({item.inner.function.node for item in again}) == 1 else "take"
    return Danger(
        module=home,
        node=first.calls[0][1] if first.calls else first.inner.node,
        message=f"{outer.function.name}() holds {outer.lock}, and {inner} {takes} it again: the "
        "thread waits for itself",
        why="such a lock does not know its thread, and nothing ends the wait of a native one",
        advice="let the inner function expect that the lock is held, and take it in all of its "
        "other callers, or use one threading.RLock for both",
        places=(
            (home, outer.node, f"{outer.function.name}() takes {outer.lock}"),
            *(
                (caller.module, call, f"{caller.name}() calls {ast.unparse(call.func)}()")
                for caller, call in first.calls
            ),
            *_taken(again),
        ),
        alike=f"{outer.function.name} {outer.key[1]}",
    )


def _taken(again: Sequence[Nested]) -> Iterator[tuple[Module, ast.AST, str]]:
    for taking in {item.inner.node: item.inner for item in again}.values():
        yield taking.function.module, taking.node, f"{taking.function.name}() takes it again"


rule = HazardRule(
    code="EVT911",
    summary="a lock that the thread that holds it takes again",
    look=look,
    words=("synchronized", "Lock", "Semaphore", "BoundedSemaphore"),
    form=_TWICE,
    references=("H4",),
    before="""\
import eventlet
from oslo_concurrency import lockutils


class Model:
    def start(self):
        eventlet.spawn(self.refresh)

    @lockutils.synchronized("model")
    def refresh(self):
        for node in self.nodes():
            self.add(node)

    @lockutils.synchronized("model")
    def add(self, node):
        pass

    def nodes(self):
        return []
""",
)
