"""Mocks that nothing calls any more: the patch goes, with its parameter and what is asserted."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.module import FUNCTIONS
from eventlet_codemod.facts.patches import Patch
from eventlet_codemod.rules.base import DropMock, Edit, ReplaceStatement
from eventlet_codemod.rules.testing._mocks import (
    NotFollowed,
    gives_parameter,
    mock_of,
    parameter_of,
)

#: What has no counterpart in code that sets no Timeout any more.
METHODS = frozenset({"eventlet.timeout.Timeout.cancel", "eventlet.timeout.Timeout.start"})


def edits_for(patch: Patch, use: Use, facts: Facts) -> tuple[Edit, ...]:
    """Take the patch away, and all that is said of its mock. Raises NotFollowed."""
    place = use.parents.index(patch.call)
    function = use.parents[place - 1]
    if not isinstance(function, FUNCTIONS) or patch.call not in function.decorator_list:
        raise NotFollowed("only a decorator is taken away with what it gives")
    mock = mock_of(patch, use, facts)
    if mock.objection:
        raise NotFollowed(mock.objection)
    parameter = parameter_of(patch.call, function) if gives_parameter(patch.call) else ""
    statements = dict.fromkeys(_assertion(node, parents) for node, parents in mock.places)
    return (
        DropMock(function, patch.call, parameter or ""),
        *(ReplaceStatement(statement, lambda node, context: ()) for statement in statements),
    )


def _assertion(node: ast.AST, parents: tuple[ast.AST, ...]) -> ast.stmt:
    """The statement that asserts something of a mock, and of nothing else."""
    statement = next(item for item in reversed(parents) if isinstance(item, ast.stmt))
    call = statement.value if isinstance(statement, ast.Expr) else None
    called = ast.unparse(call.func).rpartition(".")[2] if isinstance(call, ast.Call) else ""
    others = {name for name in _names(statement) if name not in ("self", "mock")}
    if not called.startswith("assert") or others != {getattr(node, "id", "")}:
        line = getattr(statement, "lineno", 0)
        raise NotFollowed(f"line {line} does more with its mock than to assert something of it")
    return statement


def _names(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            yield node.id
