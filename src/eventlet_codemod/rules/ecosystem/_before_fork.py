"""What is made before a service runs in a child process, and does not live on there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.classes import Classes
from eventlet_codemod.facts.module import FUNCTIONS, Module
from eventlet_codemod.facts.names import Definition, defined_in

#: What starts threads, or has some as soon as it is used: by the last part of its name.
_MAKES = re.compile(
    r"(?!Synchronous)\w*Executor|get_rpc_server|get_notification_listener|PeriodicWorker|"
    r"add_(?:thread|timer|dynamic_timer)"
)
_STARTED = re.compile(r"Thread|Timer|\w*LoopingCall")
_MOST = 3  # places that are named


def made_before(use: Use, service: ast.expr | None, facts: Facts) -> list[str]:
    """Where objects with threads are made before a service is launched: what, and where.

    Looked at are the statements above in the same function and, of its class and the bases in the
    project, ``__init__`` and the top of the module.
    """
    found = list(_in_function(use, facts))
    if service is not None:
        names = Classes(facts.project, facts)
        owner = names.class_of(facts, service, (*use.parents, use.node))
        for item in names.ancestors(owner) if owner is not None else ():
            found += _in_class(item)
    return list(dict.fromkeys(found))[:_MOST]


def _in_class(owner: Definition) -> Iterator[str]:
    for method in defined_in(owner, "__init__"):
        yield from _made_in(method.node, method.module)
    yield from _made_in(owner.module.tree, owner.module)


def _in_function(use: Use, facts: Facts) -> Iterator[str]:
    if use.function is not None and isinstance(use.function, FUNCTIONS):
        line = use.statement.lineno
        yield from (text for text in _made_in(use.function, facts, before=line))


def _made_in(function: ast.AST, module: Module, before: int | None = None) -> Iterator[str]:
    """What a function makes that has threads, in its own statements."""
    pending = list(ast.iter_child_nodes(function))
    while pending:
        node = pending.pop(0)
        if isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            continue
        if before is not None and getattr(node, "lineno", 0) >= before:
            continue
        pending += ast.iter_child_nodes(node)
        if isinstance(node, ast.Call) and (name := _telling(node)):
            yield f"{name}() ({module.path}:{node.lineno})"


def _telling(call: ast.Call) -> str:
    """What a call makes or starts, if that has threads."""
    last = str(getattr(call.func, "attr", getattr(call.func, "id", "")))
    if _MAKES.fullmatch(last):
        return last
    if last != "start" or not isinstance(call.func, ast.Attribute):
        return ""
    made = call.func.value
    if not isinstance(made, ast.Call):
        return ""
    name = str(getattr(made.func, "attr", getattr(made.func, "id", "")))
    return name if _STARTED.fullmatch(name) else ""
