"""Classes of a project that derive from eventlet's Timeout, and what they limit."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod.facts import Facts, Module, Use
from eventlet_codemod.facts.loading import load
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.rules.ecosystem._calls import last_name

_SHOWN = 3


def around(use: Use) -> ast.ClassDef | None:
    """The class that a use is a base of, or in which it calls a method of its base."""
    parent = use.parents[-1]
    if isinstance(parent, ast.ClassDef):
        return parent if use.node in parent.bases else None
    name = use.api.rpartition(".")[2]
    if name.startswith("__"):
        return next((n for n in reversed(use.parents) if isinstance(n, ast.ClassDef)), None)
    return None


def limits(owner: ast.ClassDef, facts: Facts) -> str:
    """What the first blocks that it limits call, tests last: ``"`get()` (a.py:3); …"``."""
    places = sorted(_blocks(owner.name, facts), key=lambda place: is_test(place[0]))
    shown = [f"{text} ({path}:{line})" for path, line, text in places[:_SHOWN]]
    more = len(places) - len(shown)
    return "; ".join([*shown, *([f"and {more} more"] if more > 0 else [])])


def _blocks(name: str, facts: Facts) -> Iterator[tuple[str, int, str]]:
    """Path, line and first call of each block that a class of that name limits."""
    others = facts.project.mentions(frozenset({name}), facts.path).get(name, ())
    modules: list[Module | None] = [facts]
    modules += [load(facts.project, path) for path in others]
    for module in modules:
        for node in ast.walk(module.tree) if module is not None else ():
            if isinstance(node, ast.With) and any(_sets(item, name) for item in node.items):
                call = _first_call(node.body)
                if module is not None and call is not None:
                    yield module.path, call.lineno, f"`{ast.unparse(call.func)}()`"


def _sets(item: ast.withitem, name: str) -> bool:
    call = item.context_expr
    return isinstance(call, ast.Call) and last_name(call.func) == name


def _first_call(body: list[ast.stmt]) -> ast.Call | None:
    calls = (node for part in body for node in ast.walk(part) if isinstance(node, ast.Call))
    return min(calls, key=lambda call: (call.lineno, call.col_offset), default=None)


#: What a Timeout has; a class that uses one of these, or defines it, has a part in how it works.
_ITS_OWN = frozenset(
    {"__init__", "__new__", "__enter__", "__exit__", "start", "cancel", "pending", "seconds"}
    | {"exception", "timer", "super"}
)


def is_plain(owner: ast.ClassDef) -> bool:
    """Whether a class that derives from Timeout takes no part in how it works."""
    if len(owner.bases) > 1 or owner.keywords or owner.decorator_list:
        return False
    words = {getattr(node, "name", "") for node in owner.body} | {ast.unparse(owner.bases[0])}
    for node in (part for statement in owner.body for part in ast.walk(statement)):
        words.add(getattr(node, "attr", getattr(node, "id", "")))
    base = ast.unparse(owner.bases[0])
    inner = [node for statement in owner.body for node in ast.walk(statement)]
    named = any(isinstance(n, (ast.Name, ast.Attribute)) and ast.unparse(n) == base for n in inner)
    return words.isdisjoint(_ITS_OWN) and not named


def has_name(owner: ast.ClassDef, use: Use) -> bool:
    """Whether the name of a class is that of its module or function, and of nothing else there."""
    bindings = use.scope.bindings.get(owner.name, [])
    return use.scope.kind in ("module", "function") and [b.node for b in bindings] == [owner]
