"""How the loop of a green thread that is killed could be told to stop."""

from __future__ import annotations

import ast

from eventlet_codemod.facts import Handle, Module, Use
from eventlet_codemod.rules.threads import _server, _started

_AFTER = (
    " After kill() the work was gone; now it may run on until its next wait, so join() it with a "
    "timeout where that matters."
)


def how_to_stop(handle: Handle) -> str:
    """Advice for the loop that the first creation starts, as concrete as it can be seen."""
    creation, module = handle.creations[0], handle.origins[0]
    call = creation.call
    assert call is not None
    target = call.args[0] if call.args else None
    body = _started.definition(target, creation, module) if target is not None else None
    if (server := _server.advice_for(target, body, module)) is not None:
        return server
    stop = "self._stop" if isinstance(target, ast.Attribute) else "stop"
    start = f"make `{stop} = threading.Event()` before it starts; in place of kill() "
    found = _waits_in(body, module) if body is not None else None
    if found is None:
        return (
            start + f"`{stop}.set()`; let the target look at it between two steps of its work."
            f"{_AFTER}"
        )
    name, line, code, kind = found
    if kind == "sleep":
        return (
            start + f"`{stop}.set()`; in {name}(), line {line}, `if {stop}.wait({code}): return` "
            f"takes the place of the sleep.{_AFTER}"
        )
    return (
        f"put a sentinel: `{code}.put(None)` in place of kill(), and in {name}(), line {line}, "
        f"return when {code}.get() gives it.{_AFTER}"
    )


def _waits_in(function: ast.AST, module: Module) -> tuple[str, int, str, str] | None:
    """Where a loop of a function waits: its name, the line, for what, and ``sleep`` or ``get``."""
    name = str(getattr(function, "name", "the lambda"))
    for loop in ast.walk(function):
        if not isinstance(loop, (ast.While, ast.For)):
            continue
        for node in ast.walk(loop):
            use = module.use_of_call.get(node)
            if isinstance(node, ast.Call) and _is_sleep(use):
                seconds = ast.unparse(node.args[0]) if node.args else "0"
                return name, node.lineno, seconds, "sleep"
            called = node.func if isinstance(node, ast.Call) and not node.args else None
            if isinstance(called, ast.Attribute) and called.attr == "get":
                return name, called.lineno, ast.unparse(called.value), "get"
    return None


def _is_sleep(use: Use | None) -> bool:
    return use is not None and use.api == "eventlet.greenthread.sleep"
