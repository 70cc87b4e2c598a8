"""What a method is called on, where that can be waited for: a queue, a lock, a thread, a future."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod.facts import Binding, Facts, Module, Use
from eventlet_codemod.rules.ecosystem._calls import dotted_name, last_name

_LOCKS = ("Lock", "RLock", "Semaphore", "BoundedSemaphore")
_QUEUES = ("Queue", "LifoQueue", "PriorityQueue")

#: Classes, and functions that give an object, by the kind of it.
_STDLIB = {
    **{f"threading.{name}": "lock" for name in _LOCKS},
    **{f"queue.{name}": "queue" for name in (*_QUEUES, "SimpleQueue")},
    "threading.Event": "event",
    "threading.Thread": "thread",
    "concurrent.futures.Future": "future",
}
_EVENTLET = {
    **{f"eventlet.queue.{name}": "queue" for name in (*_QUEUES, "LightQueue")},
    **{f"eventlet.semaphore.{name}": "green lock" for name in ("Semaphore", "BoundedSemaphore")},
    "eventlet.lock.Lock": "green lock",
    "eventlet.event.Event": "green event",
    "eventlet.greenthread.spawn": "green thread",
    "eventlet.greenpool.GreenPool": "green pool",
    "eventlet.greenpool.GreenPile": "green pile",
}


def kind_of(node: ast.AST, use: Use, module: Module) -> str:
    """The kind of what a name or an attribute of ``self`` holds; "" where that is not certain."""
    values = list(_values(node, use, module))
    kinds = {_made(value, use, module) for value in values if not _is_none(value)}
    kind = kinds.pop() if len(kinds) == 1 else ""
    return kind or _followed(node, module)


def _followed(node: ast.AST, module: Module) -> str:
    """The kind of what comes here from elsewhere, where that was followed: a queue or a lock."""
    if not isinstance(module, Facts):
        return ""
    handle = next(
        (module.handle_of[u] for u, deed in module.deed.items() if deed.node is node), None
    )
    if handle is None or handle.conflicts or handle.mixed or handle.optional:
        return ""
    kinds = {_EVENTLET.get(api, "") for api in handle.apis}
    kind = kinds.pop() if len(kinds) == 1 else ""
    return kind if kind in ("queue", "green lock") else ""


def is_green(node: ast.AST, use: Use, module: Module) -> bool:
    """Whether what a name or an attribute of ``self`` holds may be made by eventlet."""
    return any(value in module.use_of_call for value in _values(node, use, module) if value)


def _values(node: ast.AST, use: Use, module: Module) -> Iterator[ast.AST | None]:
    """All that is put where ``node`` is read; None for what cannot be seen."""
    if isinstance(node, ast.Name):
        for binding in module.lookup(node.id, use.scope)[1]:
            loop = binding.parents[-1]
            if isinstance(loop, ast.For) and loop.target is binding.node:
                yield from _items(loop.iter, use, module)
            else:
                yield value_of(binding)
        return
    owner = next((n for n in reversed(use.parents) if isinstance(n, ast.ClassDef)), None)
    own = isinstance(node, ast.Attribute) and ast.unparse(node.value) == "self"
    if not own or owner is None:
        yield None
        return
    assert isinstance(node, ast.Attribute)
    seen: set[ast.AST] = set()
    for statement in ast.walk(owner):
        if isinstance(statement, (ast.Assign, ast.AnnAssign)):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr == node.attr:
                    seen.add(target)
                    yield statement.value if ast.unparse(target) == ast.unparse(node) else None
    for other in ast.walk(module.tree):
        if not isinstance(other, ast.Attribute) or other.attr != node.attr or other in seen:
            continue
        if not isinstance(other.ctx, ast.Load):
            yield None


def _items(node: ast.expr, use: Use, module: Module) -> Iterator[ast.AST | None]:
    """All that a list of the function holds; None for what cannot be seen."""
    if not isinstance(node, ast.Name) or use.function is None:
        yield None
        return
    bindings = module.lookup(node.id, use.scope)[1]
    if not bindings:
        yield None
    for binding in bindings:
        made = value_of(binding)
        if isinstance(made, ast.ListComp):
            yield made.elt
        elif isinstance(made, (ast.List, ast.Tuple)):
            yield from (None if isinstance(i, ast.Starred) else i for i in made.elts)
        else:
            yield None
    for name, parents in named(node.id, use.function):
        if isinstance(name.ctx, ast.Store):
            continue
        holder = parents[-1]
        if isinstance(holder, (ast.For, ast.comprehension)) and holder.iter is name:
            continue
        call = parents[-2] if len(parents) > 1 else None
        adds = isinstance(holder, ast.Attribute) and holder.attr == "append"
        plain = adds and isinstance(call, ast.Call) and len(call.args) == 1
        yield call.args[0] if plain and isinstance(call, ast.Call) else None


def named(name: str, function: ast.AST) -> Iterator[tuple[ast.Name, tuple[ast.AST, ...]]]:
    """Each place of a function, and of those in it, that spells a name, with what is around it."""
    pending: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(function, ())]
    while pending:
        node, parents = pending.pop()
        if isinstance(node, ast.Name) and node.id == name:
            yield node, parents
        pending += [(child, (*parents, node)) for child in ast.iter_child_nodes(node)]


def value_of(binding: Binding) -> ast.AST | None:
    """What a name is given, by an assignment or as the target of a ``with``."""
    holder = binding.parents[-1]
    if isinstance(holder, ast.withitem) and holder.optional_vars is binding.node:
        return holder.context_expr
    return binding.value


def _made(value: ast.AST | None, use: Use, module: Module) -> str:
    if not isinstance(value, ast.Call):
        return ""
    known = module.use_of_call.get(value)
    if known is not None:
        return _EVENTLET.get(known.api, "")
    if isinstance(value.func, ast.Attribute) and value.func.attr == "submit":
        return "future" if _is_executor(value.func.value, use, module) else ""
    return _STDLIB.get(dotted_name(value.func, use.scope, module), "")


def _is_executor(node: ast.AST, use: Use, module: Module) -> bool:
    """Whether what takes work is an executor, by what makes it or what it is called."""
    named = any(word in last_name(node).lower() for word in ("executor", "pool"))
    values = [*_values(node, use, module), node]
    made = (value.func for value in values if isinstance(value, ast.Call))
    return named or any(last_name(item).endswith("Executor") for item in made)


def _is_none(value: ast.AST | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
