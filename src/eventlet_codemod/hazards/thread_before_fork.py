"""A process that forks copies only the thread that forks: the child has no other.

A green thread is part of the memory of the process, and went on in the child. A native one is gone
there, with what it did, and a lock that it held at that moment stays locked for ever.

It is told where a thread is started and the same function forks after that, and where one is
started while a module is imported. What oslo.service's launchers fork is asked about by the rules
for those.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod.facts.module import FUNCTIONS, Module, Parents
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.facts.reach import inside
from eventlet_codemod.facts.starts import Start, starts_in
from eventlet_codemod.hazards._words import started
from eventlet_codemod.hazards.base import Danger, HazardRule

_FORKS = ("os.fork", "os.forkpty", "pty.fork")


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find threads that a child process does not have."""
    for start in starts_in(module, program) if not is_test(module.path) else ():
        if not isinstance(start.node, ast.Call):
            continue
        function = start.function
        if function is None:
            if not _is_guarded(start.parents):
                yield _danger(start, None)
            continue
        fork = next((call for call in _forks(function.node) if call.lineno > start.line), None)
        if fork is not None:
            yield _danger(start, fork)


def _forks(function: ast.AST) -> Iterator[ast.Call]:
    for node, _ in inside(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _FORKS:
            yield node


def _is_guarded(parents: Parents) -> bool:
    """Whether what is at the top of a module runs in a script only, or not when it is imported."""
    return any(
        isinstance(node, (*FUNCTIONS, ast.Lambda))
        or (isinstance(node, ast.If) and "__main__" in ast.unparse(node.test))
        for node in parents
    )


def _danger(start: Start, fork: ast.AST | None) -> Danger:
    places = list(started([start]))
    if fork is not None:
        message = "this thread is started before the process forks: the child has no such thread"
        places.append((start.module, fork, "the process forks"))
    else:
        message = "this thread starts when the module is imported: before any fork of the process"
    return Danger(
        module=start.module,
        node=start.node,
        message=message,
        why="a fork copies one thread only, and a lock that another holds stays locked for ever",
        advice="start it in the child: in a function that the process calls after the fork, or at "
        "its first use",
        places=tuple(places),
    )


rule = HazardRule(
    code="EVT910",
    summary="a thread that is started before the process forks",
    look=look,
    asked_by="C-START",
    references=("H13", "H23"),
    before="""\
import os
import threading

import eventlet


def serve(beat, work):
    threading.Thread(target=tick, daemon=True).start()
    if os.fork() == 0:
        work()


def tick():
    eventlet.sleep(1)
""",
)
