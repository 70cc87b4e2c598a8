"""What goes with a statement that was all that its block held."""

from __future__ import annotations

import ast

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.carried import last_name
from eventlet_codemod.rules.base import Edit, Fold, is_alone_in_block, is_elif, removed

#: Functions that only answer, as `os.environ.get` and `url.startswith` do.
_ANSWERS = frozenset({"endswith", "get", "getenv", "startswith"})


def removal(use: Use, facts: Facts) -> tuple[Edit, ...]:
    """The edits that take the statement of a use away, and what stood there for it alone.

    A condition that only asks, a loop over what has a length, and a try statement around
    nothing, go with it. Elsewhere the block keeps its header, and a ``pass``.
    """
    holder = use.parents[use.parents.index(use.statement) - 1]
    if not is_alone_in_block(use):
        return (removed(use),)
    if isinstance(holder, ast.If) and use.statement in holder.body:
        if not is_elif(holder, facts) and not _acts(holder.test) and _goes_too(holder, use, facts):
            return (Fold(holder, "orelse"),)
    elif isinstance(holder, ast.For) and use.statement in holder.body:
        if not holder.orelse and _only_looks(holder, use):
            return (Fold(holder, "orelse"),)
    elif isinstance(holder, ast.Try) and not holder.orelse:
        if use.statement in holder.body and not holder.finalbody:
            return (Fold(holder, "body"), removed(use))
        if use.statement in holder.finalbody and not holder.handlers:
            return (Fold(holder, "body"),)
    return (removed(use),)


def _acts(test: ast.expr) -> bool:
    """Whether a condition may do more than ask."""
    return any(
        isinstance(node, (ast.NamedExpr, ast.Await))
        or (isinstance(node, ast.Call) and not _only_answers(node))
        for node in ast.walk(test)
    )


def _only_answers(call: ast.Call) -> bool:
    """Whether a call is for a text, or for what a text stands for: no ``get()`` of a queue."""
    first = call.args[0] if call.args else None
    text = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return last_name(call.func) in _ANSWERS and text


def _only_looks(loop: ast.For, use: Use) -> bool:
    """Whether a loop goes through something that has a length, with a variable of its own.

    Going through an iterator may do something.
    """
    if not isinstance(loop.iter, ast.Name) or not isinstance(loop.target, ast.Name):
        return False
    inside = set(ast.walk(loop))
    nodes = [node for node in ast.walk(use.function or ast.Pass()) if node not in inside]
    measured = any(
        isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "len"
        and [ast.unparse(item) for item in node.args] == [loop.iter.id]
        for node in nodes
    )
    return measured and not any(
        isinstance(node, ast.Name) and node.id == loop.target.id for node in nodes
    )


def _goes_too(holder: ast.If, use: Use, facts: Facts) -> bool:
    """Whether the other branch of a condition is not there, or the same call and nothing else."""
    if not holder.orelse:
        return True
    if len(holder.orelse) > 1 or facts.suppressions or _binds(holder.orelse[0]):
        return False
    return any(
        item.statement is holder.orelse[0] and item.api == use.api and item.call_is_statement
        for item in facts.uses
    )


def _binds(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.NamedExpr) for node in ast.walk(statement))
