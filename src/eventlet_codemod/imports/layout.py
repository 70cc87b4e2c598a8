"""What the imports at module level look like, and where new ones may stand."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from eventlet_codemod.imports.marking import New
from eventlet_codemod.imports.rows import Row
from eventlet_codemod.imports.style import Section, from_first, mixed, section_of, straight_first

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventlet_codemod.imports.model import Import
    from eventlet_codemod.imports.rows import Source
    from eventlet_codemod.imports.style import Key, Sort

DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

_PATCHERS = frozenset({"monkey_patch", "_monkey_patch", "init_backend", "patch_all"})

#: What shows, where the order of imports does not, that a project follows hacking.
_OPENSTACK = ("oslo", "neutron_lib")

Item: TypeAlias = Row | New


class Anchor(NamedTuple):
    """Where a new group goes: above the row of that index, touching it or the row before."""

    row: int
    above: bool


@dataclass(slots=True, eq=False)
class Group:
    """Imports without a blank line between them; a new group has an anchor and no rows."""

    rows: list[Row] = field(default_factory=list)
    anchor: Anchor | None = None
    items: list[Item] = field(default_factory=list)  # what stays and what is new, in order
    sections: Counter[Section] = field(default_factory=Counter)
    glued: bool = False  # code follows without a blank line

    @property
    def section(self) -> Section:
        """The section that most of the imports belong to."""
        return max(sorted(self.sections), key=self.sections.__getitem__)

    @property
    def position(self) -> int:
        """Its first row, or the one that a new group is put above."""
        return self.anchor.row if self.anchor else self.rows[0].index

    def within(self, window: range) -> bool:
        """Whether it stands among those rows; a new group also right below them."""
        return self.position in window or (
            self.anchor is not None and self.position == window.stop >= window.start
        )


class Layout:
    """The rows at module level and their groups."""

    def __init__(self, source: Source, first_party: frozenset[str], one_per_line: bool) -> None:
        self.source = source
        self.first_party = first_party
        self.one_per_line = one_per_line
        self.rows = source.top.rows
        definitions = (row.index for row in self.rows if isinstance(row.body[0], DEFINITION))
        self._limit = next(definitions, len(self.rows))
        self._docstring_end = int(ast.get_docstring(source.tree, clean=False) is not None)
        #: The first row that is neither docstring nor __future__.
        self.base = self._docstring_end
        while self.base < len(self.rows) and self.is_future(self.rows[self.base]):
            self.base += 1
        self._barriers: list[int] = []  # rows that patch: what is imported above them may differ
        self._first_use: dict[str, int] = {}
        self._scan_code()
        self.groups = self._find_groups()
        self._sorts = self._find_sorts()

    def section(self, new: Import) -> Section:
        """The section that an import belongs to."""
        return section_of(new.root, self.first_party)

    def is_future(self, row: Row) -> bool:
        """Whether the row imports from ``__future__``."""
        return row.only_imports and row.entry.root == "__future__"

    def window(self, new: Import) -> range:
        """The rows that it may stand among: before its first use, below what patches."""
        if self.section(new) is Section.FUTURE:
            return range(self._docstring_end, self.base)
        end = min(self._first_use.get(new.local, self._limit), self._limit)
        barriers = bisect_left(self._barriers, end)
        return range(self._barriers[barriers - 1] + 1 if barriers else self.base, end)

    def order(self, group: Group) -> Callable[[Import], Key]:
        """What the group is sorted by, sections first where it keeps them apart."""
        # min() takes the first of equals, and the sorts begin with the file's own.
        sort = min(self._sorts, key=lambda sort: self._disorder(group, sort))
        entries = [item.entry for item in group.items]
        sections = [section for section, _ in groupby(map(self.section, entries))]
        through = sort is mixed and entries == sorted(entries, key=sort)  # as H306 wants it
        if through or len(set(sections)) < len(sections):
            return sort
        ranks = {section: int(section) for section in Section}
        if sections != sorted(sections):
            ranks = dict.fromkeys(Section, len(sections))
            ranks.update((section, rank) for rank, section in enumerate(sections))
        return lambda new: (ranks[self.section(new)], *sort(new))

    def _scan_code(self) -> None:
        """Find barriers, and where names are first used while the module is imported."""
        for row in self.rows[self._docstring_end : self._limit]:
            if row.only_imports:
                if any(map(_patches_on_import, row.body)):
                    self._barriers.append(row.index)
                continue
            nodes = [inner for statement in row.body for inner in ast.walk(statement)]
            for node in nodes:
                if isinstance(node, ast.Name):
                    self._first_use.setdefault(node.id, row.index)
            if any(map(_is_patch, row.body)) or any(map(_calls_patcher, nodes)):
                self._barriers.append(row.index)

    def _find_groups(self) -> list[Group]:
        groups: list[Group] = []
        previous: Row | None = None
        for row in self.rows[self._docstring_end :]:
            touches = previous is not None and not any(
                map(self.source.is_blank, range(previous.last + 1, row.first))
            )
            if not row.only_imports:
                if previous and previous.only_imports:
                    groups[-1].glued = touches
            else:
                if not (previous and touches and self._belong_together(previous, row)):
                    groups.append(Group())
                groups[-1].rows.append(row)
                if not row.gone:
                    groups[-1].items.append(row)
                    groups[-1].sections[self.section(row.entry)] += 1
            previous = row
        return groups

    def _belong_together(self, row: Row, following: Row) -> bool:
        return (
            row.only_imports
            and self.is_future(row) == self.is_future(following)
            and row.index not in self._barriers
        )

    def _find_sorts(self) -> list[Sort]:
        """The ways to sort, beginning with the one that the file follows best."""
        rows = [row for group in self.groups for row in group.rows]
        sorts = [straight_first, mixed, from_first]
        if self.one_per_line or any(row.entry.root.startswith(_OPENSTACK) for row in rows):
            sorts = [mixed, straight_first, from_first]
        return sorted(sorts, key=lambda sort: sum(self._disorder(g, sort) for g in self.groups))

    def _disorder(self, group: Group, sort: Sort) -> int:
        return sum(
            sort(left.entry) > sort(right.entry)
            for left, right in pairwise(group.rows)
            if self.section(left.entry) is self.section(right.entry)
        )


def _is_patch(node: ast.stmt) -> bool:
    """``monkey_patch.patch()``, as a statement of its own."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id="patch") | ast.Attribute(attr="patch"))):
            return True
    return False


def _calls_patcher(node: ast.AST) -> bool:
    """Whether it patches the standard library or chooses a backend."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in _PATCHERS
    return False


def _patches_on_import(node: ast.stmt) -> bool:
    """``import nova.monkey_patch``, which is there for what it does."""
    return isinstance(node, ast.Import) and any(
        alias.name.endswith(".monkey_patch") for alias in node.names
    )
