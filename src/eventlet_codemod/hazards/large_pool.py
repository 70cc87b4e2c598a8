"""A pool of more than a hundred green threads costs little; one of native threads may not.

Each native thread that runs at once has a stack, a share of the scheduler and, most likely, a
connection of its own to what it talks to: a pool of a thousand was a way to say *no limit*, and
meets the limits of databases, brokers and of the process now.

The size is followed to where it is written: a number, a name, the default of a parameter or of an
option of oslo.config. Where a rewrite of the pool asks `C-BOUND` this says no more.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod.facts.module import Module
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.hazards._options import Number, number_of
from eventlet_codemod.hazards.base import Danger, HazardRule

#: What makes a pool, and the keyword that gives its size, which also comes first.
_POOLS = {
    "GreenPool": "size",
    "GreenPile": "size_or_pool",
    "ThreadPool": "processes",
    "ThreadPoolExecutor": "max_workers",
    "GreenThreadPoolExecutor": "max_workers",
    "DynamicThreadPoolExecutor": "max_workers",
    "ContextAwareThreadPoolExecutor": "max_workers",
    "ThreadGroup": "thread_pool_size",
}
_MOST = 100


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find pools with a size that is written somewhere, and large."""
    for name in _POOLS if not is_test(module.path) else ():
        for occurrence in module.occurrences(name) if name in module.text else ():
            call = occurrence.parents[-1]
            if isinstance(call, ast.Call) and call.func is occurrence.node:
                size = _size_of(call, name)
                number = number_of(size, occurrence.parents, module, program) if size else None
                if number is not None and number.value > _MOST:
                    yield _danger(module, call, name, number)


def _size_of(call: ast.Call, name: str) -> ast.expr | None:
    if call.args:
        return call.args[0]
    return next((item.value for item in call.keywords if item.arg == _POOLS[name]), None)


def _danger(module: Module, call: ast.Call, name: str, number: Number) -> Danger:
    places: list[tuple[Module, ast.AST, str]] = [(module, call, f"{name} is made")]
    if number.node not in ast.walk(call):
        places.append((number.module, number.node, number.what))
    return Danger(
        module=module,
        node=call,
        message=f"this pool may run {number.value} native threads at once",
        why="a green thread costs next to nothing; a native one has a stack, and a connection of "
        "its own to the database or broker that it uses",
        advice="choose a size for threads, such as 64, not above the connections that their work "
        "may have",
        places=tuple(places),
    )


rule = HazardRule(
    code="EVT900",
    summary="a pool of more than 100 threads",
    look=look,
    asked_by="C-BOUND",
    references=("H8",),
    before="""\
from concurrent import futures

import eventlet

EXECUTOR = futures.ThreadPoolExecutor(max_workers=1000)


def tick():
    eventlet.sleep(1)
""",
)
