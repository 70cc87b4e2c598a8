"""Where a service of oslo.service can be shown to be one of cotyledon's under other names.

That takes both ends in one file: a function that makes the service, launches it and waits as the
last thing that it does, and a class that nothing else refers to.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from eventlet_codemod.facts import Facts, Use

LAUNCH = "oslo_service.service.launch"

#: Methods of a service, and what cotyledon calls them.
METHODS = {"start": "run", "stop": "terminate"}

_NAMES = frozenset({"EVT416", "cotyledon-service"})
_TAKEN = frozenset({"run", "terminate", "reload", "worker_id", "name"})
_INHERITED = frozenset({"tg", "backdoor_port", "start", "stop", "wait", "reset"})
_BASES = frozenset({"oslo_service.service.Service", "oslo_service.service.ServiceBase"})


class NotShown(Exception):
    """Why a launch or a class stays; the text goes on "…, since …"."""


@dataclass(frozen=True, slots=True)
class Added:
    """One service of a launch: the call that makes it, its workers, its class."""

    made: ast.Call
    workers: ast.expr | None
    owner: ast.ClassDef


@dataclass(frozen=True, slots=True)
class Launch:
    """A launch that can be rewritten: the statements of ``function`` that go, in order.

    ``conf`` and ``method``, how it restarts, are code; ``added`` is what `ServiceManager.add` is
    given for each service.
    """

    function: ast.FunctionDef
    conf: str
    method: str
    services: tuple[Added, ...]
    added: tuple[tuple[str, ...], ...]
    statements: tuple[ast.stmt, ...]


def launch_of(use: Use, facts: Facts) -> Launch:
    """What a call of `launch` or of a launcher's class does. Raises NotShown."""
    call, function = use.call, use.function
    if call is None or not isinstance(function, ast.FunctionDef) or function.decorator_list:
        raise NotShown("it is not called in a plain function")
    body = function.body
    if use.statement not in body:
        raise NotShown("it depends on a condition or a loop")
    if not call.args or any(isinstance(item, ast.Starred) for item in call.args):
        raise NotShown("its arguments cannot be seen")
    options = {item.arg: item.value for item in call.keywords}
    if set(options) - {"workers", "restart_method"}:
        raise NotShown("it is given more than a service and its workers")
    method = options.get("restart_method")
    if method is not None and ast.unparse(method) not in ("'mutate'", "'reload'"):
        raise NotShown("how it restarts is computed")
    last = body[-1]
    if use.api == LAUNCH:
        rows = [(call.args, options, use.statement)]
        waits = use.statement if _is_wait(use.statement, call) else last
    else:
        name = _assigned_name(use.statement, call)
        rows = list(_added_to(name, function))
        waits = last
    if waits is not last:
        raise NotShown("something stands below its wait()")
    statements = [use.statement, *(row[2] for row in rows), last]
    if not _is_wait(use.statement, call):
        name = _assigned_name(use.statement, call)
        expected = 2 if use.api == LAUNCH else 2 + len(rows)
        if not _waits_for(last, name) or _count(name, function) != expected:
            raise NotShown("more is done with the launcher than waiting for it")
    services = []
    for args, given, _ in rows:
        position = 1 if use.api == LAUNCH else 0
        more = set(given) - {"workers", "restart_method" if use.api == LAUNCH else ""}
        if len(args) <= position or len(args) > position + 2 or more:
            raise NotShown("its arguments cannot be seen")
        workers = given.get("workers", args[position + 1] if len(args) > position + 1 else None)
        made, stored = _made(args[position], function)
        statements += [stored] if stored is not None else []
        services.append(Added(made, workers, _class_of(made, use, facts)))
    if not services:
        raise NotShown("no service is launched in this function")
    ordered = sorted(set(statements), key=lambda item: item.lineno)
    start = body.index(ordered[0])
    if body[start:] != ordered:
        raise NotShown("something else is done between its statements")
    if any(not comment.codes or comment.codes & _NAMES for comment in facts.suppressions):
        raise NotShown("a comment in this file suppresses it")
    added = tuple(_addition(item, facts) for item in services)
    conf = _source(call.args[0], facts)
    how = _source(method, facts) if method is not None else ""
    return Launch(function, conf, how, tuple(services), added, tuple(ordered))


def _addition(service: Added, facts: Facts) -> tuple[str, ...]:
    workers = service.workers
    if workers is None or ast.unparse(workers) in ("1", "None"):
        return (service.owner.name, *_given(service.made, facts))
    number = f"workers={_source(workers, facts)}"
    return (service.owner.name, number, *_given(service.made, facts))


def _given(made: ast.Call, facts: Facts) -> list[str]:
    """The arguments of a call as those of `ServiceManager.add`."""
    if any(isinstance(a, ast.Starred) for a in made.args) or None in {
        item.arg for item in made.keywords
    }:
        raise NotShown("its arguments cannot be seen")
    found = []
    if made.args:
        items = ", ".join(_source(item, facts) for item in made.args)
        found.append(f"args=({items},)" if len(made.args) == 1 else f"args=({items})")
    if made.keywords:
        pairs = (f"{item.arg!r}: {_source(item.value, facts)}" for item in made.keywords)
        found.append(f"kwargs={{{', '.join(pairs)}}}")
    return found


def _source(node: ast.expr, facts: Facts) -> str:
    text = ast.get_source_segment(facts.text, node)
    if text is None or "\n" in text:
        raise NotShown("an argument takes several lines")
    return text


def _is_wait(statement: ast.stmt, call: ast.Call) -> bool:
    """Whether a statement is ``call.wait()``."""
    outer = statement.value if isinstance(statement, ast.Expr) else None
    return (
        isinstance(outer, ast.Call)
        and isinstance(outer.func, ast.Attribute)
        and outer.func.attr == "wait"
        and outer.func.value is call
    )


def _waits_for(statement: ast.stmt, name: str) -> bool:
    return isinstance(statement, ast.Expr) and ast.unparse(statement.value) == f"{name}.wait()"


def _assigned_name(statement: ast.stmt, call: ast.Call) -> str:
    if isinstance(statement, ast.Assign) and statement.value is call:
        target = statement.targets[0]
        if len(statement.targets) == 1 and isinstance(target, ast.Name):
            return target.id
    raise NotShown("the launcher has no local name")


def _count(name: str, function: ast.FunctionDef) -> int:
    return sum(isinstance(n, ast.Name) and n.id == name for n in ast.walk(function))


def _added_to(
    name: str, function: ast.FunctionDef
) -> Iterator[tuple[list[ast.expr], dict[str | None, ast.expr], ast.stmt]]:
    for statement in function.body:
        call = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(call, ast.Call) and ast.unparse(call.func) == f"{name}.launch_service":
            yield call.args, {item.arg: item.value for item in call.keywords}, statement


def _made(service: ast.expr, function: ast.FunctionDef) -> tuple[ast.Call, ast.stmt | None]:
    """The call that makes a service, and the statement that gives it a name."""
    if isinstance(service, ast.Call):
        return service, None
    if isinstance(service, ast.Name) and _count(service.id, function) == 2:
        for statement in function.body:
            if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
                target, value = statement.targets[0], statement.value
                named = isinstance(target, ast.Name) and target.id == service.id
                if named and isinstance(value, ast.Call):
                    return value, statement
    raise NotShown(f"`{ast.unparse(service)}` is not made here just for it")


def _class_of(made: ast.Call, use: Use, facts: Facts) -> ast.ClassDef:
    if isinstance(made.func, ast.Name):
        found = [b for b in facts.lookup(made.func.id, use.scope)[1] if not b.is_import]
        if len(found) == 1 and isinstance(found[0].node, ast.ClassDef):
            check_class(found[0].node, facts)
            return found[0].node
    raise NotShown(f"the class of `{ast.unparse(made.func)}` is not in this file")


def check_class(owner: ast.ClassDef, facts: Facts) -> None:
    """See whether a class needs other names only. Raises NotShown."""
    name = owner.name
    if owner not in facts.tree.body or owner.decorator_list or owner.keywords:
        raise NotShown(f"{name} is decorated, or not at the top of the module")
    base = facts.reference_of.get(owner.bases[0]) if len(owner.bases) == 1 else None
    if base is None or base.api not in _BASES or base.doubt:
        raise NotShown(f"{name} derives from something else")
    if facts.project.mentions(frozenset({name}), facts.path):
        raise NotShown(f"other files name {name}")
    if len([o for o in facts.occurrences(name) if isinstance(o.node, ast.Name)]) > 1:
        raise NotShown(f"{name} is referred to more than once")
    methods = {m.name: m for m in owner.body if isinstance(m, ast.FunctionDef)}
    for method in ("wait", "reset", *sorted(_TAKEN)):
        if method in methods:
            raise NotShown(f"{name} has a method {method}()")
    for node in ast.walk(owner):
        if not isinstance(node, ast.Attribute) or node.attr not in _INHERITED | _TAKEN:
            continue
        if ast.unparse(node.value) in ("self", "cls"):
            raise NotShown(f"line {node.lineno} uses `self.{node.attr}`")
    for item in owner.body:
        if isinstance(item, ast.FunctionDef) and item.name in (*METHODS, "__init__"):
            _check_method(item)
        elif any(isinstance(n, ast.Name) and n.id == "super" for n in ast.walk(item)):
            raise NotShown(f"line {item.lineno} reaches for its base")
        elif not isinstance(item, ast.FunctionDef) and _binds(item) & {*METHODS, "wait", "reset"}:
            raise NotShown(f"line {item.lineno} defines a method in another way")


def _binds(statement: ast.stmt) -> set[str]:
    """The names that a statement of a class body binds, by any means."""
    if isinstance(statement, (ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}


def _check_method(node: ast.FunctionDef) -> None:
    """See whether a method calls its base at most once, in a statement of its own."""
    calls = [n for n in ast.walk(node) if is_base_call(n)]
    own = [s for s in node.body if isinstance(s, ast.Expr) and is_base_call(s.value)]
    supers = [n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id == "super"]
    if len(own) != len(supers) or len(own) != len(calls) or node.decorator_list:
        raise NotShown(f"{node.name}() does more with its base than to call the same")
    arguments = node.args
    names = [item.arg for item in (*arguments.posonlyargs, *arguments.args)]
    if not names or names[0] != "self":
        raise NotShown(f"{node.name}() has no self")
    if node.name == "__init__":
        if len(own) != 1 or ast.unparse(own[0].value) not in _PLAIN_INIT:
            raise NotShown("__init__() gives its base something, or does not call it")
        return
    others = [*names[1:], *(item.arg for item in arguments.kwonlyargs)]
    if others not in ([], ["graceful"]) or arguments.vararg or arguments.kwarg:
        raise NotShown(f"{node.name}() takes something")
    inside = [n for s in node.body if s not in own for n in ast.walk(s)]
    if any(isinstance(n, ast.Name) and n.id == "graceful" for n in inside):
        raise NotShown("stop() makes a difference of graceful")


_PLAIN_INIT = frozenset({"super().__init__()"})


def is_base_call(node: ast.AST) -> bool:
    """Whether a node is ``super().method(…)``."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value) == "super()"
    )


def launch_for(owner: ast.ClassDef, facts: Facts) -> Launch:
    """The launch that a class is for. Raises NotShown."""
    check_class(owner, facts)
    for use in facts.names.uses:
        if use.api == LAUNCH or use.api.endswith("Launcher"):
            with contextlib.suppress(NotShown):
                launch = launch_of(use, facts)
                if any(item.owner is owner for item in launch.services):
                    return launch
    raise NotShown("no launch of it in this file can change along")
