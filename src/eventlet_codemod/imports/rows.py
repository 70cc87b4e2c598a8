"""The text as rows of statements: where every import stands."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

from eventlet_codemod.imports.model import Import, ImportPlanError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_COMMENT_TAIL = re.compile(r"[ \t\f]*#[^\r\n]*")

Node: TypeAlias = ast.Import | ast.ImportFrom


@dataclass(slots=True, eq=False)
class Row:
    """Sibling statements that share their lines; nearly always just one."""

    index: int  # among the rows of its suite
    body: list[ast.stmt]
    first: int  # lines, from 0
    last: int
    imports: list[Statement] = field(default_factory=list)
    kept: bool = False  # its slot was taken by a new import

    @property
    def only_imports(self) -> bool:
        """Whether no other statement shares its lines."""
        return len(self.imports) == len(self.body)

    @property
    def gone(self) -> bool:
        """Whether nothing remains of it."""
        return self.only_imports and all(statement.gone for statement in self.imports)

    @property
    def entry(self) -> Import:
        """The import that the row is sorted by."""
        remaining = (name for statement in self.imports for name in statement.remaining)
        return next(remaining, self.imports[0].names[0])


@dataclass(slots=True, eq=False)
class Suite:
    """One list of statements; ``guard`` is the ``try`` whose body or handler it is."""

    owner: ast.AST
    body: list[ast.stmt]
    parent: Suite | None = None
    guard: ast.Try | None = None
    rows: list[Row] = field(default_factory=list)

    @property
    def top(self) -> bool:
        """Whether it is the module's own."""
        return self.parent is None

    @property
    def imports(self) -> Iterator[Statement]:
        """Its import statements, not those of suites within."""
        return (statement for row in self.rows for statement in row.imports)


@dataclass(slots=True, eq=False)
class Statement:
    """An import statement and what becomes of its names."""

    node: Node
    names: list[Import]
    suite: Suite
    row: Row
    dropped: set[int] = field(default_factory=set)
    appended: list[Import] = field(default_factory=list)  # merged into its list of names
    replaced: list[Import] = field(default_factory=list)  # in place, only below module level

    @property
    def gone(self) -> bool:
        """Whether it has lost every name."""
        return len(self.dropped) == len(self.names)

    @property
    def alone(self) -> bool:
        """Whether it has its lines for itself."""
        return len(self.row.body) == 1

    @property
    def remaining(self) -> list[Import]:
        """What it still binds."""
        return [name for index, name in enumerate(self.names) if index not in self.dropped]


class Source:
    """Text, its lines and every import statement in it."""

    def __init__(self, text: str) -> None:
        self.tree = parse(text)
        self.lines: list[str] = _LINE.findall(text)
        #: What the last line lacks: to every line there is an end, until the edits are made.
        self.padding = ""
        if text and not text.endswith(("\n", "\r")):
            self.padding = self.newline(0)
            self.lines[-1] += self.padding
        self.text = text + self.padding
        self.starts = list(accumulate(map(len, self.lines), initial=0))
        self.statements: list[Statement] = []
        self.top, *nested = _suites(self.tree)
        self.suites = [self.top]  # and those with imports
        self.suites += [s for s in nested if any(isinstance(node, Node) for node in s.body)]
        for suite in self.suites:
            self._add_rows(suite)
        self.statements.sort(key=lambda found: (found.node.lineno, found.node.col_offset))

    def _add_rows(self, suite: Suite) -> None:
        for node in suite.body:
            first, last = _first_line(node), (node.end_lineno or node.lineno) - 1
            if suite.rows and suite.rows[-1].last == first:
                row = suite.rows[-1]
                row.body.append(node)
                row.last = last
            else:
                row = Row(len(suite.rows), [node], first, last)
                suite.rows.append(row)
            if isinstance(node, Node):
                statement = Statement(node, _names(node), suite, row)
                row.imports.append(statement)
                self.statements.append(statement)

    def statement(self, ordinal: int) -> Statement:
        """The import statement of that number."""
        if not 0 <= ordinal < len(self.statements):
            raise ImportPlanError(f"there is no import statement {ordinal}")
        return self.statements[ordinal]

    def _offset(self, line: int, column: int) -> int:
        """Place in the text of what ``ast`` gives: a line from 1, a column in UTF-8 bytes."""
        content = self.lines[line - 1]
        if not content.isascii():
            column = len(content.encode()[:column].decode())
        return self.starts[line - 1] + column

    def span(self, node: ast.stmt | ast.alias) -> tuple[int, int]:
        """Where the node begins and ends in the text."""
        assert node.end_lineno is not None and node.end_col_offset is not None
        start = self._offset(node.lineno, node.col_offset)
        return start, self._offset(node.end_lineno, node.end_col_offset)

    def before(self, node: ast.stmt) -> str:
        """What stands before the node on its line."""
        return self.text[self.starts[node.lineno - 1] : self.span(node)[0]]

    def newline(self, line: int) -> str:
        """The line ending to use for a line put next to ``line``."""
        near = (*self.lines[line : line + 1], *self.lines[:line][-1:], *self.lines[:1])
        endings = (content[len(content.rstrip("\r\n")) :] for content in near)
        return next(filter(None, endings), "\n")

    def row_end(self, row: Row) -> int:
        """Where the row's last line ends, before its newline."""
        return self.starts[row.last] + len(self.lines[row.last].rstrip("\r\n"))

    def comment_after(self, row: Row) -> str:
        """The comment that ends the row's last line, with the space before it."""
        found = _COMMENT_TAIL.match(self.text, self.span(row.body[-1])[1])
        return found.group() if found else ""

    def is_blank(self, line: int) -> bool:
        """Whether there is nothing on the line."""
        return not self.lines[line].strip()

    def is_comment(self, line: int) -> bool:
        """Whether there is only a comment on the line."""
        return self.lines[line].lstrip().startswith("#")

    def blanks_from(self, line: int) -> int:
        """How many blank lines there are from ``line`` on."""
        end = line
        while end < len(self.lines) and self.is_blank(end):
            end += 1
        return end - line


def parse(text: str) -> ast.Module:
    """The syntax tree; ImportPlanError where there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the file's own strings, not ours to report
            return ast.parse(text)
    except SyntaxError as error:
        raise ImportPlanError(f"not valid Python: {error.msg}", error.lineno) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise ImportPlanError(f"cannot be parsed: {error}") from error


def _names(node: Node) -> list[Import]:
    if isinstance(node, ast.Import):
        return [Import(alias.name, None, alias.asname) for alias in node.names]
    module = "." * node.level + (node.module or "")
    return [Import(module, alias.name, alias.asname) for alias in node.names]


def _suites(tree: ast.Module) -> Iterator[Suite]:
    """Every list of statements. A stack, because a long ``elif`` chain nests deeply."""
    stack = [Suite(tree, tree.body)]
    while stack:
        suite = stack.pop()
        yield suite
        for node in suite.body:
            guard = node if isinstance(node, ast.Try) else None
            for name in ("body", "orelse", "finalbody"):
                inner = getattr(node, name, None)
                if inner:
                    stack.append(Suite(node, inner, suite, guard if name == "body" else None))
            for handler in getattr(node, "handlers", ()):
                stack.append(Suite(handler, handler.body, suite, guard))
            for case in getattr(node, "cases", ()):
                stack.append(Suite(case, case.body, suite))


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1
