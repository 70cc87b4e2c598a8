"""A block that takes the results of a GreenPile, one by one, under one Timeout."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from eventlet_codemod.facts import Facts, Module
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Guard, Rewrite
from eventlet_codemod.rules.timeouts import _limit, _objects, _waits
from eventlet_codemod.rules.timeouts._limit import Limit
from eventlet_codemod.rules.timeouts._raised import error_name, raised
from eventlet_codemod.rules.timeouts._rest import rest_of
from eventlet_codemod.rules.timeouts._waits import inside, is_idle, is_sleep, waits

FUTURES = "concurrent.futures"


@dataclass(frozen=True, slots=True)
class Gather:
    """The place where the results of a pile are taken."""

    read: ast.Name


def gather(limit: Limit, module: Module) -> Gather | None:
    """The place in a limited block where a pile is read; None where the block is another one."""
    if not isinstance(limit.block, ast.With):
        return None
    found: list[ast.Name] = []
    for node, _ in inside(limit.block.body):
        if isinstance(node, (ast.Try, ast.TryStar, ast.With, ast.AsyncWith)):
            return None  # a clause or manager may take what is raised
        if isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await)):
            return None
        found += (pile for pile in _read(node) if _is_pile(pile, limit, module))
        if isinstance(node, ast.Call):
            other = module.use_of_call.get(node)
            if other is not None and other.api.startswith("eventlet.timeout."):
                return None
            if is_sleep(node, limit.use, module) or (waits(node, module) and not is_idle(node)):
                return None
    return Gather(found[0]) if len(found) == 1 else None


def loop_over(pile: ast.AST, holder: ast.AST) -> ast.For | None:
    """The loop over a pile in whose body a statement can be put first."""
    if not isinstance(holder, ast.For) or holder.iter is not pile:
        return None
    first = holder.body[0]
    simple = isinstance(first, (ast.Expr, ast.Assign, ast.AugAssign, ast.Return))
    plain = isinstance(holder.target, ast.Name) and first.lineno > holder.iter.lineno
    return holder if simple and plain else None


def _read(node: ast.AST) -> Iterator[ast.Name]:
    """What a loop, a comprehension or a call goes through."""
    items: Sequence[ast.AST] = []
    if isinstance(node, (ast.For, ast.comprehension)):
        items = [node.iter]
    elif isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        items = node.args
    return (item for item in items if isinstance(item, ast.Name))


def _is_pile(node: ast.Name, limit: Limit, module: Module) -> bool:
    return _objects.kind_of(node, limit.use, module) == "green pile"


def rewrite(limit: Limit, with_object: str, facts: Facts) -> Rewrite:
    """The decision to wait for each result with what is left of the time."""
    rest = rest_of(limit, True, facts)
    name = error_name(limit, facts)

    def clause(context: Context) -> str:
        caught = f"{context.name(FUTURES)}.TimeoutError"
        if limit.silent:
            return f"except {caught}:\n    pass\n"
        error = raised(limit, facts.text, context)
        return f"except {caught} as {name}:\n    raise {error} from {name}\n"

    def above(node: cst.BaseCompoundStatement, context: Context) -> list[str]:
        return rest.above(context)

    assert isinstance(limit.block, ast.With)
    checks = _waits.question(limit.block.body, limit.use, facts)
    checks["C-CATCH"] = (
        "can a task of the pile, or anything else in the block, raise a TimeoutError? It is taken "
        "for the end of the limit now"
    )
    asked = _limit.question(limit, facts).get("C-CATCH")
    checks["C-CATCH"] += f". And {asked}" if asked else ""
    if not isinstance(limit.seconds, (ast.Constant, ast.BinOp)):
        checks["C-TYPE"] = f"can `{ast.unparse(limit.seconds)}` be None? It meant no limit"
    return Rewrite(
        message="each result is waited for with what is left of the time",
        why="natively only the wait can end itself; `result()` of a Future takes a limit",
        edits=(Guard(limit.block, clause, above),),
        checks=checks,
        needs=("time", FUTURES),
        together=limit.together,
        with_object=with_object,
    )
