"""Chooses the group and the place of each new import."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING

from eventlet_codemod.imports.layout import Anchor, Group
from eventlet_codemod.imports.marking import New
from eventlet_codemod.imports.model import statement_text
from eventlet_codemod.imports.style import Section, by_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventlet_codemod.imports.layout import Item, Layout
    from eventlet_codemod.imports.model import Import
    from eventlet_codemod.imports.rows import Statement
    from eventlet_codemod.imports.style import Key

#: The longest line to make by adding to a list of names: what PEP 8 allows everywhere.
_JOINED_LENGTH = 79


def place(layout: Layout, news: Sequence[New]) -> None:
    """Put ``news`` in the groups, in an order that does not depend on that of requests."""
    placer = _Placer(layout)
    for new in sorted(news, key=placer.rank):
        if not placer.join(new):
            placer.put(new)


class _Placer:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.groups = layout.groups
        # What a name may be added to, by module: only statements of the form ``from``.
        self.lists: defaultdict[str, list[Statement]] = defaultdict(list)
        self.pending: defaultdict[str, list[New]] = defaultdict(list)
        for row in layout.rows[layout.base :]:
            for statement in row.imports:
                if statement.names[0].name:
                    self.lists[statement.names[0].module].append(statement)
        statements = (statement for found in self.lists.values() for statement in found)
        self.joins = not layout.one_per_line and any(len(found.names) > 1 for found in statements)

    def rank(self, new: New) -> Key:
        entry = new.entry
        name = by_kind(entry.name) if entry.name else ()
        return self.layout.section(entry), entry.module.lower(), name, entry.alias or ""

    def join(self, new: New) -> bool:
        """Put the name in a list of names of the same module, if the file has such lists."""
        module = new.entry.module
        if not self.joins or new.entry.name in (None, "*"):
            return False
        for other in self.pending[module]:
            if self._joins(other, new):
                other.imports += new.imports
                return True
        window = self.layout.window(new.entry)
        for statement in self.lists[module]:
            if not new.comment and statement.row.index in window and self._takes(statement, new):
                statement.appended += new.imports
                return True
        self.pending[module].append(new)
        return False

    def _joins(self, other: New, new: New) -> bool:
        """Names that stood in two statements stay in two."""
        if new.origin and other.origin:
            fits = new.origin is other.origin
        else:
            fits = not new.comment and not other.comment
        return (
            fits
            and self.layout.window(new.entry) == self.layout.window(other.entry)
            and len(statement_text(other.imports + new.imports)) <= _JOINED_LENGTH
        )

    def _takes(self, statement: Statement, new: New) -> bool:
        """Whether the statement is a plain line that has room for the name."""
        source, row = self.layout.source, statement.row
        names = [*statement.remaining, *statement.appended]
        return (
            statement.alone
            and row.first == row.last
            and not statement.gone
            and names[0].name != "*"
            and source.span(statement.node)[1] == source.row_end(row)
            and not source.lines[row.last].rstrip().endswith(")")
            and len(statement_text(names + new.imports)) <= _JOINED_LENGTH
        )

    def put(self, new: New) -> None:
        """Give it a place in a group."""
        entry = new.entry
        section, window = self.layout.section(entry), self.layout.window(entry)
        group = self._home(entry, section, window) or self._make_home(section, window)
        group.items.insert(self._position(group, new), new)
        group.sections[section] += 1

    def _position(self, group: Group, new: New) -> int:
        """Its place in the group's order; where there is none, that of what it replaces."""
        order = self.layout.order(group)
        key = order(new.entry)
        keys = [order(item.entry) for item in group.items]
        if keys == sorted(keys):
            return bisect_right(keys, key)
        if new.origin in group.rows:
            index = _row_index(new)
            above = (i for i, item in enumerate(group.items, 1) if _row_index(item) <= index)
            return max(above, default=0)
        # Where it disturbs least.
        disorder = list(accumulate(((other > key) - (other < key) for other in keys), initial=0))
        return disorder.index(min(disorder))

    def _home(self, new: Import, section: Section, window: range) -> Group | None:
        """The group that the import belongs to: its package's, or one of its section."""
        groups = [group for group in self.groups if group.within(window)]
        ranked = [] if section is Section.STDLIB else [g for g in groups if _holds(g, new.root)]
        found = [group for group in groups if section in group.sections]
        ranked += sorted(found, key=lambda group: group.section is not section)
        return next((g for g in ranked if not g.glued), next(iter(ranked), None))

    def _make_home(self, section: Section, window: range) -> Group:
        """A group that has lost all its imports, or a new one, in the order of sections.

        Where the file does not keep sections apart, the group that is there instead.
        """
        groups = [group for group in self.groups if group.within(window)]
        earlier = list(takewhile(lambda g: not g.items or g.section <= section, groups))
        after = next(iter(groups[len(earlier) :]), None)
        vacant = None
        while earlier and not earlier[-1].items:
            vacant = earlier.pop()
        if vacant:
            return vacant
        neighbour = after or (earlier[-1] if earlier else None)
        if neighbour and len(neighbour.sections) > 1:
            return neighbour
        if after:
            anchor = after.anchor or Anchor(after.rows[0].index, above=True)
            position = self.groups.index(after)
        elif neighbour:
            anchor = neighbour.anchor or Anchor(neighbour.rows[-1].index + 1, above=False)
            position = self.groups.index(neighbour) + 1
        else:
            anchor = Anchor(window.start, above=False)
            position = sum(group.position < window.start for group in self.groups)
        group = Group(anchor=anchor)
        self.groups.insert(position, group)
        return group


def _holds(group: Group, root: str) -> bool:
    return any(item.entry.root == root for item in group.items)


def _row_index(item: Item) -> float:
    """The row that it is or replaces."""
    if not isinstance(item, New):
        return item.index
    return item.origin.index if item.origin else math.inf
