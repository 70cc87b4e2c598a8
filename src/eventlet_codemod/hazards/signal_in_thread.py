"""`signal.signal` works in the main thread alone; elsewhere it raises a ValueError.

A green thread of the main thread is the main thread, so a handler could be set in one. In a native
thread it cannot, and what the handler of an alarm raises comes up in the main thread, not in the
one that set the alarm: a limit by SIGALRM ends the wrong work.

It is told where a function that is started as a thread, or one that it calls in its class or file,
sets a handler or an alarm.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from eventlet_codemod.facts.module import Module
from eventlet_codemod.facts.names import Definition
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.facts.reach import Calls, inside
from eventlet_codemod.facts.starts import Start, starts_in
from eventlet_codemod.hazards._words import started
from eventlet_codemod.hazards.base import Danger, HazardRule

_ONLY_MAIN = {
    "signal.signal": "sets a handler, which only the main thread may",
    "signal.set_wakeup_fd": "sets the descriptor for signals, which only the main thread may",
    "signal.siginterrupt": "changes a handler",
    "signal.alarm": "sets an alarm, whose handler runs in the main thread",
    "signal.setitimer": "sets a timer, whose handler runs in the main thread",
}


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find functions that handle signals outside of the main thread."""
    told: set[ast.AST] = set()
    for start in starts_in(module, program) if not is_test(module.path) else ():
        calls = Calls(program, start.owner)
        for item in calls.reached(start.functions).values():
            function = item.function
            found = list(_signals(function)) if function.node not in told else []
            if found:
                told.add(function.node)
                yield _danger(start, function, found)


def _signals(function: Definition) -> Iterator[ast.Call]:
    home = function.module
    for node, _ in (
        inside(function.node) if "signal" in home.text and not is_test(home.path) else ()
    ):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _ONLY_MAIN:
            yield node


def _danger(start: Start, function: Definition, found: Sequence[ast.Call]) -> Danger:
    deeds = [f"{function.name}() {_ONLY_MAIN[ast.unparse(call.func)]}" for call in found]
    places = zip(found, deeds, strict=True)
    return Danger(
        module=function.module,
        node=found[0],
        message=f"{deeds[0]}, and it runs in another thread",
        why="a green thread is part of the main thread; a native one is not",
        advice="handle the signal in the main thread, which tells the others by an Event; as a "
        "limit, use a timeout of the call that waits",
        places=(*started([start]), *((function.module, call, deed) for call, deed in places)),
        alike=function.name,
    )


rule = HazardRule(
    code="EVT904",
    summary="a signal that is handled outside of the main thread",
    look=look,
    references=("H12", "D20"),
    before="""\
import signal

import eventlet


class Service:
    def start(self):
        eventlet.spawn(self.run)

    def run(self):
        signal.signal(signal.SIGHUP, self.reload)

    def reload(self, *args):
        pass
""",
)
