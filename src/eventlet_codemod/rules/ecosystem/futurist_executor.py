"""futurist's `GreenThreadPoolExecutor` has a native twin, `ThreadPoolExecutor`, beside it.

The two take the same arguments and have the same methods. What differs: threads hold up the exit of
the process until their work is done, each worker keeps its thread-locals from one task to the next,
and without `max_workers` a green pool holds 1000 and a native one a few per processor.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, ReplaceExpression, Rewrite, Rule, leave_in_doubt

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
    checks: dict[str, str] = {}
    if use.call is not None:
        checks["C-LIFE"] = "threads hold up the exit until they are done: where is it shut down?"
        checks["C-LOCAL"] = "a worker keeps its thread-locals: does a task rely on fresh ones?"
        if not use.call.args and not any(k.arg == "max_workers" for k in use.call.keywords):
            checks["C-BOUND"] = "the default was 1000 green threads, and is 5 per processor now"
    return Rewrite(
        message="futurist's own native executor takes its place",
        why="both have the same arguments and methods",
        edits=(
            ReplaceExpression(use.node, lambda n, c: f"{c.name('futurist')}.ThreadPoolExecutor"),
        ),
        checks=checks,
        needs=("futurist",),
    )


rule = Rule(
    code="EVT401",
    family="ecosystem",
    step=1,
    summary="futurist's green executor becomes its native one",
    apis=frozenset({_API, f"{_API}.*"}),
    match=match,
    checks=("C-LIFE", "C-LOCAL", "C-BOUND"),
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
