"""A trampoline, which raises eventlet's Timeout by itself when its limit is over."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from eventlet_codemod.facts import Module, Use
from eventlet_codemod.facts.api import TIMEOUT
from eventlet_codemod.rules.timeouts import _catching

API = "eventlet.hubs.trampoline"

_PARAMETERS = ("fd", "read", "write", "timeout", "timeout_exc", "mark_as_closed")


def arguments_of(call: ast.Call) -> Mapping[str, ast.expr] | None:
    """The arguments of a call by parameter, in their order; None if they cannot be told apart."""
    if any(isinstance(item, ast.Starred) for item in call.args):
        return None
    names = [*_PARAMETERS[: len(call.args)], *(item.arg for item in call.keywords)]
    values = [*call.args, *(item.value for item in call.keywords)]
    known = len(names) == len(values) and set(names) <= set(_PARAMETERS) and "fd" in names
    return {str(n): value for n, value in zip(names, values, strict=True)} if known else None


def may_raise(use: Use, module: Module) -> bool:
    """Whether what a use of trampoline starts may raise eventlet's Timeout."""
    given = arguments_of(use.call) if use.call is not None else None
    if given is None:
        return True  # as far as can be seen
    limit, error = given.get("timeout"), given.get("timeout_exc")
    if limit is None or (isinstance(limit, ast.Constant) and limit.value is None):
        return False
    return error is None or is_timeout(error, module)


def is_timeout(error: ast.expr, module: Module) -> bool:
    """Whether an expression names eventlet's class."""
    found = module.reference_of.get(error)
    return found is not None and found.api == TIMEOUT


def catcher_of(use: Use, module: Module) -> ast.ExceptHandler | None:
    """The clause of its function that takes the Timeout, whatever may take a TimeoutError first."""
    inner: ast.AST = use.call if use.call is not None else use.node
    for node in reversed(use.parents):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            break
        if isinstance(node, ast.Try) and inner in node.body:
            for handler in node.handlers:
                if _catching.names_any(handler, module):
                    return handler
                if _catching.takes_all(handler):
                    if _catching.reraises(handler):
                        break
                    return handler
        inner = node
    return None


def waits_caught_by(handler: ast.ExceptHandler, module: Module) -> Iterator[Use]:
    """The trampolines of its function whose Timeout a clause takes."""
    for use in module.names.uses:
        if use.api != API or use.kind != "reference" or not may_raise(use, module):
            continue
        if catcher_of(use, module) is handler:
            yield use


def group_of(handler: ast.ExceptHandler, module: Module) -> str:
    """What a clause goes with that no Timeout of its own function raises in.

    Those are the trampolines that it catches, unless it lets go on what it caught.
    """
    if _catching.reraises(handler) or next(waits_caught_by(handler, module), None) is None:
        return TIMEOUT
    return f"timeout:{handler.lineno}"
