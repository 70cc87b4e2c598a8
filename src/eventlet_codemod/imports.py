"""The import planner: adds, drops and replaces imports the way a careful reviewer would.

A pure function over text, run once per file after all rules. The stdlib ``ast`` says where the
imports are, edits are character spans, so whatever is not edited stays byte for byte.

At module level a dropped import leaves a slot; an added one is sorted into its group and takes
a slot that lies at its place, which keeps the diff of a replacement to one line. Everywhere else
(functions, ``try``, ``if``) imports are edited where they stand.
"""

from __future__ import annotations

import ast
import dataclasses
import re
import sys
import warnings
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import accumulate, groupby, pairwise
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Import:
    """What to bind: ``import module [as alias]`` or ``from module import name [as alias]``."""

    module: str
    name: str | None = None
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One name of one import statement; both count from 0.

    ``statement`` counts all import statements of the file in source order, however nested.
    """

    statement: int
    alias: int


@dataclass(frozen=True, slots=True)
class Add:
    """Bind ``new`` at module level, unless it is bound there already."""

    new: Import


@dataclass(frozen=True, slots=True)
class Drop:
    """Take the name out of its statement, and the statement out when no name is left."""

    target: Target


@dataclass(frozen=True, slots=True)
class Replace:
    """Drop and add at module level; in place anywhere else."""

    target: Target
    new: Import


@dataclass(frozen=True, slots=True)
class FoldTry:
    """Put the ``except ImportError`` body in the place of the ``try`` that holds the statement."""

    statement: int


Request: TypeAlias = Add | Drop | Replace | FoldTry


class ImportPlanError(Exception):
    """A request that cannot be carried out safely; ``line`` counts from 1."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def plan_imports(
    text: str,
    requests: Sequence[Request],
    *,
    first_party: frozenset[str] = frozenset(),
    one_per_line: bool = False,
) -> str:
    """Return ``text`` with all ``requests`` carried out.

    ``first_party`` names the project's own top-level packages. ``one_per_line`` forbids adding
    a name to an existing list, and settles how to sort where the file does not tell.

    Raises ImportPlanError, and then nothing has been done.
    """
    if not requests:
        return text
    source = _Source(text)
    folds = [request for request in requests if isinstance(request, FoldTry)]
    if folds:
        source, requests = _fold(source, folds, requests)
    edits = _Edits(source)
    added = _edit_in_place(source, edits, requests)
    if added:
        layout = _Layout(source, first_party, one_per_line)
        _Placer(layout, one_per_line).place(added)
        _Writer(layout, edits).write()
    for statement in source.statements:
        _edit_names(source, edits, statement)
    _remove_rows(source, edits)
    result = edits.apply()
    if result != text:
        _parse(result)
    return result


# --- the file ---------------------------------------------------------------------------------

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_COMMENT_TAIL = re.compile(r"[ \t\f]*#[^\r\n]*")
_Node: TypeAlias = ast.Import | ast.ImportFrom


@dataclass(slots=True, eq=False)
class _Row:
    """Sibling statements that share their lines; nearly always just one."""

    index: int  # among the rows of its suite
    body: list[ast.stmt]
    first: int  # lines, from 0
    last: int
    imports: list[_Statement] = field(default_factory=list)
    kept: bool = False  # its slot was taken by a new import

    @property
    def only_imports(self) -> bool:
        return len(self.imports) == len(self.body)

    @property
    def gone(self) -> bool:
        return self.only_imports and all(statement.gone for statement in self.imports)

    @property
    def entry(self) -> Import:
        """The import that the row is sorted by."""
        for statement in self.imports:
            for index in range(len(statement.node.names)):
                if index not in statement.dropped:
                    return statement.bound(index)
        return self.imports[0].bound(0)


@dataclass(slots=True, eq=False)
class _Suite:
    """One list of statements; ``guard`` is the ``try`` whose body or handler it is."""

    owner: ast.AST
    body: list[ast.stmt]
    parent: _Suite | None = None
    guard: ast.Try | None = None
    rows: list[_Row] = field(default_factory=list)

    @property
    def top(self) -> bool:
        return isinstance(self.owner, ast.Module)

    def bound_names(self) -> Iterator[Import]:
        """What its imports still bind, in the suite itself and not below."""
        for row in self.rows:
            for statement in row.imports:
                yield from statement.bound_names()


@dataclass(slots=True, eq=False)
class _Statement:
    """An import statement and what becomes of its names."""

    node: _Node
    suite: _Suite
    row: _Row
    dropped: set[int] = field(default_factory=set)
    appended: list[Import] = field(default_factory=list)  # merged into its list of names
    replaced: list[Import] = field(default_factory=list)  # in place, only below module level

    @property
    def gone(self) -> bool:
        return len(self.dropped) == len(self.node.names)

    @property
    def alone(self) -> bool:
        return len(self.row.body) == 1

    def bound(self, index: int) -> Import:
        alias = self.node.names[index]
        if isinstance(self.node, ast.Import):
            return Import(alias.name, None, alias.asname)
        return Import("." * self.node.level + (self.node.module or ""), alias.name, alias.asname)

    def bound_names(self) -> list[Import]:
        """What the statement still binds."""
        indexes = range(len(self.node.names))
        return [self.bound(index) for index in indexes if index not in self.dropped]


class _Source:
    """Text, its lines and every import statement in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = _parse(text)
        self.lines: list[str] = _LINE.findall(text)
        self.starts = list(accumulate(map(len, self.lines), initial=0))
        self.statements: list[_Statement] = []
        self.top, *nested = _suites(self.tree)
        self.suites = [self.top]  # and those with imports
        for suite in nested:
            if any(isinstance(node, _Node) for node in suite.body):
                self.suites.append(suite)
        for suite in self.suites:
            self._add_rows(suite)
        self.statements.sort(key=lambda found: (found.node.lineno, found.node.col_offset))

    def _add_rows(self, suite: _Suite) -> None:
        for node in suite.body:
            first, last = _first_line(node), (node.end_lineno or node.lineno) - 1
            if suite.rows and suite.rows[-1].last == first:
                row = suite.rows[-1]
                row.body.append(node)
                row.last = last
            else:
                row = _Row(len(suite.rows), [node], first, last)
                suite.rows.append(row)
            if isinstance(node, _Node):
                statement = _Statement(node, suite, row)
                row.imports.append(statement)
                self.statements.append(statement)

    def offset(self, line: int, column: int) -> int:
        """Place in the text of what ``ast`` gives: a line from 1, a column in UTF-8 bytes."""
        content = self.lines[line - 1]
        if not content.isascii():
            column = len(content.encode()[:column].decode())
        return self.starts[line - 1] + column

    def span(self, node: ast.stmt | ast.alias) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None
        start = self.offset(node.lineno, node.col_offset)
        return start, self.offset(node.end_lineno, node.end_col_offset)

    def newline(self, line: int) -> str:
        """The line ending to use for a line put next to ``line``."""
        for candidate in (line, line - 1, 0):
            if 0 <= candidate < len(self.lines):
                content = self.lines[candidate]
                ending = content[len(content.rstrip("\r\n")) :]
                if ending:
                    return ending
        return "\n"

    def indent(self, row: _Row) -> str | None:
        """What stands before the row on its first line, if that is only space."""
        start, _ = self.span(row.body[0])
        prefix = self.text[self.starts[row.first] : start]
        return None if prefix.strip() else prefix

    def row_end(self, row: _Row) -> int:
        """Where the row's last line ends, before its newline."""
        return self.starts[row.last] + len(self.lines[row.last].rstrip("\r\n"))

    def comment_after(self, row: _Row) -> str:
        """The comment that ends the row's last line, with the space before it."""
        found = _COMMENT_TAIL.match(self.text, self.span(row.body[-1])[1])
        return found.group() if found else ""

    def is_blank(self, line: int) -> bool:
        return not self.lines[line].strip()

    def is_comment(self, line: int) -> bool:
        return self.lines[line].lstrip().startswith("#")

    def blanks_from(self, line: int) -> int:
        """How many blank lines there are from ``line`` on."""
        end = line
        while end < len(self.lines) and self.is_blank(end):
            end += 1
        return end - line

    def blanks_before(self, line: int) -> int:
        start = line
        while start and self.is_blank(start - 1):
            start -= 1
        return line - start


def _parse(text: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the file's own strings, not ours to report
            return ast.parse(text)
    except SyntaxError as error:
        raise ImportPlanError(f"not valid Python: {error.msg}", error.lineno) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise ImportPlanError(f"cannot be parsed: {error}") from error


def _suites(tree: ast.Module) -> Iterator[_Suite]:
    """Every list of statements. A stack, because a long ``elif`` chain nests deeply."""
    stack = [_Suite(tree, tree.body)]
    while stack:
        suite = stack.pop()
        yield suite
        for node in suite.body:
            guard = node if isinstance(node, ast.Try) else None
            for name in ("body", "orelse", "finalbody"):
                inner = getattr(node, name, None)
                if inner:
                    stack.append(_Suite(node, inner, suite, guard if name == "body" else None))
            for handler in getattr(node, "handlers", ()):
                stack.append(_Suite(handler, handler.body, suite, guard))
            for case in getattr(node, "cases", ()):
                stack.append(_Suite(case, case.body, suite))


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1


class _Edits:
    """Spans of the text and what comes in their place."""

    def __init__(self, source: _Source) -> None:
        self.source = source
        self.spans: list[tuple[int, int, str]] = []
        self.removed: set[int] = set()  # whole lines; blank lines around them follow later
        self.suite_heads: set[int] = set()  # removed lines that began a nested suite

    def replace(self, start: int, end: int, text: str) -> None:
        self.spans.append((start, end, text))

    def insert_lines(self, line: int, contents: Iterable[str]) -> None:
        """Put lines in before ``line``."""
        newline = self.source.newline(line)
        block = "".join(content + newline for content in contents)
        if line == len(self.source.lines) and line and not self.source.text.endswith(("\n", "\r")):
            block = newline + block.removesuffix(newline)
        self.replace(self.source.starts[line], self.source.starts[line], block)

    def remove_lines(self, first: int, last: int) -> None:
        self.removed.update(range(first, last + 1))

    def apply(self) -> str:
        self._close_gaps()
        starts = self.source.starts
        spans = self.spans + [(starts[line], starts[line + 1], "") for line in self.removed]
        pieces = []
        done = 0
        for start, end, text in sorted(spans, key=lambda span: span[:2]):
            assert start >= done
            pieces += [self.source.text[done:start], text]
            done = end
        return "".join([*pieces, self.source.text[done:]])

    def _close_gaps(self) -> None:
        """Remove the blank lines that would be left over where lines were removed."""
        source = self.source
        for first, last in list(self._runs()):
            before = source.blanks_before(first)
            after = source.blanks_from(last + 1)
            above = range(first - before, first)
            below = range(last + 1, last + 1 + after)
            if above.start == 0 or (not before and first in self.suite_heads):
                self.removed.update(below)
            if below.stop == len(source.lines) or above.start == 0:
                self.removed.update(above)
            elif before and after:
                self.removed.update(above if before < after else below)
            self.removed.update(range(first, last + 1))

    def _runs(self) -> Iterator[tuple[int, int]]:
        """Removed lines, with only blank lines between them."""
        first = last = -1
        for line in sorted(self.removed):
            if first < 0:
                first = line
            elif not all(map(self.source.is_blank, range(last + 1, line))):
                yield first, last
                first = line
            last = line
        if first >= 0:
            yield first, last


# --- imports as values ------------------------------------------------------------------------


def _root(new: Import) -> str:
    """The top-level package; nothing for a relative import."""
    return new.module.partition(".")[0]


def _bound_name(new: Import) -> str:
    return new.alias or new.name or _root(new)


def _path(new: Import) -> str:
    """The full dotted path that is imported."""
    if new.name is None:
        return new.module
    return new.module + ("" if new.module.endswith(".") else ".") + new.name


def _bound_to(new: Import) -> str:
    """The dotted path that the bound name stands for: ``a`` for ``import a.b``."""
    return _path(new) if new.name or new.alias else _bound_name(new)


def _name_text(new: Import) -> str:
    name = new.name or new.module
    return name if new.alias in (None, name) else f"{name} as {new.alias}"


def _text(news: Sequence[Import]) -> str:
    """One statement for ``news``, which import from one module if they are several."""
    names = ", ".join(map(_name_text, news))
    return f"from {news[0].module} import {names}" if news[0].name else f"import {names}"


class _Bindings:
    """What unconditional imports at one level bind."""

    def __init__(self, imports: Iterable[Import]) -> None:
        self.paths: dict[str, set[str]] = {}
        self.loaded: set[str] = set()
        for new in imports:
            self.add(new)

    def add(self, new: Import) -> None:
        self.paths.setdefault(_bound_name(new), set()).add(_bound_to(new))
        if not new.name and not new.alias:
            parts = new.module.split(".")
            self.loaded.update(accumulate(parts, lambda left, right: f"{left}.{right}"))

    def __contains__(self, new: Import) -> bool:
        if not new.name and not new.alias and "." in new.module:
            return new.module in self.loaded
        return _bound_to(new) in self.paths.get(_bound_name(new), ())

    def clashes(self, new: Import) -> bool:
        paths = self.paths.get(_bound_name(new))
        return paths is not None and _bound_to(new) not in paths


# --- try: ... except ImportError: ... ---------------------------------------------------------

_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(kind, ast.Name) and kind.id in _IMPORT_ERRORS for kind in kinds)


def _fold(
    source: _Source, folds: Sequence[FoldTry], requests: Sequence[Request]
) -> tuple[_Source, list[Request]]:
    """Fold, and say the other requests in terms of the text that results."""
    edits = _Edits(source)
    tries: set[ast.Try] = set()
    for fold in folds:
        statement = _statement(source, fold.statement)
        guard = statement.suite.guard
        if guard is None or not _foldable(guard):
            raise ImportPlanError(
                "not of the form try: imports / except ImportError: imports", statement.node.lineno
            )
        if guard not in tries:
            tries.add(guard)
            _fold_one(source, edits, guard)

    numbers: dict[int, int] = {}  # of statements, before and after
    movable: list[Target] = []
    for old, statement in enumerate(source.statements):
        guard = statement.suite.guard
        if guard not in tries or isinstance(statement.suite.owner, ast.ExceptHandler):
            if guard in tries and len(statement.node.names) == 1 and _may_move(source, guard):
                movable.append(Target(len(numbers), 0))
            numbers[old] = len(numbers)

    remaining: list[Request] = []
    for request in requests:
        if isinstance(request, Add):
            remaining.append(request)
        elif not isinstance(request, FoldTry):
            statement = _statement(source, request.target.statement)
            number = numbers.get(request.target.statement)
            if number is not None:
                target = Target(number, request.target.alias)
                remaining.append(dataclasses.replace(request, target=target))
            elif isinstance(request, Replace):
                raise ImportPlanError(
                    "replaced in a try statement that is folded", statement.node.lineno
                )
    folded = _Source(edits.apply())
    taken = {request.target for request in remaining if not isinstance(request, Add | FoldTry)}
    for target in movable:
        if target not in taken:
            # By the same import: it is sorted into its group, or dropped as a duplicate.
            new = folded.statements[target.statement].bound(target.alias)
            remaining.append(Replace(target, new))
    return folded, remaining


def _foldable(guard: ast.Try) -> bool:
    if len(guard.handlers) != 1 or guard.orelse or guard.finalbody:
        return False
    handler = guard.handlers[0]
    return _catches_import_error(handler) and all(
        isinstance(node, _Node) for node in (*guard.body, *handler.body)
    )


def _may_move(source: _Source, guard: ast.Try | None) -> bool:
    """At module level, and no comment of its own would be left behind."""
    if guard is None or guard.end_lineno is None:
        return False
    lines = range(guard.lineno - 1, guard.end_lineno)
    above = guard.lineno - 2
    return (
        guard in source.top.body
        and not any(map(source.is_comment, lines))
        and not (above >= 0 and source.is_comment(above))
    )


def _fold_one(source: _Source, edits: _Edits, guard: ast.Try) -> None:
    assert guard.end_lineno is not None
    handler = guard.handlers[0]
    indent = source.text[source.starts[guard.lineno - 1] : source.span(guard)[0]]
    colon = handler.lineno - 1
    body_line = handler.body[0].lineno - 1
    inner = ""
    if body_line != colon:
        start, _ = source.span(handler.body[0])
        inner = source.text[source.starts[body_line] : start]

    def dedented(line: int) -> str:
        content = source.lines[line]
        return indent + content.removeprefix(inner) if content.startswith(inner) else content

    pieces = [
        indent + source.lines[line].lstrip()
        for line in range(guard.lineno, colon)
        if source.is_comment(line)
    ]
    if body_line == colon:
        start, _ = source.span(handler.body[0])
        pieces.append(indent + source.text[start : source.starts[colon + 1]])
    pieces += [dedented(line) for line in range(colon + 1, guard.end_lineno)]
    start, end = source.starts[guard.lineno - 1], source.starts[guard.end_lineno]
    edits.replace(start, end, "".join(pieces))


# --- requests on statements -------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _New:
    """Imports to write as one statement at module level."""

    imports: list[Import]
    origin: _Row | None = None  # the row it replaces
    comment: str = ""

    @property
    def entry(self) -> Import:
        return self.imports[0]


def _statement(source: _Source, ordinal: int) -> _Statement:
    if not 0 <= ordinal < len(source.statements):
        raise ImportPlanError(f"there is no import statement {ordinal}")
    return source.statements[ordinal]


def _edit_in_place(source: _Source, edits: _Edits, requests: Sequence[Request]) -> list[_New]:
    """Mark what goes; return what is to be added at module level, without what is there."""
    wanted: list[tuple[Import, _Statement | None]] = []
    for request in requests:
        match request:
            case Add(new):
                wanted.append((new, None))
            case Drop(target):
                statement = _take(source, target)
                guard = statement.suite.guard
                if guard and any(map(_catches_import_error, guard.handlers)):
                    raise ImportPlanError(
                        "the import stands in a try/except ImportError", statement.node.lineno
                    )
            case Replace(target, new):
                statement = _take(source, target)
                if statement.suite.top:
                    wanted.append((new, statement))
                elif new not in statement.replaced:
                    statement.replaced.append(new)
    bindings: dict[int, _Bindings] = {}
    for statement in source.statements:
        if statement.replaced:
            suite = statement.suite
            known = bindings.setdefault(id(suite), _Bindings(suite.bound_names()))
            _replace_nested(source, edits, statement, known)
    return _missing(source, wanted)


def _take(source: _Source, target: Target) -> _Statement:
    statement = _statement(source, target.statement)
    if not 0 <= target.alias < len(statement.node.names):
        raise ImportPlanError(f"the import has no name {target.alias}", statement.node.lineno)
    statement.dropped.add(target.alias)
    return statement


def _replace_nested(
    source: _Source, edits: _Edits, statement: _Statement, bindings: _Bindings
) -> None:
    statement.replaced = [new for new in statement.replaced if new not in bindings]
    if not statement.replaced:
        return
    for new in statement.replaced:
        bindings.add(new)
    row = statement.row
    indent = source.indent(row)
    contents = [_text([new]) for new in statement.replaced]
    start, end = source.span(statement.node)
    if indent is None or not statement.alone:
        if statement.gone:
            edits.replace(start, end, "; ".join(contents))
        else:
            edits.replace(end, end, "; ".join(["", *contents]))
    elif statement.gone:
        edits.replace(start, end, (source.newline(row.first) + indent).join(contents))
    else:
        edits.insert_lines(row.last + 1, [indent + content for content in contents])


def _missing(source: _Source, wanted: Sequence[tuple[Import, _Statement | None]]) -> list[_New]:
    """What is not bound yet, each with the comment of the line that it replaces."""
    bindings = _Bindings([])
    lines: dict[str, int] = {}
    for row in source.top.rows:
        for statement in row.imports:
            for bound in statement.bound_names():
                bindings.add(bound)
                lines.setdefault(_bound_name(bound), statement.node.lineno)
    assigned = _assigned(source.top) if wanted else {}
    missing: list[_New] = []
    commented: set[int] = set()
    for new, replaced in wanted:
        if new in bindings:
            continue
        name = _bound_name(new)
        if bindings.clashes(new):
            raise ImportPlanError(f"{name!r} is bound by another import", lines.get(name))
        if name in assigned:
            raise ImportPlanError(f"{name!r} is bound to something else", assigned[name])
        bindings.add(new)
        origin = replaced.row if replaced and replaced.alone else None
        comment = ""
        if origin and origin.gone:
            comment = source.comment_after(origin)
            if origin.index in commented and not _PRAGMA.search(comment):
                comment = ""  # not about each of several: once is enough
            commented.add(origin.index)
        missing.append(_New([new], origin, comment))
    return missing


def _assigned(top: _Suite) -> dict[str, int]:
    """Names that module-level statements other than imports always bind, with the line."""
    names: dict[str, int] = {}
    for node in top.body:
        targets: list[ast.expr] = []
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.setdefault(name, node.lineno)
            case ast.ClassDef(name=name):
                names.setdefault(name, node.lineno)
            case ast.Assign():
                targets = list(node.targets)
            case ast.AnnAssign(value=ast.expr()):
                targets = [node.target]
        for target in targets:
            for part in ast.walk(target):
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                    names.setdefault(part.id, node.lineno)
    return names


# --- names within a statement -----------------------------------------------------------------


def _edit_names(source: _Source, edits: _Edits, statement: _Statement) -> None:
    """Take the dropped names out of a statement that stays, and put the merged ones in."""
    if statement.gone or not (statement.dropped or statement.appended):
        return
    start, end = source.span(statement.node)
    spans = [source.span(alias) for alias in statement.node.names]
    if statement.appended:
        kept = (span for index, span in enumerate(spans) if index not in statement.dropped)
        names = [source.text[begin:stop] for begin, stop in kept]
        for new in statement.appended:
            _insert_name(names, _name_text(new))
        edits.replace(spans[0][0], end, ", ".join(names))
        return
    text = None
    if source.text[end - 1] == ")":
        relative = [(begin - start, stop - start) for begin, stop in spans]
        text = _without_names(source.text[start:end], relative, statement.dropped)
    if text is None:
        _cut(edits, spans, statement.dropped)
    else:
        edits.replace(start, end, text)


def _cut(edits: _Edits, spans: Sequence[tuple[int, int]], dropped: set[int]) -> None:
    """Remove spans from a separated list, with the separators after (at the end: before) them."""
    for gone, run in groupby(range(len(spans)), dropped.__contains__):
        if not gone:
            continue
        first, *_ = indexes = list(run)
        following = indexes[-1] + 1
        if following < len(spans):
            edits.replace(spans[first][0], spans[following][0], "")
        else:
            edits.replace(spans[first - 1][1], spans[following - 1][1], "")


def _insert_name(names: list[str], name: str) -> None:
    """Put ``name`` where the order of ``names`` has it, at the end if they have none."""

    def by_kind(text: str) -> tuple[int, str]:  # CONSTANT, Class, function
        plain = text.partition(" ")[0]
        return (0 if plain.isupper() else 1 if plain[:1].isupper() else 2), text.casefold()

    orders: list[Callable[[str], object]] = [by_kind, str.casefold, str]
    for order in orders:
        keys: list[Any] = [order(text) for text in names]
        if keys == sorted(keys):
            names.insert(bisect_right(keys, order(name)), name)
            return
    names.append(name)


@dataclass(slots=True)
class _Piece:
    """One line of a parenthesised statement, around the names that begin on it."""

    prefix: str
    names: list[tuple[int, str]] = field(default_factory=list)  # with their index
    comma: bool = False
    tail: str = ""  # space, comment, closing parenthesis
    newline: str = ""

    def __str__(self) -> str:
        names = ", ".join(name for _, name in self.names)
        return self.prefix + names + ("," if self.comma else "") + self.tail + self.newline


_AFTER_NAME = re.compile(r"(?:[ \t\f]*(,))?(.*)", re.DOTALL)


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> list[_Piece] | None:
    """The lines of a parenthesised statement; None where a name and its comma are apart."""
    pieces: list[_Piece] = []
    start = index = 0
    for line in _LINE.findall(text):
        content = line.rstrip("\r\n")
        piece = _Piece(content, newline=line[len(content) :])
        first = index
        while index < len(spans) and spans[index][0] < start + len(line):
            begin, end = spans[index]
            if index > first and text[spans[index - 1][1] : begin].strip() != ",":
                return None
            piece.names.append((index, text[begin:end]))
            index += 1
        if piece.names:
            end = spans[index - 1][1] - start
            after = _AFTER_NAME.match(content, end) if end <= len(content) else None
            if after is None or (index < len(spans) and not after[1]):
                return None
            piece.prefix = content[: spans[first][0] - start]
            piece.comma, piece.tail = bool(after[1]), after[2]
        pieces.append(piece)
        start += len(line)
    return pieces


def _without_names(text: str, spans: Sequence[tuple[int, int]], dropped: set[int]) -> str | None:
    """A parenthesised statement without some names; None for an unusual layout."""
    pieces = _pieces(text, spans)
    if pieces is None:
        return None
    trailing_comma = [piece.comma for piece in pieces if piece.names][-1]
    result: list[_Piece] = []
    joins = False  # the opening line has lost its names: what follows moves up
    for number, piece in enumerate(pieces):
        had_names = bool(piece.names)
        piece.names = [(index, name) for index, name in piece.names if index not in dropped]
        if not had_names or piece.names:
            if joins and piece.names:
                piece.prefix = result.pop().prefix
            joins = False
            result.append(piece)
        elif number == 0:
            result.append(_Piece(piece.prefix.rstrip(), newline=piece.newline))
            joins = True
        elif number == len(pieces) - 1:
            last = result[-1]
            if last.names and "#" not in last.tail:
                last.tail, last.newline = ")", ""
            else:
                result.append(_Piece(piece.prefix, tail=")"))
    [piece for piece in result if piece.names][-1].comma = trailing_comma
    return "".join(map(str, result))


# --- what goes --------------------------------------------------------------------------------


def _remove_rows(source: _Source, edits: _Edits) -> None:
    """Remove the statements that have lost every name and are not replaced."""
    for suite in source.suites:
        gone = [
            statement
            for row in suite.rows
            for statement in row.imports
            if statement.gone and not statement.replaced
        ]
        if not gone:
            continue
        if len(gone) == len(suite.body) and not suite.top:
            _empty_suite(source, edits, suite)
        else:
            nodes = {id(statement.node) for statement in gone}
            for row in suite.rows:
                _remove_from_row(source, edits, suite, row, nodes)


def _remove_from_row(
    source: _Source, edits: _Edits, suite: _Suite, row: _Row, gone: set[int]
) -> None:
    indexes = {index for index, node in enumerate(row.body) if id(node) in gone}
    if len(indexes) < len(row.body):
        _cut(edits, [source.span(node) for node in row.body], indexes)
    elif not row.kept:
        edits.remove_lines(row.first, row.last)
        if not suite.top and row.index == 0:
            edits.suite_heads.add(row.first)


def _empty_suite(source: _Source, edits: _Edits, suite: _Suite) -> None:
    owner, parent = suite.owner, suite.parent
    if _is_type_checking(owner) and parent and (parent.top or len(parent.body) > 1):
        _remove_block(source, edits, owner)
        return
    head, *rest = suite.rows
    edits.replace(source.span(head.body[0])[0], source.row_end(head), "pass")
    for row in rest:
        edits.remove_lines(row.first, row.last)


def _is_type_checking(owner: ast.AST) -> TypeGuard[ast.If]:
    match owner:
        case ast.If(
            test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"), orelse=[]
        ):
            return True
    return False


def _remove_block(source: _Source, edits: _Edits, block: ast.If) -> None:
    """Remove a compound statement; comments on lines of their own stay."""
    assert block.end_lineno is not None
    indent = source.text[source.starts[block.lineno - 1] : source.span(block)[0]]
    for line in range(block.lineno - 1, block.end_lineno):
        if source.is_comment(line):
            start = source.starts[line]
            content = source.lines[line]
            edits.replace(start, start + len(content) - len(content.lstrip()), indent)
        else:
            edits.remove_lines(line, line)


# --- where new imports go ---------------------------------------------------------------------


class _Section(IntEnum):
    """Import sections, in their order."""

    FUTURE = 0
    STDLIB = 1
    THIRD_PARTY = 2
    LOCAL = 3


#: In the standard library of some supported Python, perhaps not of the one that runs this.
_SOMETIMES_STDLIB = """
    aifc annotationlib asynchat asyncore audioop cgi cgitb chunk compression crypt distutils
    imghdr imp lib2to3 mailcap msilib nis nntplib ossaudiodev pipes smtpd sndhdr spwd sunau
    telnetlib uu xdrlib
"""
_STDLIB = sys.stdlib_module_names.union(_SOMETIMES_STDLIB.split())

_PRAGMA = re.compile(r"#\s*(noqa|nosec|type:|pylint:|pragma:|isort:|pyright:|mypy:)", re.IGNORECASE)

#: Excuses the place of an import, so that its neighbours need the same.
_POSITION = re.compile(
    r"\s*#\s*(?:noqa:\s*(?:E402|I\d+)(?:[,\s]+(?:E402|I\d+))*"
    r"|pylint:\s*disable=wrong-import-(?:position|order))\s*",
    re.IGNORECASE,
)
_BARE_NOQA = re.compile(r"\s*#\s*noqa\s*", re.IGNORECASE)

#: Comments that belong to the file, or to all that follows, not to one import.
_HEADER = re.compile(
    r"^\s*#(?:!|.*(?:copyright|licen[cs]e|spdx|coding[:=]|vim?:|-\*-)"
    r"|\s*(?:fmt|isort|flake8|ruff|pylint|mypy|pyright):)",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"^[\s#=*-]*(?:stdlib|(?:standard|built-?in|python|system|third|3rd|local|project|first|own|"
    r"internal|external)\b(?:[\s-]*(?:lib\w*|part\w+|imports?|modules?|packages?|app\w*))*)"
    r"[\s#=*:.-]*$",
    re.IGNORECASE,
)

_PATCHERS = frozenset({"monkey_patch", "_monkey_patch", "init_backend", "patch_all"})

#: The longest line to make by adding to a list of names: what PEP 8 allows everywhere.
_MERGED_LENGTH = 79

_Key: TypeAlias = tuple[Any, ...]


def _sort_mixed(new: Import) -> _Key:
    """Hacking's H306: by full path, whichever form. Also isort's force_sort_within_sections."""
    return (_path(new).lower(),)


def _sort_straight_first(new: Import) -> _Key:
    """isort and ruff: ``import x`` before ``from x import y``."""
    return (new.name is not None, new.module.lower(), (new.name or "").lower())


def _sort_from_first(new: Import) -> _Key:
    return (new.name is None, new.module.lower(), (new.name or "").lower())


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Where a new group goes: below a row (-1: at the top of the file) or above it."""

    row: int
    above: bool = False


@dataclass(slots=True, eq=False)
class _Group:
    """Imports without a blank line between them; a new group has no rows."""

    position: int  # twice the index of its first row; new groups stand between rows
    rows: list[_Row] = field(default_factory=list)
    items: list[_Row | _New] = field(default_factory=list)  # what stays and what is new, in order
    sections: Counter[_Section] = field(default_factory=Counter)
    glued: bool = False  # code follows without a blank line
    anchor: _Anchor | None = None  # of a new group
    order: _Order | None = None

    @property
    def section(self) -> _Section:
        """The section that most of the imports belong to."""
        return max(sorted(self.sections), key=self.sections.__getitem__)

    def holds(self, row: _Row) -> bool:
        return bool(self.rows) and self.rows[0].index <= row.index <= self.rows[-1].index


@dataclass(slots=True, eq=False)
class _Order:
    """How a group is sorted, and the keys of its items."""

    key: Callable[[Import], _Key]
    keys: list[_Key]
    strict: bool  # sorted without exception

    def place(self, new: Import, slot: int | None = None) -> int:
        """Make room for ``new``; in a group that is not sorted, where it disturbs least."""
        key = self.key(new)
        if self.strict:
            position = bisect_right(self.keys, key)
        else:
            position = self._least_disorder(key) if slot is None else slot
        self.keys.insert(position, key)
        return position

    def _least_disorder(self, key: _Key) -> int:
        best = position = 0
        lowest = disorder = 0
        for position, other in enumerate(self.keys, 1):
            disorder += (other > key) - (other < key)
            if disorder < lowest:
                best, lowest = position, disorder
        return best


_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _first(flags: Iterable[bool], default: int) -> int:
    return next((index for index, flag in enumerate(flags) if flag), default)


class _Layout:
    """What the imports at module level look like, and where new ones may stand."""

    def __init__(self, source: _Source, first_party: frozenset[str], one_per_line: bool) -> None:
        self.source = source
        self.first_party = first_party
        self.rows = source.top.rows
        is_definition = (isinstance(row.body[0], _DEFINITION) for row in self.rows)
        self.limit = _first(is_definition, len(self.rows))
        self.docstring_end = int(_has_docstring(source.tree))
        self.base = self.docstring_end  # first row that is neither docstring nor __future__
        while self.base < len(self.rows) and self.is_future(self.rows[self.base]):
            self.base += 1
        self.barriers: list[int] = []  # rows that patch: what is imported above them may differ
        self.first_use: dict[str, int] = {}
        self._scan_code()
        self.groups = list(self._find_groups())
        sorts = (_sort_mixed, _sort_straight_first, _sort_from_first)
        disorder = {
            sort: sum(self._disorder(group, sort) for group in self.groups) for sort in sorts
        }
        preferred = _sort_mixed if one_per_line else _sort_straight_first
        self.sorts = sorted(sorts, key=lambda sort: (disorder[sort], sort is not preferred))

    def section(self, new: Import) -> _Section:
        root = _root(new)
        if root == "__future__":
            return _Section.FUTURE
        if not root or root in self.first_party:
            return _Section.LOCAL
        return _Section.STDLIB if root in _STDLIB else _Section.THIRD_PARTY

    def is_future(self, row: _Row) -> bool:
        return row.only_imports and self.section(row.entry) is _Section.FUTURE

    def window(self, new: Import) -> tuple[int, int]:
        """The rows that it may stand among: before its first use, below what patches."""
        if self.section(new) is _Section.FUTURE:
            return self.docstring_end, self.base
        end = min(self.first_use.get(_bound_name(new), self.limit), self.limit)
        barriers = bisect_left(self.barriers, end)
        return (self.barriers[barriers - 1] + 1 if barriers else self.base), end

    def order(self, group: _Group) -> _Order:
        """The order of the group, sections first where it keeps them apart."""
        if group.order is None:
            # min() takes the first of equals, and self.sorts begins with the file's own.
            sort = min(self.sorts, key=lambda sort: self._disorder(group, sort))
            present = (self.section(item.entry) for item in group.items)
            sections = [section for section, _ in groupby(present)]
            if len(set(sections)) < len(sections):
                ranks = dict.fromkeys(_Section, 0)
            elif sections == sorted(sections):
                ranks = {section: int(section) for section in _Section}
            else:
                ranks = {section: len(sections) for section in _Section}
                ranks.update((section, rank) for rank, section in enumerate(sections))

            def key(new: Import) -> _Key:
                return (ranks[self.section(new)], *sort(new))

            keys = [key(item.entry) for item in group.items]
            group.order = _Order(key, keys, keys == sorted(keys))
        return group.order

    def _scan_code(self) -> None:
        """Find barriers, and where names are first used while the module is imported."""
        for row in self.rows[self.docstring_end : self.limit]:
            if row.only_imports:
                if any(map(_patches_on_import, row.body)):
                    self.barriers.append(row.index)
                continue
            for node in (inner for statement in row.body for inner in ast.walk(statement)):
                if isinstance(node, ast.Name):
                    self.first_use.setdefault(node.id, row.index)
            if any(map(_patches, row.body)):
                self.barriers.append(row.index)

    def _find_groups(self) -> Iterator[_Group]:
        group: _Group | None = None
        previous: _Row | None = None
        for row in self.rows[self.docstring_end :]:
            if group and previous and self._ends_group(previous, row):
                group.glued = not row.only_imports and not self._blank_between(previous, row)
                yield group
                group = None
            if row.only_imports:
                group = group or _Group(2 * row.index)
                group.rows.append(row)
                if not row.gone:
                    group.items.append(row)
                    group.sections[self.section(row.entry)] += 1
            previous = row
        if group:
            yield group

    def _ends_group(self, row: _Row, following: _Row) -> bool:
        return (
            not following.only_imports
            or self.is_future(row) != self.is_future(following)
            or row.index in self.barriers
            or self._blank_between(row, following)
        )

    def _blank_between(self, row: _Row, following: _Row) -> bool:
        return any(map(self.source.is_blank, range(row.last + 1, following.first)))

    def _disorder(self, group: _Group, sort: Callable[[Import], _Key]) -> int:
        return sum(
            sort(left.entry) > sort(right.entry)
            for left, right in pairwise(group.rows)
            if self.section(left.entry) is self.section(right.entry)
        )


class _Placer:
    """Chooses the group and the place of each new import."""

    def __init__(self, layout: _Layout, one_per_line: bool) -> None:
        self.layout = layout
        self.groups = layout.groups
        self.homes: dict[tuple[_Section, tuple[int, int]], list[_Group]] = {}
        self.by_root: defaultdict[str, list[_Group]] = defaultdict(list)
        for group in self.groups:
            for root in {_root(item.entry) for item in group.items}:
                self.by_root[root].append(group)
        self.lists: dict[str, list[_Statement]] = {}  # what a name may be added to, by module
        self.merges = False
        if not one_per_line:
            self._find_lists()

    def place(self, news: Sequence[_New]) -> None:
        """Put ``news`` in the groups, in an order that does not depend on that of requests."""
        pending: dict[str, _New] = {}
        for new in sorted(news, key=self._rank):
            module = new.entry.module
            if not self._merge(new, pending.get(module)):
                pending[module] = new
                self._put(new)

    def _rank(self, new: _New) -> _Key:
        return self.layout.section(new.entry), *_sort_mixed(new.entry)

    def _find_lists(self) -> None:
        for row in self.layout.rows[self.layout.base :]:
            for statement in row.imports:
                if isinstance(statement.node, ast.ImportFrom):
                    self.lists.setdefault(statement.bound(0).module, []).append(statement)
                    self.merges |= len(statement.node.names) > 1

    def _merge(self, new: _New, other: _New | None) -> bool:
        """Put the name in a list of names of the same module, if the file has such lists."""
        if not self.merges or new.entry.name is None or new.comment:
            return False
        if other and not other.comment:
            if len(_text(other.imports + new.imports)) > _MERGED_LENGTH:
                return False
            other.imports += new.imports
            return True
        start, end = self.layout.window(new.entry)
        for statement in self.lists.get(new.entry.module, ()):
            if start <= statement.row.index < end and self._takes(statement, new.entry):
                statement.appended += new.imports
                return True
        return False

    def _takes(self, statement: _Statement, new: Import) -> bool:
        row = statement.row
        names = [*statement.bound_names(), *statement.appended]
        return (
            statement.alone
            and row.first == row.last
            and not statement.gone
            and names[0].module == new.module
            and names[0].name != "*"
            and self.layout.source.span(statement.node)[1] == self.layout.source.row_end(row)
            and not self.layout.source.lines[row.last].rstrip().endswith(")")
            and len(_text([*names, new])) <= _MERGED_LENGTH
        )

    def _put(self, new: _New) -> None:
        window = self.layout.window(new.entry)
        section = self.layout.section(new.entry)
        root = _root(new.entry)
        group = self._home(root, section, window) or self._make_home(section, window)
        order = self.layout.order(group)
        slot = None
        if not order.strict and new.origin and group.holds(new.origin):
            index = new.origin.index
            slot = sum(isinstance(item, _Row) and item.index < index for item in group.items)
        group.items.insert(order.place(new.entry, slot), new)
        group.sections[section] += 1
        if group not in self.by_root[root]:
            self.by_root[root].append(group)

    def _between(self, window: tuple[int, int]) -> tuple[int, int]:
        """The part of ``self.groups`` that stands in the window."""
        start, end = window
        low = bisect_left(self.groups, 2 * start - 1, key=lambda group: group.position)
        return low, bisect_left(self.groups, 2 * end, key=lambda group: group.position)

    def _home(self, root: str, section: _Section, window: tuple[int, int]) -> _Group | None:
        """The group that the import belongs to, if there is one."""
        start, end = window
        related = [
            group for group in self.by_root[root] if 2 * start - 1 <= group.position < 2 * end
        ]
        if section is _Section.STDLIB:
            related = []
        ranked = [*related, *self._homes(section, window)]
        loose = (group for group in ranked if not group.glued)
        return next(loose, None) or next(iter(ranked), None)

    def _homes(self, section: _Section, window: tuple[int, int]) -> list[_Group]:
        """The best groups for a section: mostly or partly of it, and the same without code."""
        key = (section, window)
        if key not in self.homes:
            low, high = self._between(window)
            groups = [group for group in self.groups[low:high] if section in group.sections]
            main = [group for group in groups if group.section is section]
            best = [next((g for g in kind if not g.glued), None) for kind in (main, groups)]
            best += [next(iter(kind), None) for kind in (main, groups)]
            found = [group for group in best if group]
            if not found:
                return []
            self.homes[key] = found
        return self.homes[key]

    def _make_home(self, section: _Section, window: tuple[int, int]) -> _Group:
        low, high = self._between(window)
        vacant = self._vacant(section, self.groups[low:high])
        return vacant or self._new_group(section, window[0], low, high)

    def _vacant(self, section: _Section, groups: Sequence[_Group]) -> _Group | None:
        """A group that has lost all its imports and stands where ``section`` would."""
        highest = _Section.FUTURE
        candidate: _Group | None = None
        for group in groups:
            if not group.items:
                candidate = candidate or group
                continue
            if candidate and group.section >= section:
                return candidate
            candidate = None
            highest = max(highest, group.section)
            if highest > section:
                return None
        return candidate

    def _new_group(self, section: _Section, start: int, low: int, high: int) -> _Group:
        """A new group in the order of sections; without any others, as early as allowed.

        Where the file does not keep sections apart, the group that is there instead.
        """
        inhabited = [index for index in range(low, high) if self.groups[index].items]
        later = (index for index in inhabited if self.groups[index].section > section)
        position = next(later, None)
        if position is not None:
            neighbour = self.groups[position]
            anchor = neighbour.anchor or _Anchor(neighbour.rows[0].index, above=True)
        elif inhabited:
            neighbour = self.groups[inhabited[-1]]
            position = inhabited[-1] + 1
            anchor = neighbour.anchor or _Anchor(neighbour.rows[-1].index)
        else:
            neighbour = None
            position = low
            anchor = _Anchor(start - 1)
        if neighbour and len(neighbour.sections) > 1:
            return neighbour
        group = _Group(2 * anchor.row + (-1 if anchor.above else 1), anchor=anchor)
        self.groups.insert(position, group)
        return group


class _Writer:
    """Puts the new imports of the groups in the text."""

    def __init__(self, layout: _Layout, edits: _Edits) -> None:
        self.source = layout.source
        self.edits = edits
        self.layout = layout
        self.rows = layout.rows
        is_code = (not row.only_imports for row in self.rows[layout.base :])
        self.first_code = layout.base + _first(is_code, len(self.rows))

    def write(self) -> None:
        chunks: dict[_Anchor, list[str]] = {}
        for group in self.layout.groups:
            if group.anchor:
                news = [item for item in group.items if isinstance(item, _New)]
                line = self._anchor_line(group.anchor)
                chunks.setdefault(group.anchor, []).extend([*self._contents(news, line), ""])
        # In this order, because several may be put in at the same line.
        for anchor, contents in chunks.items():
            if anchor.above:
                self._write_above(anchor, contents)
        for group in self.layout.groups:
            if group.anchor is None:
                self._write_into(group)
        for anchor, contents in chunks.items():
            if not anchor.above:
                self._write_below(anchor, contents[:-1])

    def _write_into(self, group: _Group) -> None:
        """Write the new imports of a group that is there, in vacant rows where there are any."""
        previous: _Row | None = None
        run: list[_New] = []
        for item in [*group.items, None]:
            if isinstance(item, _New):
                run.append(item)
                continue
            if run:
                self._write_run(group, previous, run, item)
                run = []
            previous = item

    def _write_run(
        self, group: _Group, previous: _Row | None, run: Sequence[_New], following: _Row | None
    ) -> None:
        start = previous.index + 1 if previous else group.rows[0].index
        end = following.index if following else group.rows[-1].index + 1
        vacant = self.rows[start:end]
        if vacant:
            origins = {id(new.origin) for new in run}
            row = next((row for row in vacant if id(row) in origins), vacant[0])
            row.kept = True
            contents = self._contents(run, row.first)
            begin, _ = self.source.span(row.body[0])
            newline = self.source.newline(row.first)
            self.edits.replace(begin, self.source.row_end(row), newline.join(contents))
            return
        if previous:
            line = previous.last + 1
        else:
            assert following is not None
            line = self._line_above(following.index)
        self.edits.insert_lines(line, self._contents(run, line))

    def _write_above(self, anchor: _Anchor, contents: list[str]) -> None:
        line = self._anchor_line(anchor)
        if anchor.row and self.rows[anchor.row - 1].last == line - 1:
            contents = ["", *contents]
        self.edits.insert_lines(line, contents)

    def _write_below(self, anchor: _Anchor, contents: list[str]) -> None:
        source = self.source
        line = self._anchor_line(anchor)
        if line and not source.is_blank(line - 1):
            contents = ["", *contents]
        blanks = source.blanks_from(line)
        if line + blanks < len(source.lines):
            follows_imports = anchor.row >= 0 and self.rows[anchor.row].only_imports
            enough = 1 if blanks and follows_imports else self._blanks_needed(anchor, line + blanks)
            contents = contents + [""] * (enough - blanks)
        self.edits.insert_lines(line, contents)

    def _blanks_needed(self, anchor: _Anchor, line: int) -> int:
        """Two before a definition, with the comments that belong to it; else one."""
        if anchor.row + 1 == len(self.rows):
            return 1
        following = self.rows[anchor.row + 1]
        belongs = all(map(self.source.is_comment, range(line, following.first)))
        return 2 if belongs and isinstance(following.body[0], _DEFINITION) else 1

    def _anchor_line(self, anchor: _Anchor) -> int:
        if anchor.above:
            return self._line_above(anchor.row)
        return self.rows[anchor.row].last + 1 if anchor.row >= 0 else self._header_end()

    def _line_above(self, index: int) -> int:
        """The row's first line, or that of the comment which belongs to it."""
        line = first = self.rows[index].first
        floor = self.rows[index - 1].last + 1 if index else 0
        while line > floor and self.source.is_comment(line - 1):
            line -= 1
        comment = self.source.lines[line:first]
        heads_more = (
            line == 0 or any(map(_HEADER.match, comment)) or any(map(_HEADING.match, comment))
        )
        return first if heads_more else line

    def _header_end(self) -> int:
        """The line below the comments that belong to the file as a whole."""
        source = self.source
        stop = self.rows[0].first if self.rows else len(source.lines)
        end = line = 0
        while line < stop:
            begin = line
            while line < stop and source.is_comment(line):
                line += 1
            block = source.lines[begin:line]
            if line < stop or not self.rows or any(map(_HEADER.match, block[2:])):
                end = line if block else end
            else:  # it belongs to the code below it, but for a shebang and a coding cookie
                heads = sum(1 for content in block[:2] if _HEADER.match(content))
                end = begin + heads if heads else end
            line += source.blanks_from(line) if line < stop else 0
        return end

    def _contents(self, news: Sequence[_New], line: int) -> list[str]:
        """The lines to write for ``news`` at ``line``."""
        excuse = self._excuse(line)
        return [_text(new.imports) + (new.comment or excuse) for new in news]

    def _excuse(self, line: int) -> str:
        """The comment that excuses the neighbours from standing at the top of the file."""
        start = bisect_left(self.rows, line, key=lambda row: row.first)
        if start <= self.first_code:
            return ""
        above = self._neighbours(range(start - 1, -1, -1))
        below = self._neighbours(range(start, len(self.rows)))
        pair = [above[0], below[0]] if above and below else above or below
        comments = {self.source.comment_after(row) for row in pair}
        comment = comments.pop() if len(comments) == 1 else ""
        if _POSITION.fullmatch(comment) or (len(pair) == 2 and _BARE_NOQA.fullmatch(comment)):
            return comment
        return ""

    def _neighbours(self, indexes: Iterable[int]) -> list[_Row]:
        """The nearest two import rows, not beyond other code."""
        found: list[_Row] = []
        for index in indexes:
            row = self.rows[index]
            if len(found) == 2 or not row.only_imports or self.layout.is_future(row):
                break
            if not row.gone:
                found.append(row)
        return found


def _has_docstring(tree: ast.Module) -> bool:
    match tree.body:
        case [ast.Expr(value=ast.Constant(value=str())), *_]:
            return True
    return False


def _patches(node: ast.stmt) -> bool:
    """Whether the statement patches the standard library or chooses a backend."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id="patch") | ast.Attribute(attr="patch"))):
            return True
    for inner in ast.walk(node):
        match inner:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                if name in _PATCHERS:
                    return True
    return False


def _patches_on_import(node: ast.stmt) -> bool:
    """``import nova.monkey_patch``, which is there for what it does."""
    return isinstance(node, ast.Import) and any(
        alias.name.endswith(".monkey_patch") for alias in node.names
    )
