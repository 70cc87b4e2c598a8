"""The polling loop: a block in which nothing waits but sleeps."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from eventlet_codemod.facts import Module
from eventlet_codemod.rules.timeouts import _catching
from eventlet_codemod.rules.timeouts._limit import Limit
from eventlet_codemod.rules.timeouts._waits import inside, is_sleep, waits


class NoLoop(Exception):
    """The limited block is no polling loop; the text says why."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A sleep in the loop: its statement, and the loop that it pauses."""

    statement: ast.Expr
    call: ast.Call
    loop: ast.AST


def pauses(limit: Limit, module: Module) -> bool:
    """Whether anything sleeps in the block."""
    return any(
        isinstance(node, ast.Call) and is_sleep(node, limit.use, module)
        for node, _ in inside(limit.block.body)
    )


def pauses_of(limit: Limit, module: Module) -> list[Pause]:
    """The sleeps of the loop that a Timeout limits. Raises NoLoop."""
    found = []
    for node, parents in inside(limit.block.body):
        if isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await)):
            raise NoLoop("the block yields: what its caller does meanwhile is limited too")
        if not isinstance(node, ast.Call):
            continue
        other = module.use_of_call.get(node)
        if other is not None and other.api.startswith("eventlet.timeout."):
            raise NoLoop(f"another Timeout is made in the block, on line {node.lineno}")
        if is_sleep(node, limit.use, module):
            found.append(_pause(node, parents, limit, module))
        elif waits(node, module):
            raise NoLoop(f"`{ast.unparse(node.func)}()` on line {node.lineno} waits in it, too")
    if not found:
        raise NoLoop("no loop that sleeps stands in the block")
    return found


def _pause(call: ast.Call, parents: Sequence[ast.AST], limit: Limit, module: Module) -> Pause:
    loop = next((n for n in reversed(parents) if isinstance(n, (ast.For, ast.While))), None)
    statement = parents[-1] if parents else None
    if not isinstance(statement, ast.Expr) or len(call.args) + len(call.keywords) > 1:
        raise NoLoop(f"the sleep on line {call.lineno} is no statement of its own")
    if loop is None:
        raise NoLoop(f"the sleep on line {call.lineno} stands in no loop")
    if limit.silent and loop is not limit.block.body[-1]:
        raise NoLoop("a Timeout that is silent ends more than one loop here")
    for block, _ in _catching.blocks(parents, statement):
        if isinstance(block, ast.With):
            raise NoLoop(f"the with statement on line {block.lineno} swallows what is raised")
        for handler in block.handlers:
            if _may_take(handler, limit, module):
                raise NoLoop(
                    f"the except clause on line {handler.lineno}, inside the block, would take "
                    "the exception again and again"
                )
    return Pause(statement, call, loop)


def _may_take(handler: ast.ExceptHandler, limit: Limit, module: Module) -> bool:
    """Whether a clause within the loop may take what is raised at the deadline."""
    if limit.silent:
        return False
    if _catching.takes_all(handler) or _catching.takes_native(handler, module):
        return True
    if limit.error is None:
        return _catching.names_timeout(handler, module)
    error = limit.error.func if isinstance(limit.error, ast.Call) else limit.error
    return ast.unparse(error) in map(ast.unparse, _catching.elements(handler))
