"""What a task leaves in a thread-local is there for the next task of the same worker.

Each task of a `GreenPool` was a green thread of its own, with thread-locals and context variables
of its own. The threads of an executor are used again: the next task, for another request or another
user, finds what the last one has set.

It is told where a function that a pool runs sets an attribute of a `threading.local`, or a
`ContextVar`, and does not take it back. A target that sets it in its own first block, as each task
does then, is fine.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from eventlet_codemod.facts.carried import last_name
from eventlet_codemod.facts.module import Module
from eventlet_codemod.facts.names import Definition
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.facts.reach import Calls, inside
from eventlet_codemod.facts.starts import Start, starts_in
from eventlet_codemod.hazards._words import started
from eventlet_codemod.hazards.base import Danger, HazardRule

_MAKERS = {"local": "thread-local", "ContextVar": "context variable"}

_TAKING_BACK = ("reset", "clear")


@dataclass(frozen=True, slots=True)
class _Kept:
    """State of its thread, where it is made, and where a function sets it."""

    name: str
    made: ast.AST
    kind: str
    node: ast.AST


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find what tasks of a pool leave behind."""
    for start in starts_in(module, program) if not is_test(module.path) else ():
        if not start.pooled or not isinstance(start.node, ast.Call):
            continue  # a server begins each request anew
        targets = {item.node for item in start.functions}
        calls = Calls(program, start.owner)
        for item in calls.reached(start.functions).values():
            for kept in _kept_by(item.function, item.function.node in targets):
                yield _danger(start, item.function, kept)


def _kept_by(function: Definition, is_target: bool) -> Iterator[_Kept]:
    module = function.module
    if "local" not in module.text and "ContextVar" not in module.text:
        return
    nodes = [node for node, _ in inside(function.node)]
    own = set(getattr(function.node, "body", ())) if is_target else set()
    for node in nodes:
        name = _set_by(node)
        made = _made_as(name, module) if name else None
        if made is not None and node not in own and not _is_taken_back(name, nodes):
            yield _Kept(name, made, _MAKERS[last_name(made.func)], node)


def _set_by(node: ast.AST) -> str:
    """The name of what a statement sets, if it may be state of a thread."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
        value, base = node.value, node.targets[0].value
        empty = isinstance(value, ast.Constant) and not value.value
        return base.id if isinstance(base, ast.Name) and not empty else ""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        called = node.value.func
        if isinstance(called, ast.Attribute) and called.attr == "set":
            return called.value.id if isinstance(called.value, ast.Name) else ""
    return ""


def _made_as(name: str, module: Module) -> ast.Call | None:
    """The call that makes a thread-local or context variable of the module."""
    bindings = module.lookup(name, module.walker.module)[1]
    value = bindings[0].value if len(bindings) == 1 else None
    if isinstance(value, ast.Call) and last_name(value.func) in _MAKERS:
        return value
    return None


def _is_taken_back(name: str, nodes: list[ast.AST]) -> bool:
    """Whether a function also deletes, resets or empties what it sets."""
    for node in nodes:
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == name:
            if isinstance(node.ctx, ast.Del) or node.attr in _TAKING_BACK:
                return True
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            bases = [ast.unparse(t.value) for t in node.targets if isinstance(t, ast.Attribute)]
            if not node.value.value and name in bases:
                return True
    return False


def _danger(start: Start, function: Definition, kept: _Kept) -> Danger:
    home = function.module
    return Danger(
        module=home,
        node=kept.node,
        message=f"{function.name}() leaves `{kept.name}` set for the next task of its thread",
        why="the threads of a pool are used again, where each green thread began with nothing",
        advice="take it back in a `finally`, or set it at the beginning of every task",
        places=(
            *started([start]),
            (home, kept.made, f"`{kept.name}` is a {kept.kind}"),
            (home, kept.node, f"{function.name}() sets it"),
        ),
        alike=f"{function.name} {kept.name}",
    )


rule = HazardRule(
    code="EVT907",
    summary="a task of a pool that leaves its thread-local state behind",
    look=look,
    references=("H5", "D18"),
    before="""\
import threading

import eventlet

REQUEST = threading.local()


class Service:
    def __init__(self):
        self.pool = eventlet.GreenPool(10)

    def handle(self, user):
        self.pool.spawn_n(self._serve, user)

    def _serve(self, user):
        if user is not None:
            REQUEST.user = user
""",
)
