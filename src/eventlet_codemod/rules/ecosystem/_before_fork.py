"""What is made before a service runs in a child process, and does not live on there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.classes import Classes
from eventlet_codemod.facts.module import FUNCTIONS, Module
from eventlet_codemod.facts.names import Definition, defined_in
from eventlet_codemod.facts.project import is_test

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
    names = Classes(facts.project, facts)
    return _made_before(names, facts, (*use.parents, use.node), service)


def made_before_launchers(facts: Facts) -> str:
    """The same for the services that the project gives to launchers: what, and where that is.

    "" if nothing shows. Tests do not count.
    """
    names = Classes(facts.project, facts)
    told = []
    for path in sorted({*names.mentioning("launch_service"), facts.path}):
        module = names.load(path) if not is_test(path) else None
        for occurrence in module.occurrences("launch_service") if module is not None else ():
            call = occurrence.parents[-1]
            if not isinstance(call, ast.Call) or call.func is not occurrence.node or not call.args:
                continue
            assert module is not None
            parents = (*occurrence.parents, occurrence.node)
            found = _made_before(names, module, parents, call.args[0])
            if found:
                told.append(f"{', '.join(found)} before launch_service() ({path}:{call.lineno})")
    return "; ".join(told[:_MOST])


def _made_before(
    names: Classes, module: Module, parents: tuple[ast.AST, ...], service: ast.expr | None
) -> list[str]:
    """``parents`` lead to the function that launches, itself among them."""
    found: list[str] = []
    function = next((n for n in reversed(parents) if isinstance(n, FUNCTIONS)), None)
    statement = next(n for n in reversed(parents) if isinstance(n, ast.stmt))
    if function is not None:
        found += _made_in(function, module, before=statement.lineno)
    owner = names.class_of(module, service, parents) if service is not None else None
    for item in names.ancestors(owner) if owner is not None else ():
        found += _in_class(item)
    return list(dict.fromkeys(found))[:_MOST]


def _in_class(owner: Definition) -> Iterator[str]:
    for method in defined_in(owner, "__init__"):
        yield from _made_in(method.node, method.module)
    yield from _made_in(owner.module.tree, owner.module)


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
