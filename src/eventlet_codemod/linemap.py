"""Which line of a text is which line of the text before it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from eventlet_codemod.patch import differences

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
        changes = differences(before, after)
        return cls(tuple((a + 1, b + 1, c + 1, d + 1) for a, b, c, d in changes), len(before))

    def back(self, line: int) -> int:
        """The line of the old text that ``line`` was; of a new line, where its change begins."""
        place = bisect_right(self.changes, line, key=lambda change: change[2]) - 1
        if place < 0:
            return line
        old_start, old_stop, _, new_stop = self.changes[place]
        if line >= new_stop:
            return line - new_stop + old_stop
        return min(max(old_start, 1), self.old_lines)
