"""Sockets of a function's own, which can be told how long each of their waits may take."""

from __future__ import annotations

import ast

from eventlet_codemod.facts import Module
from eventlet_codemod.rules.ecosystem._calls import dotted_name
from eventlet_codemod.rules.timeouts._limit import Limit
from eventlet_codemod.rules.timeouts._objects import named, value_of

#: Methods that wait, and raise TimeoutError when the time of the socket is over.
_WAITS = frozenset(
    {"accept", "connect", "recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg"}
    | {"send", "sendall", "sendto", "sendmsg", "sendfile"}
)
#: What may be done to it afterwards: none of it waits for the other side.
_ENDS = frozenset({"close", "shutdown", "detach", "fileno", "getsockname", "getpeername"})
#: What may be done to it before, with the waits that it may have there.
_BEFORE = frozenset({"bind", "listen", "setsockopt", "getsockopt", "connect", "send", "sendall"})
_MAKERS = frozenset({"socket.socket", "eventlet.green.socket.socket"})


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def waited_for(call: ast.Call, limit: Limit, module: Module) -> str:
    """The name of the socket that a call in the block waits for; "" where it is not known as one.

    It is made in the same function, and after the block it is closed at most: a limit that is set
    for the block then holds for nothing else.
    """
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in _WAITS:
        return ""
    if not isinstance(function.value, ast.Name):
        return ""
    name = function.value.id
    bindings = module.lookup(name, limit.use.scope)[1]
    made = [value_of(binding) for binding in bindings]
    if not made or not all(_is_made(value, limit, module) for value in made):
        return ""
    return name if _is_own(name, limit) else ""


def _is_made(value: ast.AST | None, limit: Limit, module: Module) -> bool:
    if not isinstance(value, ast.Call):
        return False
    known = module.use_of_call.get(value)
    name = known.api if known is not None else dotted_name(value.func, limit.use.scope, module)
    return name in _MAKERS


def _is_own(name: str, limit: Limit) -> bool:
    """Whether the function alone has the socket, and waits for it in the block alone."""
    function = limit.use.function
    if function is None or isinstance(function, ast.Lambda):
        return False
    block = {id(node) for part in limit.block.body for node in ast.walk(part)}
    for node, parents in named(name, function):
        if any(isinstance(n, _FUNCTIONS) for n in parents[1:]):
            return False  # nobody knows when that runs
        if isinstance(node.ctx, ast.Store):
            continue
        around = parents[-1]
        if not isinstance(around, ast.Attribute):
            return False  # handed on, returned, kept
        allowed = _WAITS | _ENDS if id(node) in block else _ENDS
        if id(node) not in block and node.lineno < limit.block.lineno:
            allowed |= _BEFORE
        if around.attr not in allowed:
            return False
    return not _loops_around(limit)


def _loops_around(limit: Limit) -> bool:
    """Whether the block may run again, after what stands below it."""
    function = limit.use.function
    assert function is not None
    inside = limit.use.parents[limit.use.parents.index(function) :]
    return any(isinstance(node, (ast.For, ast.While)) for node in inside)
