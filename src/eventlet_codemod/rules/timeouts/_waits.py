"""What a limited block calls: sleeps, what waits, what takes no time."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence

from eventlet_codemod.facts import Module, Use
from eventlet_codemod.rules.ecosystem._calls import last_name

#: Methods and functions that wait, as far as their names tell.
_WAITS = frozenset(
    {"get", "put", "wait", "waitall", "acquire", "join", "result", "recv", "recvfrom", "accept"}
    | {"communicate", "select", "poll", "connect", "read", "readline", "check_call", "urlopen"}
    | {"check_output", "getresponse", "wait_for_all", "wait_for_any"}
)
#: Those of them that are as often a lookup: ``d.get(key)``, ``", ".join(parts)``, ``f.read()``.
_OFTEN_NONE = frozenset({"get", "join", "put", "read", "poll", "select", "connect", "result"})

_BUILTINS = frozenset(
    {"len", "isinstance", "issubclass", "min", "max", "str", "int", "float", "bool", "list"}
    | {"dict", "set", "tuple", "range", "enumerate", "zip", "sorted", "any", "all", "sum", "repr"}
    | {"getattr", "hasattr", "abs", "next", "iter", "reversed", "type", "id", "print"}
)
_METHODS = frozenset(
    {"append", "extend", "add", "discard", "items", "keys", "values", "copy", "format", "split"}
    | {"strip", "startswith", "endswith", "lower", "upper", "total_seconds"}
)
_LOGGING = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})


def is_sleep(call: ast.Call, use: Use, module: Module) -> bool:
    """Whether a call in the function of ``use`` sleeps: eventlet's sleep, or `time.sleep`."""
    known = module.use_of_call.get(call)
    if known is not None:
        return known.api == "eventlet.greenthread.sleep"
    function = call.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        bindings = module.lookup(function.value.id, use.scope)[1]
        names = {binding.qualified for binding in bindings if binding.is_import}
        return function.attr == "sleep" and names == {"time"}
    if isinstance(function, ast.Name):
        bindings = module.lookup(function.id, use.scope)[1]
        return {b.qualified for b in bindings if b.is_import} == {"time.sleep"}
    return False


def waits(call: ast.Call, module: Module) -> bool:
    """Whether a call waits for something without a limit of its own, as far as it tells."""
    known = module.use_of_call.get(call)
    if known is not None and known.api.startswith(("eventlet.greenthread.", "eventlet.hubs.")):
        return not known.api.endswith((".getcurrent", ".spawn_n", ".spawn"))
    name = last_name(call.func)
    if name not in _WAITS or any(item.arg == "timeout" for item in call.keywords):
        return False
    return name not in _OFTEN_NONE or not (call.args or call.keywords)


def is_idle(call: ast.Call) -> bool:
    """Whether a call takes no time worth a question: builtins, the clock, a line of log."""
    name = last_name(call.func)
    if isinstance(call.func, ast.Name):
        return name in _BUILTINS
    if name in _METHODS:
        return True
    root = call.func.value if isinstance(call.func, ast.Attribute) else None
    holder = last_name(root) if root is not None else ""
    return (holder in ("LOG", "log", "logger", "_logger", "logging") and name in _LOGGING) or (
        holder == "time" and name in ("time", "monotonic")
    )


def question(
    body: Sequence[ast.stmt], use: Use, module: Module, known: Collection[ast.AST] = ()
) -> dict[str, str]:
    """What to ask of the calls in a block that are not ``known`` to end in time."""
    calls = dict.fromkeys(
        f"`{ast.unparse(node.func)}()`"
        for node, _ in inside(body)
        if isinstance(node, ast.Call)
        and node not in known
        and not is_sleep(node, use, module)
        and not is_idle(node)
    )
    if not calls:
        return {}
    named = ", ".join(list(calls)[:3])
    more = f" and {len(calls) - 3} more" if len(calls) > 3 else ""
    return {
        "C-KILL": f"can {named}{more} block for long? It is no longer interrupted when the time is "
        "over"
    }


def inside(body: Sequence[ast.stmt]) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    """Every node that runs as part of some statements, with what of them is around it."""
    pending: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(node, ()) for node in reversed(body)]
    while pending:
        node, parents = pending.pop()
        yield node, parents
        if isinstance(node, _FUNCTIONS):
            continue  # it runs when it is called
        children = list(ast.iter_child_nodes(node))
        pending += [(child, (*parents, node)) for child in reversed(children)]


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
