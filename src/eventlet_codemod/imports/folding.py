"""``try: imports / except ImportError: imports``, of which the ``except`` body is to stay."""

from __future__ import annotations

import ast
import dataclasses
from typing import TYPE_CHECKING

from eventlet_codemod.imports.edits import Edits
from eventlet_codemod.imports.model import Add, FoldTry, ImportPlanError, Replace, Request, Target
from eventlet_codemod.imports.rows import Node, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def catches_import_error(guard: ast.Try | None) -> bool:
    """Whether one of its handlers does."""
    return guard is not None and any(map(_catches, guard.handlers))


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(kind, ast.Name) and kind.id in _IMPORT_ERRORS for kind in kinds)


def fold(source: Source, requests: Sequence[Request]) -> tuple[Source, list[Request]]:
    """Fold, and say the other requests in terms of the text that results."""
    edits = Edits(source)
    tries: set[ast.AST] = set()
    for request in requests:
        if isinstance(request, FoldTry):
            statement = source.statement(request.statement)
            guard = statement.suite.guard
            if guard is None or not _foldable(guard):
                raise ImportPlanError(
                    "not of the form try: imports / except ImportError: imports",
                    statement.node.lineno,
                )
            if guard not in tries:
                tries.add(guard)
                _unwrap(source, edits, guard)

    kept = [found for found in source.statements if found.suite.owner not in tries]
    numbers = {id(statement): number for number, statement in enumerate(kept)}
    remaining: list[Request] = []
    taken: set[Target] = set()
    for request in requests:
        if isinstance(request, Add):
            remaining.append(request)
        elif not isinstance(request, FoldTry):
            statement = source.statement(request.target.statement)
            number = numbers.get(id(statement))
            if number is not None:
                target = Target(number, request.target.alias)
                taken.add(target)
                remaining.append(dataclasses.replace(request, target=target))
            elif isinstance(request, Replace):
                raise ImportPlanError(
                    "replaced in a try statement that is folded", statement.node.lineno
                )
    for number, statement in enumerate(kept):
        guard, target = statement.suite.guard, Target(number, 0)
        single = len(statement.names) == 1 and target not in taken
        if single and guard in tries and _may_move(source, guard):
            # By the same import: it is sorted into its group, or dropped as a duplicate.
            remaining.append(Replace(target, statement.names[0]))
    return Source(edits.apply()), remaining


def _foldable(guard: ast.Try) -> bool:
    return (
        len(guard.handlers) == 1
        and not guard.orelse
        and not guard.finalbody
        and catches_import_error(guard)
        and all(isinstance(node, Node) for node in (*guard.body, *guard.handlers[0].body))
    )


def _may_move(source: Source, guard: ast.Try | None) -> bool:
    """At module level, and no comment of its own would be left behind."""
    if guard is None or guard.end_lineno is None or guard not in source.top.body:
        return False
    lines = range(max(guard.lineno - 2, 0), guard.end_lineno)
    return not any(map(source.is_comment, lines))


def _unwrap(source: Source, edits: Edits, guard: ast.Try) -> None:
    """Put the handler's body in the place of the statement; comments stay."""
    assert guard.end_lineno is not None
    handler = guard.handlers[0]
    indent = source.before(guard)
    body = source.before(handler.body[0])
    pieces = [
        indent + source.lines[line].lstrip()
        for line in range(guard.lineno, handler.lineno - 1)
        if source.is_comment(line)
    ]
    if body.strip():  # on the line of the ``except``
        pieces.append(indent + source.lines[handler.lineno - 1][len(body) :])
    for line in range(handler.lineno, guard.end_lineno):
        content = source.lines[line]
        dedent = not body.strip() and content.startswith(body)
        pieces.append(indent + content.removeprefix(body) if dedent else content)
    start, end = source.starts[guard.lineno - 1], source.starts[guard.end_lineno]
    edits.replace(start, end, "".join(pieces))
