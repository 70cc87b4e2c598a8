"""Separated lists in source text: names of an import, statements of a line."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from eventlet_codemod.imports.style import by_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_BREAK = re.compile(r"\r\n|\r|\n")

#: What may stand before a separator, taken without giving anything back: ``#`` ends the line.
_FILLER = r"(?:\s|\\|#[^\r\n]*+)*+"


def rewritten(
    text: str, spans: Sequence[tuple[int, int]], items: Sequence[str | None], separator: str
) -> str:
    """``text`` with ``items`` at ``spans``, where None takes the item out (not all of them).

    A line goes when all its items go, with its comment; what stays keeps its layout.
    """
    separators = []
    gaps = [text[: spans[0][0]]]
    for (_, end), (following, _) in pairwise([*spans, (len(text), 0)]):
        found = re.compile(_FILLER + separator).match(text, end, following)
        separators.append(found.group() if found else "")
        gaps.append(text[end + len(separators[-1]) : following])
    pieces: list[str] = []
    gap = gaps[0]
    for index, item in enumerate(items):
        after = gaps[index + 1]
        if item is None:
            gap = _joined(gap, after, first=not pieces, last=index == len(items) - 1)
        else:
            pieces += [gap, item, separators[index]]
            gap = after
    if items[-1] is None:
        pieces[-1] = separators[-1]
    return "".join([*pieces, gap])


def _joined(left: str, right: str, *, first: bool, last: bool) -> str:
    """What stands in the place of an item between ``left`` and ``right``."""
    breaks = list(_BREAK.finditer(left))
    below = _BREAK.search(right)
    if below is None:  # more on the same line, or the end of the list
        if last:
            return left + right if "#" in left else right
        return left
    if breaks:  # alone on its line
        return left[: breaks[-1].end()] + right[below.end() :]
    if first and not last:  # the opening line has lost its items: what follows moves up
        return left if not right[below.end() :].strip() else left.rstrip() + right[below.start() :]
    return right


def insert_name(names: list[str], name: str) -> None:
    """Put ``name`` where the order of ``names`` has it, at the end if they have none."""
    orders: list[Callable[[str], object]] = [by_kind, str.casefold, str]
    for order in orders:
        keys: list[Any] = [order(text) for text in names]
        if keys == sorted(keys):
            names.insert(bisect_right(keys, order(name)), name)
            return
    names.append(name)
