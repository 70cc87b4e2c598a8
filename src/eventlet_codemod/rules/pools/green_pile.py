"""A `GreenPile` becomes a list of Futures, and a pool of threads beside it.

`pile.spawn(f, x)` appends what the pool's `submit()` gives, and iterating over the pile becomes
iterating over the results, in the order of spawning. An error is raised at its turn, as it was.

The pool is an executor or, with the setting `helpers`, a `BlockingPool`, whose `spawn()` waits
while all its threads are busy, as `pile.spawn()` did. A pile that was given a GreenPool uses the
pool that this becomes; that needs helpers as well.

A pile gives each result once. So this is for a pile that is made, fed and emptied in this order: by
one loop or call in the function that makes it, or by whoever calls that function for it. A pile
stays if it is asked with `next()`, fed again after it was read, or kept by an object.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle, HandleUse, Use
from eventlet_codemod.layout import Argument
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules import limits
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    Leave,
    ReplaceExpression,
    ReplaceStatement,
    Rewrite,
    Rule,
)
from eventlet_codemod.rules.pools import _calls, _pile, _places, _pool, _size
from eventlet_codemod.rules.threads import _started
from eventlet_codemod.rules.timeouts import _gather
from eventlet_codemod.rules.timeouts._rest import Rest, rest_of

_LATE = "what it raises is raised where the results are read, and printed no more"
_LOST = "what it raises is no longer printed: nobody reads its Future"
_SKETCH = (
    "by hand: `calls = collections.deque()` beside an executor; `calls.append(executor.submit(f, "
    "x))` for pile.spawn(f, x); `calls.popleft().result()` for next(pile), after `if calls` where "
    "StopIteration ended it; `while calls: use(calls.popleft().result())` for a loop"
)


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a pile as a whole: its creation, or one thing done to it."""
    handle = next((item for item in facts.handles if use in item.creations), None)
    handle = handle or facts.handle_of.get(use)
    if handle is None or _pile.API not in handle.apis:
        return None
    found = _pile.plan(handle, settings)
    objection = found.objection
    if not objection and found.pool is not None:
        objection = _pool.plan(found.pool, settings).objection
    if objection:
        return Leave(
            message=f"this GreenPile stays: {objection}",
            why="a pile gives each result once, in the order of spawning, and spawn() waits while "
            "its pool is full",
            advice=_SKETCH,
            setting="helpers" if settings.helpers is None else None,
        )
    native = _Native(handle, found, facts, settings)
    if use in handle.creations:
        return native.creation(use)
    deed = facts.deed[use]
    return native.spawn(deed) if deed.attribute == "spawn" else native.results(deed)


class _Native:
    """What a list of Futures says in the place of a GreenPile."""

    def __init__(self, pile: Handle, found: _pile.Plan, facts: Facts, settings: Settings) -> None:
        self.pile = pile
        self.plan = found
        self.helpers = settings.helpers
        self.module = settings.helpers or settings.executor
        self.kind = "BlockingPool" if settings.helpers else "ThreadPoolExecutor"
        self.method = "spawn" if settings.helpers else "submit"
        creation = pile.creations[0]
        if found.pool is not None:
            assert creation.call is not None
            self.pool = ast.unparse(creation.call.args[0])
        else:
            self.pool = facts.free_name("pool" if settings.helpers else "executor", creation.scope)
        self.facts = facts
        self.is_read = any(map(_pile.is_read, pile.uses))
        self.why = "results come in the order of the list, which is that of spawning"

    def creation(self, use: Use) -> Rewrite:
        """The pile is made."""

        def make(node: cst.BaseSmallStatement, context: Context) -> Sequence[str]:
            assert isinstance(node, cst.Assign) and isinstance(node.value, cst.Call)
            name = context.code(node.targets[0].target)
            given = context.value(node.value.args[0].value) if node.value.args else ""
            arguments: list[Argument] = [given] if given else []
            if not self.helpers:
                arguments = [f"max_workers={given or _size.DEFAULT}"]
            function = f"{context.name(self.module)}.{self.kind}"
            made = context.at(len(self.pool) + 3).call(function, arguments)
            return (f"{self.pool} = {made}", f"{name} = []")

        checks = dict(self.plan.checks)
        if not self.helpers:
            checks["C-LOCAL"] = (
                "the threads are used again: does a task expect thread-locals or context to be as "
                "at the start?"
            )
            checks["C-LIFE"] = (
                "the interpreter waits for its tasks at the exit, also where an error, which ends "
                "the reading, leaves some of them"
                if self.is_read
                else "nobody reads its results, and the interpreter waits for its tasks at the exit"
            )
        own = self.plan.pool is None
        return Rewrite(
            message=f"a list of Futures of a `{self.kind}` takes the place of a GreenPile",
            why=self.why,
            edits=(ReplaceStatement(use.statement, make) if own else _empty(use),),
            checks=checks,
            needs=(self.module,) if own else (),
            helpers=(self.kind,) if own and self.helpers else (),
            setting="helpers",
        )

    def spawn(self, deed: HandleUse) -> Rewrite:
        """Something is spawned for the pile."""
        assert deed.call is not None
        checks = _started.checks(deed.use, _places.target_of(deed.call, "func"), self.facts)
        checks.pop("C-BOUND", None)
        checks["C-EXC"] = _LATE if self.is_read else _LOST
        unseen = [] if self.helpers else _pool.reads_unseen(deed, self.pile)
        if unseen:
            checks["C-BOUND"] = (
                f"{self.method}() does not wait for a free thread: is `{unseen[0]}` small enough "
                "to be queued at once?"
            )
        edit = _calls.append_of(deed, f"{self.pool}.{self.method}", keyword="func")
        message = f"`append()` keeps the Future that {self.method}() gives"
        return Rewrite(message=message, why=self.why, edits=(edit,), checks=checks)

    def results(self, deed: HandleUse) -> Rewrite:
        """The results are read."""
        outer = deed.parents[-1]
        name = self.facts.free_name("future", deed.use.scope)
        edits: tuple[Edit, ...] = ()
        limit = limits.gathered_under(deed)
        all_results = _AllResults(name, rest_of(limit, True, self.facts) if limit else None)
        if deed.how == "compare-none":
            pass
        elif isinstance(outer, ast.Call) and _is_list(outer):
            edits = (ReplaceExpression(outer, all_results.between("[", "]", argument=True)),)
        elif isinstance(outer, ast.Assign):
            edits = (_of(deed, all_results.between("[", "]")),)
        elif isinstance(outer, ast.Call) and len(outer.args) == 1 and not outer.keywords:
            if limit is not None:
                edits = (ReplaceExpression(outer, all_results.alone),)
            else:
                edits = (_of(deed, all_results.between("", "")),)
        elif limit is not None and (loop := _gather.loop_over(deed.node, outer)) is not None:
            edits = all_results.one_by_one(loop)
        else:
            edits = (_of(deed, all_results.between("(", ")")),)
        return Rewrite(
            message="`result()` of each Future gives what the pile gave",
            why=self.why,
            edits=edits,
            needs=("time",) if limit is not None else (),
        )


def _empty(use: Use) -> Edit:
    assert use.call is not None
    return ReplaceExpression(use.call, lambda node, context: "[]")


def _is_list(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "list" and len(call.args) == 1


def _of(deed: HandleUse, make: _calls.Make) -> Edit:
    assert isinstance(deed.node, ast.expr)
    return ReplaceExpression(deed.node, make)


@dataclass(frozen=True, slots=True)
class _AllResults:
    """The code that takes the results of a pile, each with what is left of a time, if any."""

    name: str
    rest: Rest | None

    def one_by_one(self, loop: ast.For) -> tuple[Edit, ...]:
        """A loop over the Futures, that begins with the result of each."""
        target = ast.unparse(loop.target)

        def first(node: cst.BaseSmallStatement, context: Context) -> list[str]:
            assert self.rest is not None
            given = f"timeout={self.rest.code(context)}"
            place = context.at(len(target) + len(" = "))
            result = place.call(f"{self.name}.result", [given])
            return [f"{target} = {result}", context.code(node)]

        return (
            ReplaceExpression(loop.target, lambda node, context: self.name),
            ReplaceStatement(loop.body[0], first),
        )

    def alone(self, node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
        """The results as all that a call is given."""
        call = cst.ensure_type(node, cst.Call)
        function = context.code(call.func)
        brackets = self.between("[", "]", argument=True)(node, context.at(len(function)))
        assert isinstance(brackets, cst.ListComp)
        return context.parse(f"{function}({context.code(brackets)[1:-1]})")

    def between(self, opening: str, closing: str, *, argument: bool = False) -> _calls.Make:
        """The results between brackets; ``argument``: of the pile that a call is given."""

        def make(node: cst.BaseExpression, context: Context) -> cst.BaseExpression | str:
            pile: cst.CSTNode = node
            if argument:
                assert isinstance(node, cst.Call)
                pile = node.args[0].value
            given = f"timeout={self.rest.code(context)}" if self.rest is not None else ""
            inner = f"{self.name}.result({given}) for {self.name} in {context.value(pile)}"
            if opening == "[":
                return context.comprehension(context.parse(f"[{inner}]"))
            if opening:
                return f"{opening}{inner}{closing}"
            generator = context.parse(f"({inner})")
            return generator.with_changes(lpar=(), rpar=())

        return make


rule = Rule(
    code="EVT121",
    family="pools",
    step=1,
    summary="a GreenPile becomes a list of Futures",
    apis=frozenset({_pile.API, f"{_pile.API}.*"}),
    match=match,
    checks=(
        *("C-START", "C-ATOM", "C-EXIT", "C-MAIN", "C-BOUND", "C-EXC", "C-LOCAL", "C-FLOW"),
        *("C-LIFE", "C-TYPE"),
    ),
    relies_on="thread",
    settings=("helpers", "executor"),
    references=("PILE-1", "PILE-2", "PILE-3", "PILE-4"),
    before="""\
import eventlet


def fetch_all(fetch, urls):
    pile = eventlet.GreenPile(20)
    for url in urls:
        pile.spawn(fetch, url)
    return list(pile)
""",
    after="""\
from concurrent import futures


def fetch_all(fetch, urls):
    executor = futures.ThreadPoolExecutor(max_workers=20)
    pile = []
    for url in urls:
        pile.append(executor.submit(fetch, url))
    return [future.result() for future in pile]
""",
)
