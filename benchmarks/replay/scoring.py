"""How much of what a person edited for eventlet's sake the tool edited in the same way.

The edits of a version are the entries that it removes from the parent's and those that it adds.
The score is F1 over both together: twice what the tool and the person have in common, by the sum of
what each has. A commit holds other work as well, and often takes one API of a file and leaves the
next for another day. So two filters come first; ``raw`` is the score without them.

**What counts of the person's edits** (`of_eventlet`). A removed entry counts if

- it names eventlet or greenlet, in code or in a string, or a *handle*: a variable or an attribute
  that the parent gives something of eventlet's, an alias of one, a list of them or an item of that;
- or the tool removed it too;
- or one was added in its place that differs only in a method of eventlet's objects and its native
  counterpart (``x.balance`` and ``x._value``): such objects may come from other files;
- or the function that it stands in (the outermost) has one that counts by the above, or the
  class around it if the header of the class does.

An added entry counts if it stands in a function with a removed one that counts, or in a new one
that takes over such an entry, or the tool added it too, or it shares a name that is new to the file
with one that counts. That lets in too much rather than too little:
whatever eventlet-related edit the tool missed is a removed entry of the first kind. At the level of
a module or of a class body the same is done as in a function.

**What counts of the tool's edits** (`in_scope`). All, but where it changed a use of an API of which
the person left every use in the file as it was: that is work of another commit, and the person
can neither confirm it nor deny it. It is reported as ``beyond``. Methods that only an Event or a
Semaphore has count as uses of that.

If neither has edits of statements, the imports are scored, by the same rules.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from statements import Statement, Version, chain, identifiers

#: What names eventlet, in code or in a string: also what stands for it in oslo and futurist.
WORDS = re.compile(r"eventlet|green(let|_?thread|pool|pile)|\boslo_service\.wsgi\b", re.IGNORECASE)

#: The API whose objects have such a method, where the object itself comes from elsewhere.
OWNERS = {"balance": "Semaphore", "ready": "Event", "send": "Event"}

#: Methods and attributes of eventlet's objects, and what people write for them.
RENAMED = {
    "balance": {"_value"},
    "cancel": {"cancel"},
    "kill": {"cancel", "join", "result"},
    "link": {"add_done_callback"},
    "ready": {"is_set"},
    "send": {"set", "set_result"},
    "spawn": {"submit"},
    "spawn_n": {"submit"},
    "wait": {"join", "result"},
    "waitall": {"shutdown"},
}


@dataclass(frozen=True, slots=True)
class Edits:
    """What a version removes from its parent, and what it adds."""

    removed: Counter[Statement] = field(default_factory=Counter)
    added: Counter[Statement] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.removed.total() + self.added.total()


@dataclass(frozen=True, slots=True)
class Score:
    """One comparison. A score is None where there is nothing to compare."""

    f1: float | None
    raw: float | None
    imports: float | None
    tool: Edits
    human: Edits
    beyond: Edits
    unrelated: Edits

    @property
    def human_only(self) -> list[str]:
        return difference(self.human, self.tool)

    @property
    def tool_only(self) -> list[str]:
        return difference(self.tool, self.human)


def score(parent: Version, tool: Version, human: Version) -> Score:
    """Compare what the tool made of a file with what a person did."""
    ours, theirs = edits(parent, tool), edits(parent, human)
    facts = Facts(parent)
    related = of_eventlet(theirs, ours, human, facts)
    scoped = in_scope(ours, related, parent, tool, facts)
    imports = f1(*imported_edits(parent, tool, human, related))
    nothing = not scoped.total and not related.total
    return Score(
        f1=imports if nothing else f1(scoped, related),
        raw=f1(ours, theirs),
        imports=imports,
        tool=scoped,
        human=related,
        beyond=less(ours, scoped),
        unrelated=less(theirs, related),
    )


def edits(parent: Version, version: Version) -> Edits:
    before, after = Counter(parent.statements), Counter(version.statements)
    return Edits(before - after, after - before)


def less(some: Edits, others: Edits) -> Edits:
    return Edits(some.removed - others.removed, some.added - others.added)


def f1(tool: Edits, human: Edits) -> float | None:
    """None where neither edited anything."""
    common = (tool.removed & human.removed).total() + (tool.added & human.added).total()
    total = tool.total + human.total
    return 2 * common / total if total else None


def difference(some: Edits, others: Edits) -> list[str]:
    """The edits that only ``some`` have: what they remove, then what they add."""
    alone = less(some, others)
    return [
        f"{'removes' if group is alone.removed else 'adds':7} {entry}"
        for group in (alone.removed, alone.added)
        for entry in group.elements()
    ]


# --- what is eventlet's -------------------------------------------------------------------------


class Facts:
    """What the parent's file says of eventlet: which of its names hold something of it."""

    def __init__(self, parent: Version) -> None:
        self.parent = parent
        self.units = frozenset(entry.unit for entry in parent.statements)
        #: The APIs that a handle comes from, by where it is known and what it is called.
        self.handles: dict[tuple[str, str], frozenset[str]] = {}
        while self._learn():
            pass

    def _learn(self) -> bool:
        known = dict(self.handles)
        for entry in self.parent.statements:
            for part in entry.parts:
                for target, value in given(part):
                    apis = self._given_apis(entry, value)
                    where = self._where(entry, target)
                    if apis and where:
                        self.handles[where] = self.handles.get(where, frozenset()) | apis
        return known != self.handles

    def _given_apis(self, entry: Statement, value: ast.AST) -> frozenset[str]:
        """The APIs in a value; of a handle only what it is itself, not what is done with it."""
        return named(value) | self._held(entry, chain(value))

    def _where(self, entry: Statement, target: str) -> tuple[str, str] | None:
        if not target:
            return None
        return (entry.owner if target.startswith(("self.", "cls.")) else entry.unit), target

    def _held(self, entry: Statement, name: str) -> frozenset[str]:
        places = (entry.unit, entry.owner, "")
        return frozenset().union(*(self.handles.get((p, name), frozenset()) for p in places))

    def apis(self, entry: Statement) -> frozenset[str]:
        """The APIs that an entry names, or has handles of."""
        found = frozenset().union(*(named(part) for part in entry.parts))
        chains = {chain(node) for part in entry.parts for node in ast.walk(part)}
        return found.union(*(self._held(entry, name) for name in chains if name))

    def about(self, entry: Statement) -> bool:
        return WORDS.search(entry.text) is not None or bool(self.apis(entry))


def given(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Each name or attribute that is given a value in a node, and the value."""
    for item in ast.walk(node):
        match item:
            case ast.Assign(targets=targets, value=value):
                yield from ((chain(target), value) for target in targets)
            case ast.AnnAssign(target=target, value=ast.AST() as value):
                yield chain(target), value
            case ast.NamedExpr(target=target, value=value):
                yield chain(target), value
            case ast.withitem(context_expr=value, optional_vars=ast.AST() as target):
                yield chain(target), value
            case ast.comprehension(target=target, iter=value):
                yield chain(target), value
            case ast.Call(func=ast.Attribute(value=where, attr="append"), args=[value]):
                yield chain(where), value


def named(node: ast.AST) -> frozenset[str]:
    """The APIs of eventlet that code or strings name: by their last word, and that of a module.

    ``eventlet.spawn`` and ``eventlet.greenthread.spawn`` are both ``spawn``.
    """
    found = set()
    inner = {id(item.value) for item in ast.walk(node) if isinstance(item, ast.Attribute)}
    for item in ast.walk(node):
        name = chain(item) if id(item) not in inner else ""
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            name = item.value if re.fullmatch(r"[\w.]+", item.value) else ""
        if WORDS.search(name):
            found.add(api(name))
    return frozenset(found)


def api(name: str) -> str:
    green = re.search(r"eventlet\.green\.\w+", name)
    return green[0] if green else name.rpartition(".")[2]


# --- the person's edits -------------------------------------------------------------------------


def of_eventlet(theirs: Edits, ours: Edits, human: Version, facts: Facts) -> Edits:
    """The edits of a person that belong to the change of eventlet: see the top of this module."""
    first = [
        entry
        for entry in theirs.removed
        if facts.about(entry) or entry in ours.removed or has_native_twin(entry, theirs)
    ]
    units = {entry.unit for entry in first}
    classes = {e.owner for e in first if e.text.startswith("class ") and e.scope == e.owner}

    def counts(entry: Statement) -> bool:
        return entry.unit in units or any(
            entry.scope == name or entry.scope.startswith(f"{name}.") for name in classes
        )

    removed = [entry for entry in theirs.removed if counts(entry) or entry in first]
    # Calls and the like; that two functions have an `else` says nothing.
    texts = {entry.text for entry in removed if "(" in entry.text}
    moved = {entry.unit for entry in theirs.added if entry.text in texts} - facts.units
    added = {
        entry
        for entry in theirs.added
        if counts(entry) or entry in ours.added or entry.unit in moved
    }
    added |= linked(added, theirs.added, human.identifiers - facts.parent.identifiers)
    return Edits(only(theirs.removed, removed), only(theirs.added, added))


def linked(
    kept: Iterable[Statement], candidates: Iterable[Statement], new: frozenset[str]
) -> set[Statement]:
    """The additions that share a new name with one that counts, and so on.

    The header of a function that is new brings the function with it.
    """
    found, waiting = set(kept), set(candidates)
    while True:
        names = frozenset().union(*(identifiers(entry) for entry in found)) & new
        defined = {entry.unit for entry in found if entry.text.startswith(("def ", "async def "))}
        more = {
            entry
            for entry in waiting - found
            if identifiers(entry) & names or entry.unit in defined
        }
        if not more:
            return found
        found |= more


def has_native_twin(entry: Statement, theirs: Edits) -> bool:
    """Whether an entry was replaced by one that differs in a method of eventlet's objects alone."""
    return next(renamed(entry, theirs), None) is not None


def renamed(entry: Statement, edited: Edits) -> Iterator[str]:
    """The methods of eventlet's objects that an entry calls, and its replacement does not."""
    for old, new in RENAMED.items():
        if f".{old}" in entry.text:
            texts = {re.sub(rf"\.{old}\b", f".{name}", entry.text) for name in new}
            if any(Statement(entry.scope, text) in edited.added for text in texts):
                yield old


def owners(entry: Statement, edited: Edits) -> frozenset[str]:
    """The APIs that only a method tells: of an object that is a parameter, for one."""
    return frozenset(OWNERS[name] for name in renamed(entry, edited) if name in OWNERS)


def only(counted: Counter[Statement], kept: Iterable[Statement]) -> Counter[Statement]:
    chosen = set(kept)
    return Counter({entry: number for entry, number in counted.items() if entry in chosen})


# --- the tool's edits ---------------------------------------------------------------------------


def in_scope(ours: Edits, theirs: Edits, parent: Version, tool: Version, facts: Facts) -> Edits:
    """The tool's edits but those of APIs that the person left for another commit."""
    touched = frozenset().union(*(facts.apis(entry) for entry in theirs.removed))

    def beyond(entry: Statement) -> bool:
        apis = facts.apis(entry) or owners(entry, ours)
        return bool(apis) and not apis & touched and entry not in theirs.removed

    removed = {entry for entry in ours.removed if beyond(entry)}
    whole = {entry.unit for entry in removed} - {e.unit for e in ours.removed if e not in removed}
    added: set[Statement] = set()
    for old, new in replaced(parent, tool):
        gone = [entry for entry in old if entry in ours.removed]
        come = [entry for entry in new if entry in ours.added]
        if len(gone) == len(come):
            added |= {b for a, b in zip(gone, come, strict=True) if a in removed}
        elif gone and all(entry in removed for entry in gone):
            added |= set(come)
        elif not gone:
            added |= {entry for entry in come if entry.unit in whole}
    added -= set(theirs.added)
    return Edits(
        only(ours.removed, set(ours.removed) - removed), only(ours.added, set(ours.added) - added)
    )


def replaced(
    parent: Version, version: Version
) -> Iterator[tuple[list[Statement], list[Statement]]]:
    """Runs of entries that a version has in place of the parent's, function by function."""
    units = {entry.unit: None for entry in (*parent.statements, *version.statements)}
    before, after = by_unit(parent), by_unit(version)
    for unit in units:
        old, new = before.get(unit, []), after.get(unit, [])
        if old == new:
            continue
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            if tag != "equal":
                yield old[i1:i2], new[j1:j2]


def by_unit(version: Version) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for entry in version.statements:
        found.setdefault(entry.unit, []).append(entry)
    return found


# --- imports ------------------------------------------------------------------------------------


def imported_edits(
    parent: Version, tool: Version, human: Version, related: Edits
) -> tuple[Edits, Edits]:
    """The edits of imports: all of the tool's, and those of the person that belong to eventlet.

    That is: they name it, or the tool makes them too, or what an added one imports is used by an
    added statement that counts.
    """

    def of(version: Version) -> Edits:
        before, after = ({*map(entry, v.imports)} for v in (parent, version))
        return Edits(Counter(before - after), Counter(after - before))

    def entry(name: str) -> Statement:
        return Statement("", f"import {name}")

    ours, theirs = of(tool), of(human)
    used = " ".join(item.text for item in related.added)

    def counts(item: Statement) -> bool:
        name = item.text.removeprefix("import ")
        return (
            WORDS.search(name) is not None
            or item in ours.removed
            or item in ours.added
            or re.search(rf"(?<![\w.]){re.escape(name)}\b", used) is not None
        )

    kept = Edits(
        only(theirs.removed, filter(counts, theirs.removed)),
        only(theirs.added, filter(counts, theirs.added)),
    )
    return ours, kept
