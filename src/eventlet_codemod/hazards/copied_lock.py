"""Locks of native threads can neither be copied nor pickled.

Those of eventlet are plain objects, and under `monkey_patch()` those of `threading` are too:
`copy.deepcopy()` of an object that holds one gives another lock. With native threads the same line
raises `TypeError: cannot pickle '_thread.lock' object`; events, conditions, semaphores and queues
hold such locks.

It is told where an object is deep-copied or pickled whose class in the project keeps one in an
attribute, and does not say itself how it is copied.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod.facts.carried import last_name
from eventlet_codemod.facts.module import Module
from eventlet_codemod.facts.names import Definition
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.hazards.base import Danger, HazardRule

_COPIES = {"deepcopy": "copied", "dumps": "pickled"}
_HOLDING = frozenset(
    {
        *("Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore", "Event", "Barrier"),
        *("Queue", "LifoQueue", "PriorityQueue", "SimpleQueue", "Thread", "Timer", "local"),
    }
)
_OWN_WAYS = frozenset(
    {"__deepcopy__", "__reduce__", "__reduce_ex__", "__getstate__", "__getnewargs__"}
)


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find copies of objects with locks."""
    for name, deed in _COPIES.items() if not is_test(module.path) else ():
        for occurrence in module.occurrences(name) if name in module.text else ():
            call, node = occurrence.parents[-1], occurrence.node
            if not isinstance(call, ast.Call) or call.func is not node or not call.args:
                continue
            if name == "dumps" and "pickle" not in ast.unparse(node).lower():
                continue
            owner = program.class_of(module, call.args[0], (*occurrence.parents, call))
            held = _lock_of(owner, program) if owner is not None else None
            if owner is not None and held is not None:
                yield _danger(module, call, deed, owner, held)


def _lock_of(owner: Definition, program: Program) -> tuple[Module, ast.Assign] | None:
    """Where a class, or a base of it, gives its object something with a lock."""
    classes = program.ancestors(owner)
    bodies = [(item.module, node) for item in classes for node in getattr(item.node, "body", ())]
    if any(getattr(node, "name", "") in _OWN_WAYS for _, node in bodies):
        return None
    for module, method in bodies:
        for node in ast.walk(method) if isinstance(method, ast.FunctionDef) else ():
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                own = isinstance(node.targets[0], ast.Attribute) and (
                    ast.unparse(node.targets[0].value) == "self"
                )
                if own and last_name(node.value.func) in _HOLDING:
                    return module, node
    return None


def _danger(
    module: Module, call: ast.Call, deed: str, owner: Definition, held: tuple[Module, ast.Assign]
) -> Danger:
    home, lock = held
    attribute = ast.unparse(lock.targets[0])
    kind = ast.unparse(lock.value)
    return Danger(
        module=module,
        node=call,
        message=f"a {owner.name} is {deed}, and a native lock in `{attribute}` cannot be",
        why="the locks of eventlet are plain objects; those of native threads raise a TypeError",
        advice=f"give {owner.name} a `__getstate__` that leaves `{attribute}` out and a "
        "`__setstate__` that makes a new one, or keep it elsewhere",
        places=((module, call, f"it is {deed}"), (home, lock, f"`{attribute}` is {kind}")),
    )


rule = HazardRule(
    code="EVT908",
    summary="an object with a lock that is deep-copied or pickled",
    look=look,
    references=("H13",),
    before="""\
import copy
import threading

import eventlet


class Task:
    def __init__(self):
        self.lock = threading.Lock()

    def start(self):
        eventlet.spawn(copy.deepcopy(self).run)

    def run(self):
        pass
""",
)
