"""What a limited block calls: sleeps, what waits, what takes no time."""

from __future__ import annotations

import ast

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
