"""Code that reads as if a careful colleague had typed it: calls that fit the line."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_OPEN, _CLOSE = "([{", ")]}"


class Item(str):
    """Code of one argument with the comments of its author: on lines above it, and behind it."""

    above: tuple[str, ...] = ()
    behind: str = ""

    @classmethod
    def of(cls, code: str, above: Sequence[str] = (), behind: str = "") -> Item:
        """Code with its comments, each beginning with ``#``."""
        item = cls(code)
        item.above, item.behind = tuple(above), behind
        return item

    @property
    def commented(self) -> bool:
        """Whether there is a comment that needs a line."""
        return bool(self.above or self.behind)


@dataclass(frozen=True, slots=True)
class Group:
    """A bracketed argument that can be broken over lines: ``args=(a, b)``, ``kwargs={…}``."""

    opening: str
    items: tuple[str, ...]
    closing: str
    trailing: str = ""  # what a one-line form needs after the last item: the comma of ``(a,)``

    @property
    def commented(self) -> bool:
        """Whether one of the items has a comment."""
        return any(is_commented(item) for item in self.items)

    def __str__(self) -> str:
        return f"{self.opening}{', '.join(self.items)}{self.trailing}{self.closing}"


Argument = str | Group


def tuple_of(prefix: str, items: Sequence[str]) -> Group:
    """``prefix(a, b)``, with the comma that makes a tuple of a single item."""
    return Group(f"{prefix}(", tuple(items), ")", "," if len(items) == 1 else "")


def call(
    function: str,
    arguments: Sequence[Argument],
    *,
    indent: str,
    column: int,
    limit: int,
    suffix: str = "",
    tail: int = 0,
) -> str:
    """Code of ``function(arguments)suffix``, broken over lines only where it must be.

    ``column`` is where the code begins, ``indent`` that of its statement, ``tail`` the number of
    characters that follow it on its last line, ``limit`` the longest line allowed.
    """
    line = f"{function}({', '.join(map(str, arguments))}){suffix}"
    bare = "\n" not in line and not any(map(is_commented, arguments))
    if bare and column + len(line) + tail <= limit:
        return line
    return f"{function}(\n{_block(arguments, indent + '    ', limit)}{indent}){suffix}"


def _block(arguments: Sequence[Argument], indent: str, limit: int) -> str:
    """The arguments on one line of their own if they fit, else one to a line."""
    joined = ", ".join(map(str, arguments))
    bare = "\n" not in joined and not any(map(is_commented, arguments))
    if bare and len(indent) + len(joined) <= limit:
        return f"{indent}{joined}\n"
    return "".join(_lines(item, indent, limit) for item in arguments)


def _lines(argument: Argument, indent: str, limit: int) -> str:
    """One argument on lines of its own, with its comments."""
    above = "".join(f"{indent}{comment}\n" for comment in getattr(argument, "above", ()))
    behind = getattr(argument, "behind", "")
    end = f",  {behind}\n" if behind else ",\n"
    return f"{above}{indent}{_broken(argument, indent, limit)}{end}"


def holds_text(code: str) -> bool:
    """Whether code has a string of several lines in it, or may have one."""
    return "\n" in code and any(mark in code for mark in ('"""', "'''", "\\\n"))


def is_commented(argument: Argument) -> bool:
    """Whether an argument brings a comment that needs a line."""
    return isinstance(argument, (Item, Group)) and argument.commented


def _broken(argument: Argument, indent: str, limit: int) -> str:
    line = str(argument)
    fits = not is_commented(argument) and "\n" not in line and len(indent) + len(line) + 1 <= limit
    if fits or not isinstance(argument, Group) or not argument.items:
        return line
    inner = _block(argument.items, indent + "    ", limit)
    if len(argument.items) == 1 and argument.trailing and not inner.endswith(",\n"):
        inner = inner.rstrip("\n") + ",\n"
    return f"{argument.opening}\n{inner}{indent}{argument.closing}"


def collapse(code: str) -> str:
    """An expression on one line; as it was if a comment or a string keeps its line breaks."""
    if "\n" not in code and "\r" not in code:
        return code
    try:
        pieces = list(_pieces(f"({code})"))[1:-1]
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return code
    out: list[str] = []
    previous: _Piece | None = None
    for piece in pieces:
        if piece.text.startswith("#") or piece.start[0] != piece.end[0]:
            return code
        if previous is not None:
            if piece.start[0] == previous.end[0]:
                out.append(" " * (piece.start[1] - previous.end[1]))
            elif previous.text not in _OPEN and piece.text not in _CLOSE:
                out.append(" ")
            elif piece.text in _CLOSE and previous.text == "," and out[-1] == ",":
                _drop_magic_comma(out)
        out.append(piece.text)
        previous = piece
    return "".join(out)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A token as it stands in the source; an f-string is one."""

    text: str
    start: tuple[int, int]
    end: tuple[int, int]


def _pieces(code: str) -> Iterator[_Piece]:
    lines = code.split("\n")
    opened: list[tuple[int, int]] = []
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        kind = tokenize.tok_name[token.type]
        if kind.endswith("STRING_START"):
            opened.append(token.start)
        if opened:
            if kind.endswith("STRING_END"):
                start = opened.pop()
                if not opened:
                    yield _Piece(_between(lines, start, token.end), start, token.end)
        elif token.string.strip():
            yield _Piece(token.string, token.start, token.end)


def _between(lines: Sequence[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] : end[1]]
    middle = lines[start[0] : end[0] - 1]
    return "\n".join([lines[start[0] - 1][start[1] :], *middle, lines[end[0] - 1][: end[1]]])


def _drop_magic_comma(out: list[str]) -> None:
    """``f(a, b,)`` and ``[a,]`` read better without their last comma; ``(a,)`` needs it."""
    depth, commas = 0, 0
    for place in range(len(out) - 2, -1, -1):
        text = out[place]
        if text in (")", "]", "}"):
            depth += 1
        elif text in ("(", "[", "{"):
            if depth:
                depth -= 1
                continue
            before = out[place - 1] if place else ""
            called = text == "(" and (before in (")", "]") or before.isidentifier())
            if text != "(" or called or commas:
                del out[-1]
            return
        elif text == "," and not depth:
            commas += 1
