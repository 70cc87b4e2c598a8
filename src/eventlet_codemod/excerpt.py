"""The excerpt: a file in which every statement that does not matter is one placeholder line.

Parsing a file into a concrete tree is nearly all of the cost of a rewrite, and nearly all of a
file has nothing to do with eventlet. One property holds: putting back what was taken out of an
excerpt gives the same file, byte for byte.
"""

from __future__ import annotations

import ast
import difflib
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_FORM_FEED = re.compile(r"[ \t]*\x0c[ \t\x0c]*(?=[^\s])")


class ExcerptError(Exception):
    """A placeholder did not come back as it was."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """``text`` is a small module; ``line_of`` maps kept lines of the file to lines of ``text``.

    ``taken`` holds the lines behind each placeholder, ``mark`` is the word they begin with.
    ``cut_from`` counts the characters that a kept line lost at its start: a form feed, which
    stands on a line of its own here.
    """

    text: str
    line_of: dict[int, int]
    taken: tuple[str, ...]
    mark: str
    cut_from: dict[int, int] = field(default_factory=dict)

    def put_back(self, text: str) -> str:
        """The whole file again, from ``text``: the excerpt's own, or an edited form of it.

        Raises ExcerptError when a placeholder is missing, doubled, out of order or moved to
        another indentation.
        """
        if not self.taken:
            return text
        placeholder = re.compile(rf"[ \t]*#?{self.mark}(\d+)__")
        out: list[str] = []
        next_taken, indent = 0, None
        for line in _split(text):
            match = placeholder.match(line)
            if match is None:
                if indent is not None:
                    line, indent = indent + line.lstrip(" \t"), None
                out.append(line)
                continue
            original = self.taken[next_taken] if next_taken < len(self.taken) else ""
            if int(match[1]) != next_taken:
                raise ExcerptError(f"placeholder {match[1]} stands where {next_taken} should")
            next_taken += 1
            if line.lstrip().startswith("#"):  # a form feed before the next line
                indent = original
            elif line[: len(line) - len(line.lstrip(" \t"))] != _indent(original):
                raise ExcerptError(f"placeholder {match[1]} was indented anew")
            else:
                out.append(original)
        if next_taken != len(self.taken):
            raise ExcerptError(f"placeholder {next_taken} is missing")
        return "".join(out)

    def changed_lines(self, text: str) -> list[tuple[int, int, int, int]] | None:
        """Where the file changes when ``text`` is put back, as ranges of lines from 0.

        Each is ``(old start, old stop, new start, new stop)``. None when lines end in other ways
        than with a line feed, so that they cannot be counted.
        """
        if re.search(r"\r(?!\n)", text) or any(re.search(r"\r(?!\n)", t) for t in self.taken):
            return None
        old, new = self.text.splitlines(), text.splitlines()
        if len(old) != self.text.count("\n") + (not self.text.endswith("\n")):
            return None  # separators that are no line ends for git
        places = [self._places(old), self._places(new)]
        matcher = difflib.SequenceMatcher(None, old, new)
        return [
            (places[0][i1], places[0][i2], places[1][j1], places[1][j2])
            for tag, i1, i2, j1, j2 in matcher.get_opcodes()
            if tag != "equal"
        ]

    def _places(self, lines: list[str]) -> list[int]:
        """For each line of an excerpt, how many lines of the whole file stand above it."""
        placeholder = re.compile(rf"[ \t]*(#?){self.mark}(\d+)__")
        places = [0]
        for line in lines:
            match = placeholder.match(line)
            size = 1
            if match:
                size = 0 if match[1] else self.taken[int(match[2])].count("\n")
            places.append(places[-1] + size)
        return places


def take(
    text: str,
    tree: ast.Module,
    keep: Iterable[ast.AST],
    whole: Iterable[ast.AST] = (),
    imports: Iterable[ast.AST] | None = None,
) -> Excerpt:
    """Reduce ``text`` to the statements in ``keep`` and the headers around them.

    ``whole`` are compound statements and except clauses whose body must stay as well. Imports, the
    module's docstring and the statements among the top imports always stay. ``imports`` are
    the import statements of the tree, where they are known already.
    """
    if imports is None:
        imports = [n for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom))]
    return _Taker(text, tree, frozenset(keep), frozenset(whole), imports).run()


class _Taker:
    def __init__(
        self,
        text: str,
        tree: ast.Module,
        keep: frozenset[ast.AST],
        whole: frozenset[ast.AST],
        imports: Iterable[ast.AST],
    ) -> None:
        self.lines = _split(text)
        self.imports = sorted(node.lineno for node in imports)  # type: ignore[attr-defined]
        self.tree = tree
        self.keep = keep
        self.whole = set(whole)
        self.mark = "__excerpt"
        while self.mark in text:
            self.mark += "_"
        self.runs: list[tuple[int, int]] = []
        self.cut_from: dict[int, int] = {}

    def run(self) -> Excerpt:
        self._body(self.tree.body, self._prelude())
        out: list[str] = []
        taken: list[str] = []
        line_of: dict[int, int] = {}
        number = 1
        for first, last in [*self.runs, (len(self.lines) + 1, 0)]:
            self._keep_lines(number, first, out, taken, line_of)
            if last:
                original = "".join(self.lines[first - 1 : last])
                newline = _newline(self.lines[last - 1])
                out.append(f"{_indent(original)}{self.mark}{len(taken)}__{newline}")
                taken.append(original)
            number = last + 1
        return Excerpt("".join(out), line_of, tuple(taken), self.mark, self.cut_from)

    def _keep_lines(
        self, start: int, stop: int, out: list[str], taken: list[str], line_of: dict[int, int]
    ) -> None:
        for number in range(start, stop):
            line = self.lines[number - 1]
            if match := _FORM_FEED.match(line):  # libcst would lose it
                indent = re.split("\x0c", match[0])[-1]
                out.append(f"{indent}#{self.mark}{len(taken)}__{_newline(line) or chr(10)}")
                taken.append(match[0])
                self.cut_from[number] = len(match[0]) - len(indent)
                line = indent + line[match.end() :]
            out.append(line)
            line_of[number] = len(out)

    def _prelude(self) -> int:
        """The line of the last top-level import, or of the first definition if that is above it.

        What stands before it stays: it may need a new import, or decide where one goes.
        """
        imports = [s for s in self.tree.body if isinstance(s, (ast.Import, ast.ImportFrom))]
        last = imports[-1].lineno if imports else 0
        return min([last, *(s.lineno for s in self.tree.body if isinstance(s, _DEFINITION))])

    def _body(self, body: list[ast.stmt], prelude: int = 0) -> None:
        kept = [self._stays(s, i, body, prelude) for i, s in enumerate(body)]
        for index in range(1, len(body)):  # statements on one line go together
            if body[index - 1].end_lineno == _start(body[index]) and kept[index] != kept[index - 1]:
                kept[index] = kept[index - 1] = True
        for index in reversed(range(1, len(body))):
            if body[index - 1].end_lineno == _start(body[index]) and kept[index]:
                kept[index - 1] = True
        index = 0
        while index < len(body):
            if kept[index]:
                if body[index] not in self.whole:
                    self._inside(body[index])
                index += 1
                continue
            stop = index
            while stop < len(body) and not kept[stop]:
                stop += 1
            first, last = _start(body[index]), body[stop - 1].end_lineno or 0
            before = self.lines[first - 1][: _column(body[index], self.lines)]
            if not before.strip(" \t"):
                self.runs.append((first, last))
            index = stop

    def _stays(self, statement: ast.stmt, index: int, body: list[ast.stmt], prelude: int) -> bool:
        if statement in self.keep or isinstance(statement, (ast.Import, ast.ImportFrom)):
            return True
        if index == 0 and body is self.tree.body and ast.get_docstring(self.tree) is not None:
            return True
        if statement.lineno <= prelude:
            if not isinstance(statement, _DEFINITION):
                self.whole.add(statement)
            return True
        return self._holds_import(statement)

    def _holds_import(self, statement: ast.stmt) -> bool:
        place = bisect_left(self.imports, statement.lineno)
        last = statement.end_lineno or 0
        return place < len(self.imports) and self.imports[place] <= last

    def _inside(self, statement: ast.stmt) -> None:
        left_whole = [h.body for h in getattr(statement, "handlers", []) if h in self.whole]
        for block in _blocks(statement):
            if block in left_whole:
                continue
            if len(block) == 1 and self._is_elif(block[0]):
                self._inside(block[0])
            else:
                self._body(block)

    def _is_elif(self, statement: ast.stmt) -> bool:
        if not isinstance(statement, ast.If):
            return False
        line = self.lines[statement.lineno - 1]
        return line[_column(statement, self.lines) :].startswith("elif")


def _split(text: str) -> list[str]:
    """Lines with their ends."""
    if "\r" in text:
        return _LINE.findall(text)
    *lines, last = text.split("\n")
    return [line + "\n" for line in lines] + ([last] if last else [])


def _blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    blocks = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
    blocks += [handler.body for handler in getattr(statement, "handlers", [])]
    blocks += [case.body for case in getattr(statement, "cases", [])]
    return sorted((block for block in blocks if block), key=lambda block: block[0].lineno)


def _start(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(int(item.lineno) for item in decorators)])


def _column(statement: ast.stmt, lines: list[str]) -> int:
    """Where the statement begins in its first line, in characters."""
    line = lines[_start(statement) - 1]
    offset = statement.col_offset
    return offset if line.isascii() else len(line.encode()[:offset].decode(errors="ignore"))


def _indent(text: str) -> str:
    return text[: len(text) - len(text.lstrip(" \t"))]


def _newline(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
