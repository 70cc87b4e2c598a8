"""A generator that hands on what another gives, under one Timeout."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from eventlet_codemod.facts import Module
from eventlet_codemod.rules.ecosystem._calls import last_name
from eventlet_codemod.rules.timeouts import _catching
from eventlet_codemod.rules.timeouts._limit import Limit
from eventlet_codemod.rules.timeouts._waits import inside, is_idle, is_sleep, waits

_YIELDS = (ast.Yield, ast.YieldFrom)


class NotHandedOn(Exception):
    """The limited block does not hand on items one by one; the text says why."""


@dataclass(frozen=True, slots=True)
class HandedOn:
    """The loop that hands on each item, and the statement that it begins with."""

    loop: ast.For
    first: ast.stmt


def yields(limit: Limit) -> bool:
    """Whether the block is part of a generator."""
    return any(isinstance(node, _YIELDS) for node, _ in inside(limit.block.body))


def handed_on(limit: Limit, module: Module) -> HandedOn:
    """The loop whose items the block hands on. Raises NotHandedOn."""
    function = limit.use.function
    if any("contextmanager" in ast.unparse(d) for d in getattr(function, "decorator_list", ())):
        raise NotHandedOn("what stands in a `with` of its caller is limited by it")
    found: list[tuple[ast.For, tuple[ast.AST, ...]]] = []
    for node, parents in inside(limit.block.body):
        if isinstance(node, (ast.YieldFrom, ast.Await, ast.While, ast.AsyncFor, ast.AsyncWith)):
            raise NotHandedOn(_OTHER)
        if isinstance(node, ast.With):
            raise NotHandedOn(f"a context manager is entered in it, on line {node.lineno}")
        if isinstance(node, ast.For):
            found.append((node, parents))
        if isinstance(node, ast.Yield) and not any(
            isinstance(parent, (ast.For, ast.ExceptHandler)) for parent in parents
        ):
            raise NotHandedOn(_OTHER)
        if isinstance(node, ast.Call):
            other = module.use_of_call.get(node)
            if other is not None and other.api.startswith("eventlet."):
                raise NotHandedOn(f"{_shown(node)} is eventlet's")
            if is_sleep(node, limit.use, module) or (waits(node, module) and not is_idle(node)):
                raise NotHandedOn(f"{_shown(node)} waits in it, too")
    if len(found) != 1:
        raise NotHandedOn("its block holds more loops than the one that hands on")
    loop, parents = found[0]
    first = loop.body[0]
    if not isinstance(first, (ast.Expr, ast.Assign)) or first.lineno == loop.lineno:
        raise NotHandedOn(f"no test can be put before the statement on line {first.lineno}")
    if any(isinstance(parent, ast.ExceptHandler) for parent in parents):
        raise NotHandedOn(_OTHER)
    if limit.silent and loop is not limit.block.body[-1]:
        raise NotHandedOn("it is silent, and the loop does not end its block")
    if limit.raises_itself:
        _refuse_takers(parents, loop, module)
    return HandedOn(loop, first)


def _refuse_takers(parents: Sequence[ast.AST], loop: ast.For, module: Module) -> None:
    for block, _ in _catching.blocks(parents, loop):
        for handler in getattr(block, "handlers", ()):
            known = _catching.takes_all(handler) or _catching.names_timeout(handler, module)
            if known or _catching.takes_native(handler, module):
                raise NotHandedOn(
                    f"the except clause on line {handler.lineno}, inside the block, would take "
                    "the exception"
                )


def source_of(found: HandedOn) -> str:
    """What gives the items, as a reader would call it."""
    items = found.loop.iter
    if isinstance(items, ast.Call):
        return f"{last_name(items.func) or ast.unparse(items.func)}()"
    return ast.unparse(items)


def _shown(call: ast.Call) -> str:
    return f"`{ast.unparse(call.func)}()` on line {call.lineno}"


_OTHER = "the block yields: what its caller does meanwhile is limited too"
