"""futurist's `GreenThreadPoolExecutor` has a native twin, `ThreadPoolExecutor`, beside it.

The two take the same arguments and have the same methods. What differs: tasks run in parallel,
threads hold up the exit of the process until their work is done, each worker keeps its
thread-locals from one task to the next, and without `max_workers` a green pool holds 1000 and a
native one a few per processor. A native executor that is made before the process forks its workers
has no threads in them; where one is made in `__init__` or at the top of a module, and the project
starts workers, that is asked.
"""

from __future__ import annotations

import ast

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Decision, ReplaceExpression, Rewrite, Rule, leave_in_doubt
from eventlet_codemod.rules.ecosystem._forks import question_of_fork
from eventlet_codemod.rules.locations import is_type_position

_API = "futurist.GreenThreadPoolExecutor"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a reference to the class; what is done to its objects stays the same."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    if isinstance(use.parent, ast.ClassDef) or use.api != _API:
        return None  # a subclass, or a method of the class that is replaced
    assert isinstance(use.node, ast.expr)
    checks = _of_call(use.call) if use.call is not None else _of_value(use)
    if use.call is not None and (fork := question_of_fork(use, facts)):
        checks["C-FORK"] = fork
    dotted = isinstance(use.node, ast.Attribute)  # then its module is at hand
    return Rewrite(
        message="futurist's own native executor takes its place",
        why="both have the same arguments and methods",
        edits=(
            ReplaceExpression(
                use.node, _renamed if dotted else _named, "futurist.ThreadPoolExecutor"
            ),
        ),
        checks=checks,
        needs=() if dotted else ("futurist",),
    )


def _renamed(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    return node.with_changes(attr=cst.Name("ThreadPoolExecutor"))


def _named(node: cst.BaseExpression, context: Context) -> str:
    return f"{context.name('futurist')}.ThreadPoolExecutor"


def _of_call(call: ast.Call) -> dict[str, str]:
    checks = {
        "C-ATOM": "tasks now run in parallel: is what they share guarded by a lock?",
        "C-LIFE": "threads hold up the exit until they are done: where is it shut down?",
        "C-LOCAL": "a worker keeps its thread-locals: does a task rely on fresh ones?",
    }
    named = {item.arg for item in call.keywords}
    if isinstance(next(iter(call.args), None), ast.Starred) or (
        None in named and not call.args and "max_workers" not in named
    ):
        checks["C-BOUND"] = "is the number of workers among the arguments? 1000 was the default"
    elif not call.args and "max_workers" not in named:
        checks["C-BOUND"] = "the default was 1000 green threads, and is 5 per processor now"
    elif len(call.args) > 1 or "check_and_reject" in named:
        checks["C-BOUND"] = "the queue that it may refuse holds what idle workers will take, too"
    return checks


def _of_value(use: Use) -> dict[str, str]:
    """The questions where the class is named and not called."""
    outer = next(node for node in reversed(use.parents) if not isinstance(node, ast.Tuple))
    asked = isinstance(outer, ast.Call) and ast.unparse(outer.func) in ("isinstance", "issubclass")
    if asked or is_type_position(use):
        return {"C-FLOW": "does every executor that comes here become a native one?"}
    text = "what makes executors of it: with how many workers, and where are they shut down?"
    return {"C-ATOM": "", "C-FLOW": text, "C-LIFE": "", "C-LOCAL": ""}


rule = Rule(
    code="EVT401",
    family="ecosystem",
    step=1,
    summary="futurist's green executor becomes its native one",
    apis=frozenset({_API, f"{_API}.*"}),
    match=match,
    checks=("C-ATOM", "C-LIFE", "C-LOCAL", "C-BOUND", "C-FLOW", "C-FORK"),
    relies_on="thread",
    references=("futurist",),
    before="""\
import futurist


class Worker:
    def __init__(self, threads):
        self._executor = futurist.GreenThreadPoolExecutor(max_workers=threads)

    def handle(self, job):
        self._executor.submit(job.run)
""",
    after="""\
import futurist


class Worker:
    def __init__(self, threads):
        self._executor = futurist.ThreadPoolExecutor(max_workers=threads)

    def handle(self, job):
        self._executor.submit(job.run)
""",
)
