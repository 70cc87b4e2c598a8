"""A native thread that is no daemon keeps the process alive until it ends.

Under `monkey_patch()` a `threading.Thread` is green, and goes with the main thread, daemon or not.
When the patching goes, the interpreter waits at exit for every thread that is no daemon: one that
loops for ever makes the process hang.

It is told where `Thread` or `Timer` is made without `daemon=True`, nothing sets it later, and its
function loops without a way out: `while True` without `break`, `return` or `raise`, and without a
`try` around it that catches something.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod.facts.module import FUNCTIONS, Module, Parents
from eventlet_codemod.facts.names import Definition
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.facts.reach import inside
from eventlet_codemod.facts.starts import starts_in
from eventlet_codemod.hazards.base import Danger, HazardRule

_LEAVES = (ast.Return, ast.Raise)


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find threads that keep the process alive for ever."""
    if is_test(module.path):
        return
    for start in starts_in(module, program):
        call = start.node
        if not isinstance(call, ast.Call) or not _makes_thread(call):
            continue
        if _is_daemon(call, start.parents):
            continue
        for function in start.functions:
            loop = endless_loop(function.node)
            if loop is not None:
                yield _danger(module, call, function, loop)


def _makes_thread(call: ast.Call) -> bool:
    return getattr(call.func, "attr", getattr(call.func, "id", "")) in ("Thread", "Timer")


def _is_daemon(call: ast.Call, parents: Parents) -> bool:
    """Whether a thread is made a daemon, or may be."""
    for item in call.keywords:
        if item.arg is None or item.arg == "daemon":
            return not (isinstance(item.value, ast.Constant) and not item.value.value)
    around = next((n for n in reversed(parents) if isinstance(n, FUNCTIONS)), parents[0])
    return any(
        isinstance(node, ast.Attribute) and node.attr in ("daemon", "setDaemon")
        for node in ast.walk(around)
    )


def endless_loop(function: ast.AST) -> ast.AST | None:
    """A loop of a function that only an exception of what it calls can end."""
    for node, parents in inside(function):
        if any(isinstance(item, ast.Try) and item.handlers for item in parents):
            continue  # what is caught around it is its way out
        test = node.test if isinstance(node, ast.While) else None
        always = isinstance(test, ast.Constant) and bool(test.value)
        if always and not any(map(_ends, node.body)):  # type: ignore[attr-defined]
            return node
    return None


def _ends(node: ast.AST, *, inner: bool = False) -> bool:
    """Whether something in the body of a loop leaves it; ``inner``: in a loop of its own."""
    if isinstance(node, _LEAVES) or (isinstance(node, ast.Break) and not inner):
        return True
    if isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
        return False
    inner = inner or isinstance(node, (ast.For, ast.While, ast.AsyncFor))
    return any(_ends(child, inner=inner) for child in ast.iter_child_nodes(node))


def _danger(module: Module, call: ast.Call, function: Definition, loop: ast.AST) -> Danger:
    return Danger(
        module=module,
        node=call,
        message=f"this thread is no daemon, and {function.name}() never ends: nor does the process",
        why="at exit the interpreter waits for every native thread that is no daemon",
        advice="pass daemon=True if the work may be cut off at any point; else let the loop look "
        "at an Event that is set at shutdown",
        places=(
            (module, call, "the thread is made, and is no daemon"),
            (function.module, loop, f"{function.name}() loops without a way out"),
        ),
    )


rule = HazardRule(
    code="EVT906",
    summary="a thread that is no daemon and never ends",
    look=look,
    references=("H6", "D4"),
    before="""\
import threading

import eventlet


class Watcher:
    def start(self):
        threading.Thread(target=self.watch).start()

    def watch(self):
        while True:
            self.poll()
            eventlet.sleep(5)

    def poll(self):
        pass
""",
)
