"""Puts the new imports of the groups in the text."""

from __future__ import annotations

from bisect import bisect_left
from itertools import groupby
from typing import TYPE_CHECKING

from eventlet_codemod.imports.layout import DEFINITION
from eventlet_codemod.imports.marking import New
from eventlet_codemod.imports.model import statement_text
from eventlet_codemod.imports.style import BARE_NOQA, HEADER, HEADING, POSITION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventlet_codemod.imports.edits import Edits
    from eventlet_codemod.imports.layout import Anchor, Group, Layout
    from eventlet_codemod.imports.rows import Row


def write(layout: Layout, edits: Edits) -> None:
    """Write all that is new in the groups of ``layout``."""
    writer = _Writer(layout, edits)
    # Groups stand in the order of the text, and new ones at one place are written together.
    for anchor, groups in groupby(layout.groups, key=lambda group: group.anchor):
        if anchor is None:
            for group in groups:
                writer.write_into(group)
        else:
            writer.write_new(anchor, groups)


class _Writer:
    def __init__(self, layout: Layout, edits: Edits) -> None:
        self.source = layout.source
        self.edits = edits
        self.layout = layout
        self.rows = layout.rows
        code = (row.index for row in self.rows[layout.base :] if not row.only_imports)
        self.first_code = next(code, len(self.rows))

    def write_into(self, group: Group) -> None:
        """Write the new imports of a group that is there, in vacant rows where there are any."""
        previous: Row | None = None
        run: list[New] = []
        for item in [*group.items, None]:
            if isinstance(item, New):
                run.append(item)
                continue
            if run:
                self._write_run(group, previous, run, item)
                run = []
            previous = item

    def _write_run(
        self, group: Group, previous: Row | None, run: Sequence[New], following: Row | None
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
        else:
            line = previous.last + 1 if previous else self._line_above(start)
            self.edits.insert_lines(line, self._contents(run, line))

    def write_new(self, anchor: Anchor, groups: Iterable[Group]) -> None:
        """Write new groups at one place, with the blank lines that they need."""
        source = self.source
        if anchor.above:
            line = self._line_above(anchor.row, new_group=True)
        else:
            line = self.rows[anchor.row - 1].last + 1 if anchor.row else self._header_end()
        contents: list[str] = []
        for group in groups:
            news = [item for item in group.items if isinstance(item, New)]
            contents += ["", *self._contents(news, line)]
        above = self._kept_above(anchor.row, line)
        heading = above and anchor.above and source.is_comment(above - 1)
        if not above or heading or source.is_blank(above - 1):
            del contents[0]
        blanks = source.blanks_from(line)
        if line + blanks < len(source.lines):
            contents += [""] * (self._blanks_below(anchor, line + blanks, blanks) - blanks)
        self.edits.insert_lines(line, contents)

    def _kept_above(self, index: int, line: int) -> int:
        """``line``, or the first line of the rows right above it that go."""
        for row in reversed(self.rows[:index]):
            if row.last + 1 < line or row.kept or not row.gone:
                break
            line = row.first
        return line

    def _blanks_below(self, anchor: Anchor, line: int, blanks: int) -> int:
        """Two before a definition, with the comments that belong to it; else one."""
        above, below = self.rows[: anchor.row][-1:], self.rows[anchor.row :][:1]
        if blanks and above and above[0].only_imports:
            return blanks
        if not below or not isinstance(below[0].body[0], DEFINITION):
            return 1
        return 2 if all(map(self.source.is_comment, range(line, below[0].first))) else 1

    def _line_above(self, index: int, *, new_group: bool = False) -> int:
        """The row's first line, or that of the comment which belongs to it, or to its group."""
        line = first = self.rows[index].first
        floor = self.rows[index - 1].last + 1 if index else 0
        while line > floor and self.source.is_comment(line - 1):
            line -= 1
        comment = self.source.lines[line:first]
        if any(map(HEADER.match, comment)):
            return first
        if any(map(HEADING.match, comment)):
            return line if new_group else first
        return line or first

    def _header_end(self) -> int:
        """The line below blank lines, and comments that belong to the file as a whole."""
        source = self.source
        stop = self.rows[0].first if self.rows else len(source.lines)
        end = line = 0
        while line < stop:
            begin = line
            while line < stop and source.is_comment(line):
                line += 1
            block = source.lines[begin:line]
            if line < stop or not self.rows or any(map(HEADER.match, block[2:])):
                end = line if block else end
            else:  # it belongs to the code below it, but for a shebang and a coding cookie
                heads = sum(1 for content in block[:2] if HEADER.match(content))
                end = begin + heads if heads else end
            line += source.blanks_from(line)
        return end or (source.blanks_from(0) if self.rows else 0)

    def _contents(self, news: Iterable[New], line: int) -> list[str]:
        """The lines to write for ``news`` at ``line``."""
        excuse = self._excuse(line)
        return [statement_text(new.imports) + (new.comment or excuse) for new in news]

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
        if POSITION.fullmatch(comment) or (len(pair) == 2 and BARE_NOQA.fullmatch(comment)):
            return comment
        return ""

    def _neighbours(self, indexes: Iterable[int]) -> list[Row]:
        """The nearest two import rows, not beyond other code."""
        found: list[Row] = []
        for index in indexes:
            row = self.rows[index]
            if len(found) == 2 or not row.only_imports or self.layout.is_future(row):
                break
            if not row.gone:
                found.append(row)
        return found
