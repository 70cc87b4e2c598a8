"""Which line of a text is which line of the text before it."""

from __future__ import annotations

import difflib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

#: Lines from 1, as slices count: ``old_start`` to ``old_stop`` became the others.
Change = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class LineMap:
    """The way from a text back to the one before it; lines count from 1 and end at a newline."""

    changes: tuple[Change, ...]
    old_lines: int

    @classmethod
    def between(cls, old: str, new: str) -> LineMap:
        """Compare two texts."""
        before, after = old.split("\n"), new.split("\n")
        return cls(tuple(_changes(before, after)), len(before))

    def back(self, line: int) -> int:
        """The line of the old text that ``line`` was; of a new line, where its change begins."""
        place = bisect_right(self.changes, line, key=lambda change: change[2]) - 1
        if place < 0:
            return line
        old_start, old_stop, _, new_stop = self.changes[place]
        if line >= new_stop:
            return line - new_stop + old_stop
        return min(max(old_start, 1), self.old_lines)


def _changes(before: list[str], after: list[str]) -> Iterator[Change]:
    """What differs, the common ends left out: these are dear to difflib and cheap to trim."""
    start = 0
    shorter = min(len(before), len(after))
    while start < shorter and before[start] == after[start]:
        start += 1
    end = 0
    while end < shorter - start and before[-1 - end] == after[-1 - end]:
        end += 1
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    matcher = difflib.SequenceMatcher(None, old, new)
    for tag, a, a_stop, b, b_stop in matcher.get_opcodes():
        if tag != "equal":
            yield start + a + 1, start + a_stop + 1, start + b + 1, start + b_stop + 1
