"""Imports of green modules that fall back to the plain ones where eventlet is not installed."""

from __future__ import annotations

import ast

from eventlet_codemod.facts import OPTIONAL, Binding, Facts, Use
from eventlet_codemod.facts.api import GREEN_MODULES
from eventlet_codemod.facts.uses import catches_import_error

GREEN = "eventlet.green."


def module_of(path: str) -> str | None:
    """The green module that a dotted name lies in, the longest that is known."""
    parts = path.removeprefix(GREEN).split(".") if path.startswith(GREEN) else []
    for end in range(len(parts), 0, -1):
        if ".".join(parts[:end]) in GREEN_MODULES:
            return ".".join(parts[:end])
    return None


def fallback_of(binding: Binding) -> ast.Try | None:
    """The try statement with an except ImportError around an import."""
    for node in reversed(binding.parents):
        if isinstance(node, ast.Try) and any(map(catches_import_error, node.handlers)):
            return node
    return None


def falls_back_to_plain(guard: ast.Try) -> bool:
    """Whether both branches only import, and the except branch binds each name to its twin."""
    if len(guard.handlers) != 1 or guard.orelse or guard.finalbody:
        return False
    green, plain = _bound(guard.body), _bound(guard.handlers[0].body)
    if green is None or plain is None or green.keys() != plain.keys():
        return False
    for name, path in green.items():
        module = module_of(path)
        if module is None or path != GREEN + module or plain[name] != GREEN_MODULES[module]:
            return False
    return True


def means_one(use: Use, facts: Facts) -> bool:
    """Whether a name in doubt is bound by nothing but such imports: to a module, or its twin."""
    if use.doubt != OPTIONAL or not use.bindings:
        return False
    guard = fallback_of(use.bindings[0])
    if guard is None or not falls_back_to_plain(guard):
        return False
    imports = [*guard.body, *guard.handlers[0].body]
    bound = facts.lookup(use.bindings[0].name, use.scope)[1]
    return all(binding.node in imports for binding in (*use.bindings, *bound))


def _bound(body: list[ast.stmt]) -> dict[str, str] | None:
    """What a body of nothing but imports binds each name to."""
    found: dict[str, str] = {}
    for statement in body:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                if "." in alias.name and not alias.asname:
                    return None
                found[alias.asname or alias.name] = alias.name
        elif isinstance(statement, ast.ImportFrom) and not statement.level:
            for alias in statement.names:
                found[alias.asname or alias.name] = f"{statement.module}.{alias.name}"
        else:
            return None
    return found
