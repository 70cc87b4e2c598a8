"""A child process that writes more than a pipe holds waits until somebody reads it.

`Popen(…, stdout=PIPE)` and then `wait()`, without anybody reading, ends in both waiting for each
other once the child has written some 64 KiB. A green thread that was stuck so could be killed, or
was dropped at the end of the process; a native one stays stuck, and a pool has one thread less.

It is told where a process with a pipe is kept in a name of a function that only waits for it: if it
is passed on or kept elsewhere, somebody else may read.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod.facts.carried import last_name
from eventlet_codemod.facts.module import FUNCTIONS, Module
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.hazards.base import Danger, HazardRule

_FINE = frozenset({"wait", "poll", "pid", "returncode", "kill", "terminate", "send_signal", "args"})


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find processes whose output nobody reads."""
    if "PIPE" not in module.text or is_test(module.path):
        return
    for occurrence in module.occurrences("Popen"):
        call, parents = occurrence.parents[-1], occurrence.parents
        if not isinstance(call, ast.Call) or call.func is not occurrence.node:
            continue
        pipe = _pipe(call)
        statement = parents[-2]
        function = next((node for node in reversed(parents) if isinstance(node, FUNCTIONS)), None)
        if not pipe or function is None:
            continue
        if isinstance(statement, ast.Attribute) and statement.attr == "wait":
            yield _danger(module, call, statement, pipe)
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            wait = _only_wait(function, statement.targets[0].id)
            if wait is not None:
                yield _danger(module, call, wait, pipe)


def _pipe(call: ast.Call) -> str:
    """Which output of a child goes into a pipe."""
    found = [
        item.arg
        for item in call.keywords
        if item.arg in ("stdout", "stderr") and last_name(item.value) == "PIPE"
    ]
    return found[0] if found else ""


def _only_wait(function: ast.AST, name: str) -> ast.AST | None:
    """The wait() for a process, if nothing is done to it that may read its output."""
    wait: ast.AST | None = None
    parents = {child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(function):
        if not isinstance(node, ast.Name) or node.id != name or isinstance(node.ctx, ast.Store):
            continue
        parent = parents[node]
        if not isinstance(parent, ast.Attribute) or parent.attr not in _FINE:
            return None
        if parent.attr == "wait":
            wait = wait or parent
    return wait


def _danger(module: Module, call: ast.Call, wait: ast.AST, pipe: str) -> Danger:
    return Danger(
        module=module,
        node=call,
        message=f"nobody reads the {pipe} of this process: it may never end",
        why="a child waits when a pipe is full, and wait() waits for the child",
        advice="call communicate(), which reads until the end, or send the output to DEVNULL",
        places=((module, call, f"{pipe} is a pipe"), (module, wait, "it is waited for, unread")),
    )


rule = HazardRule(
    code="EVT905",
    summary="a child process with a pipe that nobody reads",
    look=look,
    references=("H10",),
    before="""\
import eventlet
from eventlet.green import subprocess


def convert(path):
    process = subprocess.Popen(["convert", path], stdout=subprocess.PIPE)
    return process.wait()
""",
)
