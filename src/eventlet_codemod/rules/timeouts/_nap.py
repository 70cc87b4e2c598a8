"""A block that sleeps and does nothing else, for a time that is written out as the limit is."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from eventlet_codemod.facts import Module
from eventlet_codemod.rules.timeouts._limit import Limit


@dataclass(frozen=True, slots=True)
class Nap:
    """The sleep that is all of a limited block. ``ends`` says that the limit comes first."""

    statement: ast.Expr
    call: ast.Call
    ends: bool


def nap_of(limit: Limit, module: Module) -> Nap | None:
    """The sleep that a block consists of, where both times are numbers and differ."""
    body = limit.block.body
    statement = body[0]
    if len(body) != 1 or not isinstance(limit.block, ast.With) or len(limit.block.items) != 1:
        return None
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(statement, ast.Expr) or not isinstance(call, ast.Call):
        return None
    known = module.use_of_call.get(call)
    if known is None or known.api != "eventlet.greenthread.sleep":
        return None  # no Timeout ends a sleep of `time` that nothing has patched
    if len(call.args) != 1 or call.keywords:
        return None
    times = [_number(call.args[0]), _number(limit.seconds)]
    if None in times or times[0] == times[1]:
        return None
    slept, limited = times
    assert slept is not None and limited is not None
    return Nap(statement, call, ends=slept > limited) if min(slept, limited) > 0 else None


def _number(node: ast.expr) -> float | None:
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
