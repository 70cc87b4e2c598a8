"""Edits of the text, collected first and made all at once."""

from __future__ import annotations

from bisect import bisect_right
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventlet_codemod.imports.rows import Source


class Edits:
    """Spans of the text and what comes in their place."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._spans: list[tuple[int, int, str]] = []
        self._removed: set[int] = set()  # whole lines; blank lines around them follow later
        self._heads: set[int] = set()  # removed lines that began a nested suite
        self._inserted: set[int] = set()  # lines that something was put above

    def replace(self, start: int, end: int, text: str) -> None:
        """Put ``text`` in the place of a span."""
        self._spans.append((start, end, text))

    def insert_lines(self, line: int, contents: Iterable[str]) -> None:
        """Put lines in before ``line``."""
        newline = self.source.newline(line)
        start = self.source.starts[line]
        self.replace(start, start, "".join(content + newline for content in contents))
        self._inserted.add(line)

    def remove_lines(self, first: int, last: int, *, heads_suite: bool = False) -> None:
        """Remove whole lines, and the blank ones that would be too many then."""
        self._removed.update(range(first, last + 1))
        if heads_suite:
            self._heads.add(first)

    def apply(self) -> str:
        """The text after all edits."""
        if self._removed:
            self._close_gaps()
        starts = self.source.starts
        spans = self._spans + [(starts[line], starts[line + 1], "") for line in self._removed]
        pieces = []
        done = 0
        for start, end, text in sorted(spans, key=lambda span: span[:2]):
            assert start >= done
            pieces += [self.source.text[done:start], text]
            done = end
        return "".join([*pieces, self.source.text[done:]]).removesuffix(self.source.padding)

    def _close_gaps(self) -> None:
        """Where lines go, keep the blank ones above or below, whichever are more, or between."""
        source, removed = self.source, self._removed
        inserted, count = sorted(self._inserted), len(source.lines)

        def gap_of(line: int) -> tuple[bool, int]:
            return line in removed or source.is_blank(line), bisect_right(inserted, line)

        for gap in [list(gap) for (empty, _), gap in groupby(range(count), gap_of) if empty]:
            runs = [list(run) for _, run in groupby(gap, removed.__contains__)]
            gone = [line for line in gap if line in removed]
            if not gone:
                continue
            above = runs[0] if runs[0][0] not in removed else []
            below = runs[-1] if runs[-1][0] not in removed else []
            keep = max(above, below, key=len)
            if not keep and len(runs) > 1:
                keep = runs[1]  # of two groups that lose what stood next to it
            if gap[-1] + 1 == count and count not in inserted:
                keep = below
            if (gap[0] == 0 and 0 not in inserted) or (not above and gone[0] in self._heads):
                keep = []
            removed.update(line for line in gap if line not in keep)
