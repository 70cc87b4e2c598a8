"""Requests become marks on the statements that are there, and a list of what is to come."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventlet_codemod.imports.folding import catches_import_error
from eventlet_codemod.imports.model import Add, Bindings, Drop, Import, ImportPlanError, Replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventlet_codemod.imports.model import Request, Target
    from eventlet_codemod.imports.rows import Row, Source, Statement, Suite

_PRAGMA = re.compile(r"#\s*(noqa|nosec|type:|pylint:|pragma:|isort:|pyright:|mypy:)", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class New:
    """Imports to write as one statement at module level: one, or names of one module."""

    imports: list[Import]
    origin: Row | None = None  # the row it replaces
    comment: str = ""

    @property
    def entry(self) -> Import:
        """The import that the statement is sorted by."""
        return self.imports[0]


def mark(source: Source, requests: Sequence[Request]) -> list[New]:
    """Mark what goes; return what is to be added at module level, without what is there."""
    wanted: list[tuple[Import, Statement | None]] = []
    for request in requests:
        match request:
            case Add(new):
                wanted.append((new, None))
            case Drop(target):
                statement = _take(source, target)
                if catches_import_error(statement.suite.guard):
                    raise ImportPlanError(
                        "the import stands in a try/except ImportError", statement.node.lineno
                    )
            case Replace(target, new, lifted):
                statement = _take(source, target)
                if statement.suite.top:
                    wanted.append((new, statement))
                elif lifted:
                    wanted.append((new, None))
                else:
                    statement.replaced.append(new)
    for suite in source.suites:
        known: Bindings | None = None
        for statement in suite.imports:
            if statement.replaced:
                known = known or _bindings(suite)
                statement.replaced = [new for new in statement.replaced if known.add(new)]
    return _missing(source, wanted) if wanted else []


def _take(source: Source, target: Target) -> Statement:
    statement = source.statement(target.statement)
    if not 0 <= target.alias < len(statement.names):
        raise ImportPlanError(f"the import has no name {target.alias}", statement.node.lineno)
    statement.dropped.add(target.alias)
    return statement


def _bindings(suite: Suite) -> Bindings:
    return Bindings(name for statement in suite.imports for name in statement.remaining)


def _missing(source: Source, wanted: Sequence[tuple[Import, Statement | None]]) -> list[New]:
    """What is not bound yet, each with the comment of the line that it replaces."""
    bindings = _bindings(source.top)
    assigned = _assigned(source.top)
    missing: list[New] = []
    commented: set[int] = set()
    for new, replaced in wanted:
        if new in bindings:
            continue
        if bindings.clashes(new):
            lines = (
                statement.node.lineno
                for statement in source.top.imports
                for name in statement.remaining
                if name.local == new.local
            )
            message = f"{new.local!r} is bound by another import"
            raise ImportPlanError(message, next(lines, None))
        if new.local in assigned:
            message = f"{new.local!r} is bound to something else"
            raise ImportPlanError(message, assigned[new.local])
        bindings.add(new)
        origin = replaced.row if replaced and replaced.alone else None
        comment = ""
        if origin and origin.gone:
            comment = source.comment_after(origin)
            if origin.index in commented and not _PRAGMA.search(comment):
                comment = ""  # not about each of several: once is enough
            commented.add(origin.index)
        missing.append(New([new], origin, comment))
    return missing


def _assigned(top: Suite) -> dict[str, int]:
    """Names that module-level statements other than imports always bind, with the line."""
    names: dict[str, int] = {}
    for node in top.body:
        targets: list[ast.expr] = []
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.setdefault(node.name, node.lineno)
            case ast.Assign():
                targets = node.targets
            case ast.AnnAssign(value=ast.expr()):
                targets = [node.target]
        for target in targets:
            for part in ast.walk(target):
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                    names.setdefault(part.id, node.lineno)
    return names
