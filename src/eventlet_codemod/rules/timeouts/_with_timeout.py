"""A call of `with_timeout` around a wait that takes a limit of its own."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from eventlet_codemod.facts import Module, Use
from eventlet_codemod.rules.timeouts import _catching, _descriptor, _primitive
from eventlet_codemod.rules.timeouts._waits import is_idle

API = "eventlet.timeout.with_timeout"
_VALUE = "timeout_value"


@dataclass(frozen=True, slots=True)
class Bounded:
    """A call of with_timeout, read: the wait, what it raises at the end, and what is given then."""

    seconds: ast.expr
    function: ast.Attribute
    kind: str
    error: str
    value: ast.expr


def read(use: Use, module: Module) -> Bounded | str:
    """What a call says, or why it stays."""
    call = use.call
    assert call is not None
    given = {item.arg: item.value for item in call.keywords}
    if None in given or any(isinstance(item, ast.Starred) for item in call.args):
        return "its arguments cannot be seen"
    if len(call.args) < 2 or _VALUE not in given:
        return "without a timeout_value a Timeout flies out of it"
    seconds, function, *others = call.args
    if not isinstance(function, ast.Attribute):
        return f"`{ast.unparse(function)}` is not known to take a limit"
    kind = _primitive.kind_of_wait(function, use, module)
    if kind.startswith("green"):
        return (
            f"`{ast.unparse(function)}` of an object of eventlet, which stays with it, is passed on"
        )
    if not kind or kind == "thread":
        return f"`{ast.unparse(function)}` is not known to take a limit"
    if len(others) != _primitive.METHODS[kind, function.attr] or len(given) > 1:
        return f"`{ast.unparse(function)}` is given more than it waits with"
    if not isinstance(given[_VALUE], (ast.Constant, ast.Name)):
        return "its timeout_value is computed, before it waits"
    if any(isinstance(n, ast.Call) and not is_idle(n) for item in others for n in ast.walk(item)):
        return f"what `{ast.unparse(function)}` is given is computed, and may raise the same"
    error = _primitive.ERRORS.get(function.attr, "")
    if not _has_room(use, error, given[_VALUE], module):
        return "its value is used in the middle of a statement"
    return Bounded(seconds, function, kind, error, given[_VALUE])


def may_raise(use: Use) -> bool:
    """Whether a Timeout can come out of a call, which has no ``timeout_value`` to give instead."""
    return use.call is None or all(item.arg != _VALUE for item in use.call.keywords)


def flies(use: Use, module: Module) -> bool:
    """Whether the Timeout of a call can leave the function that the call stands in."""
    handler = _descriptor.catcher_of(use, module)
    return may_raise(use) and (handler is None or _catching.reraises(handler))


def caught_by(handler: ast.ExceptHandler, module: Module) -> Use | None:
    """A call whose Timeout a clause of the same function takes, if there is one."""
    for use in module.names.uses:
        if use.api != API or use.kind != "reference" or not may_raise(use):
            continue
        if _descriptor.catcher_of(use, module) is handler:
            return use
    return None


def _has_room(use: Use, error: str, value: ast.expr, module: Module) -> bool:
    """Whether its value is used in a form that the new code fits."""
    if not error:
        answer = isinstance(value, ast.Constant) and value.value is False
        return answer or use.call_is_statement
    statement = use.statement
    whole = isinstance(statement, (ast.Expr, ast.Return)) or (
        isinstance(statement, ast.Assign)
        and all(isinstance(target, ast.Name) for target in statement.targets)
    )
    holder = use.parents[use.parents.index(statement) - 1]
    alone = _primitive.can_move(statement, holder, module)
    return whole and alone and getattr(statement, "value", None) is use.call
