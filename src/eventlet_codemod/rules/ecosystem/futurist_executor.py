"""futurist's `GreenThreadPoolExecutor` has a native twin, `ThreadPoolExecutor`, beside it.

The two take the same arguments and have the same methods. What differs: tasks run in parallel,
threads hold up the exit of the process until their work is done, each worker keeps its
thread-locals from one task to the next, and without `max_workers` a green pool holds 1000 and a
native one a few per processor. A native executor that is made before the process forks its workers
has no threads in them; where one is made in `__init__` or at the top of a module, and the project
starts workers, that is asked. A method that is read as a value, as a fixture does that patches
`shutdown`, is that of the native class from then on; a patch of it goes along, or both stay.
"""

from __future__ import annotations

import ast
from functools import partial

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.ecosystem._forks import question_of_fork
from eventlet_codemod.rules.locations import is_type_position
from eventlet_codemod.rules.testing import mock_target

_API = "futurist.GreenThreadPoolExecutor"

#: Methods and properties that both classes have.
_METHODS = frozenset({"alive", "map", "shutdown", "statistics", "submit"})


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a reference to the class; what is done to its objects stays the same."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    assert isinstance(use.node, ast.expr)
    if use.api != _API:
        return _of_method(use, facts, settings)
    if isinstance(use.parent, ast.ClassDef):
        return None
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


def _of_method(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """The decision on a method of the class that is read as a value, as a test's patch does."""
    method = use.api.removeprefix(f"{_API}.")
    if method not in _METHODS or use.call is not None:
        return None
    for other in facts.uses:
        if other.kind == "string" and other.api == use.api:
            patch = mock_target.match(other, facts, settings)
            if not isinstance(patch, Rewrite):
                line = getattr(other.node, "lineno", 0)
                return Leave(
                    message=f"`{use.path}` goes with the patch on line {line}, which stays",
                    why="the method is called on objects of the class that is patched",
                    advice="name the native class in both, together with the code under test",
                )
    assert isinstance(use.node, ast.Attribute)
    dotted = isinstance(use.node.value, ast.Attribute)
    return Rewrite(
        message=f"the native executor's {method}() takes its place",
        why="both classes have it from the same base, or alike",
        edits=(
            ReplaceExpression(
                use.node,
                _method_renamed if dotted else partial(_method_named, method),
                f"futurist.ThreadPoolExecutor.{method}",
            ),
        ),
        checks={"C-FLOW": "is it called with native executors only?"},
        needs=() if dotted else ("futurist",),
    )


def _method_renamed(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    outer = cst.ensure_type(node, cst.Attribute)
    return outer.with_changes(value=_renamed(outer.value, context))


def _method_named(method: str, node: cst.BaseExpression, context: Context) -> str:
    return f"{_named(node, context)}.{method}"


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
