"""Whether a Timeout that stays has to do with those that fly out of other functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod.facts import Facts, Module, Use
from eventlet_codemod.facts.api import TIMEOUT
from eventlet_codemod.facts.loading import load
from eventlet_codemod.rules.ecosystem._calls import last_name
from eventlet_codemod.rules.timeouts import _limit
from eventlet_codemod.rules.timeouts._catching import LIMITS, Swallowed
from eventlet_codemod.rules.timeouts._limit import NoLimit


def is_apart(use: Use, facts: Facts) -> bool:
    """Whether what a Timeout raises ends in its function, and the clause there takes no other.

    Functions that this one calls, as far as their names tell, may raise one that the clause takes
    as well; when that becomes a TimeoutError, it would fly past.
    """
    assert use.call is not None
    if not _limit.stays_at_home(use, facts):
        return False
    return _limit.raises_no_timeout(use.call) or not calls_one_that_flies(use, facts)


def calls_one_that_flies(use: Use, facts: Facts) -> bool:
    """Whether the function of a use calls one out of which a Timeout may come, by its name."""
    pending = [use.function] if use.function is not None else []
    seen: set[str] = set()
    for function in pending:  # grows
        for name in _called(function) - seen:
            seen.add(name)
            for module, found in _definitions(name, facts):
                if found is not use.function and _lets_fly(found, module):
                    return True
                if module is facts and isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef):
                    pending.append(found)
    return False


def _called(function: ast.AST) -> set[str]:
    nodes = (node for node in ast.walk(function) if isinstance(node, ast.Call))
    return {last_name(node.func) for node in nodes}


def _definitions(name: str, facts: Facts) -> Iterator[tuple[Module, ast.AST]]:
    """The functions of that name, here and in other files that name the class."""
    for found in facts.functions.get(name, ()):
        yield facts, found
    others = facts.project.defining(name) & facts.project.naming(TIMEOUT)
    for path in sorted(others - {facts.path}):
        module = load(facts.project, path)
        for found in module.functions.get(name, ()) if module is not None else ():
            yield module, found  # type: ignore[misc]


def _lets_fly(function: ast.AST, module: Module) -> bool:
    """Whether a function raises a Timeout, or sets a limit whose Timeout leaves it."""
    return any(
        flies(use, module)
        for use in module.names.uses
        if use.api in LIMITS and use.function is function
    )


def flies(use: Use, module: Module) -> bool:
    """Whether what a use raises, or the limit that it sets, leaves its function as a Timeout."""
    if any(isinstance(parent, ast.Raise) for parent in use.parents):
        return True
    if use.call is None or use.kind != "reference" or _limit.is_bare(use.call):
        return False
    try:
        return _limit.limit_of(use, module).together == TIMEOUT
    except (NoLimit, Swallowed):
        return not _limit.stays_at_home(use, module)
