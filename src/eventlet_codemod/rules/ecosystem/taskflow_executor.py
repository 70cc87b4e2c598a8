"""taskflow's parallel engine takes `'threaded'` where it took `'greenthreaded'`.

Both are names of executors that the engine makes for itself: futurist's green one, and its native
one, which runs on green threads while the process is patched. Without `max_workers` the green one
has 1000 workers and the native one a few per processor, so that is asked about.
"""

from __future__ import annotations

import ast

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Decision, Leave, ReplaceExpression, Rewrite, Rule
from eventlet_codemod.rules.ecosystem._calls import dotted_name

_GREEN = "greenthreaded"
_KEY = "executor"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on the string where it is an engine's executor."""
    if use.kind != "string":
        return None
    given = _given_beside(use)
    if given is None:
        return Leave(
            message="'greenthreaded' stands where it is no argument of an engine",
            why="what reads it may know no other name",
            advice="let it say 'threaded', together with what compares or stores it; where it is a "
            "choice of an option, keep accepting it and warn",
        )
    checks = {"C-ATOM": "tasks now run in parallel: is what they share guarded by a lock?"}
    if "max_workers" not in given:
        checks["C-BOUND"] = "the default was 1000 green threads, and is a few per processor now"
    call = use.parents[-2]
    known = isinstance(call, ast.Call) and _is_engine(call, use, facts)
    if not known:
        checks["C-FLOW"] = "does this reach an engine of taskflow, and nothing else?"
    assert isinstance(use.node, ast.expr)
    return Rewrite(
        message="the engine takes native threads",
        why="both name an executor of futurist; under monkey_patch() both run green threads",
        edits=(ReplaceExpression(use.node, _threaded),),
        checks=checks,
    )


def _given_beside(use: Use) -> set[str] | None:
    """The names of the arguments of which this is the executor; None if it is none."""
    holder, outer = use.parents[-1], use.parents[-2]
    if isinstance(holder, ast.keyword) and holder.arg == _KEY and isinstance(outer, ast.Call):
        return {item.arg or "" for item in outer.keywords}
    if isinstance(holder, ast.Dict):
        keys = [item.value if isinstance(item, ast.Constant) else "" for item in holder.keys]
        place = next((i for i, item in enumerate(holder.values) if item is use.node), None)
        return {str(key) for key in keys} if place is not None and keys[place] == _KEY else None
    if isinstance(holder, ast.Assign) and holder.value is use.node and len(holder.targets) == 1:
        target = holder.targets[0]
        key = target.slice if isinstance(target, ast.Subscript) else None
        return set() if isinstance(key, ast.Constant) and key.value == _KEY else None
    return None


def _is_engine(call: ast.Call, use: Use, facts: Facts) -> bool:
    return dotted_name(call.func, use.scope, facts).startswith("taskflow.engines.")


def _threaded(node: cst.BaseExpression, context: Context) -> str:
    return context.code(node).replace(_GREEN, "threaded")


rule = Rule(
    code="EVT404",
    family="ecosystem",
    step=2,
    summary="taskflow's engines run their tasks in native threads",
    apis=frozenset({_GREEN}),
    match=match,
    checks=("C-ATOM", "C-BOUND", "C-FLOW"),
    relies_on="thread",
    references=("CFG-4",),
    before="""\
from taskflow import engines


def run(flow, workers):
    engine = engines.load(flow, engine='parallel', executor='greenthreaded', max_workers=workers)
    engine.run()
""",
    after="""\
from taskflow import engines


def run(flow, workers):
    engine = engines.load(flow, engine='parallel', executor='threaded', max_workers=workers)
    engine.run()
""",
)
