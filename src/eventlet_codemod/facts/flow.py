"""Follows objects that eventlet made: through names, attributes, containers, calls and returns.

The analysis does not look at the order of statements: whatever may be the same object is one
handle. It starts at a creation and asks of each place that the object gets to who reads it there,
and what else is put there. A step that it cannot follow is an *escape*, something else in the
same place a *conflict*; both are told to the rules, which then ask, or leave the object alone.

A value that holds the object, such as a list of green threads, is followed with a *path*: ``*``
for any element, a number for one item of a tuple.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from eventlet_codemod.facts.doing import column, is_mock
from eventlet_codemod.facts.handles import (
    CLASSES,
    MAKERS,
    SPAWNS,
    TELLING,
    Handle,
    HandleUse,
    Mention,
)
from eventlet_codemod.facts.module import Module
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.steps import Steps
from eventlet_codemod.facts.trail import Stored
from eventlet_codemod.facts.uses import Use

_MANY = 400  # values looked at for one handle

#: How names of a kind are looked up without being written out.
_LOOKUPS = {
    "local": r"\blocals\(\)",
    "global": r"\bglobals\(\)|\bvars\(\)|\b__dict__\b",
    "attribute": r"\bvars\([^)]|\b__dict__\b",
}


class Flow:
    """The handles that begin at creations of some files of a program.

    Every creation of a file is followed by itself; those that get to the same place are one handle.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.handle_of: dict[ast.AST, Handle] = {}  # by the creating call
        self.use_of: dict[ast.AST, Use] = {}
        self._followers: dict[ast.AST, _Follower] = {}
        self._begun: set[Module] = set()

    def follow(self, module: Module, starts: Sequence[Use] | None = None) -> list[Handle]:
        """The handles that begin in ``module``, or at ``starts`` there."""
        wanted = creations_of(module) if starts is None else starts
        if any(use.call not in self.handle_of for use in wanted):
            self._begin_all(module)
            self._spread()
            self._finish()
        found = [self.handle_of[use.call] for use in wanted if use.call is not None]
        for handle in found:
            found += [made for made in handle.made if made not in found]
        return list(dict.fromkeys(found))

    def _begin_all(self, module: Module) -> None:
        if module not in self._begun:
            self._begun.add(module)
            for use in creations_of(module):
                self._begin(module, use)

    def _begin(self, module: Module, use: Use) -> None:
        assert use.call is not None
        if use.call not in self._followers:
            self._followers[use.call] = _Follower(self.program, self.use_of, module, use)

    def _spread(self) -> None:
        """Begin wherever something else is put into a place that was found, and at what is made."""
        done: set[_Follower] = set()
        while fresh := [f for f in self._followers.values() if f not in done]:
            for follower in fresh:
                done.add(follower)
                for stored in follower.stores:
                    if not follower.is_fine(stored.value, stored.path):
                        self._begin_all(stored.module)
                for deed in list(follower.handle.uses):
                    start = _made_at(follower.handle, deed)
                    if start is not None:
                        self._begin(deed.module, start)

    def _finish(self) -> None:
        """Join what shares a place, and settle what is known of each handle."""
        joined: dict[_Follower, _Follower] = {}
        first: dict[object, _Follower] = {}

        def root(follower: _Follower) -> _Follower:
            while follower in joined:
                follower = joined[follower]
            return follower

        followers = list(self._followers.values())
        for follower in followers:
            for mark in [*follower.places, *follower.seen]:
                other = first.setdefault(mark, follower)
                if root(other) is not root(follower):
                    joined[root(follower)] = root(other)
        for follower in followers:
            for stored in follower.stores:
                given = first.get((stored.value, stored.path))
                if given is not None and root(given) is not root(follower):
                    joined[root(follower)] = root(given)
        for follower in followers:
            if follower in joined:
                root(follower).absorb(follower)
        roots = [follower for follower in followers if follower not in joined]
        for follower in roots:
            handle = follower.settle()
            for use in handle.creations:
                assert use.call is not None
                self.handle_of[use.call] = handle
        self._followers = {
            use.call: follower
            for follower in roots
            for use in follower.handle.creations
            if use.call is not None
        }
        for follower in roots:
            self._link_makers(follower.handle)

    def _link_makers(self, handle: Handle) -> None:
        """Let the handles that another one gives, or is in, know of it."""
        for deed in handle.uses:
            start = _made_at(handle, deed)
            made = self.handle_of.get(start.call) if start is not None and start.call else None
            if made is None or made is handle:
                continue
            if made.maker is None:
                made.maker = handle
            elif made.group is not handle.group:
                made.mixed = made.mixed or "it comes from several pools"
            if made not in handle.made:
                handle.made.append(made)


def _made_at(handle: Handle, deed: HandleUse) -> Use | None:
    """The creation of another object that a deed is, if it is one whose value is used."""
    if deed.how == "argument" and deed.attribute == "GreenPile":
        return deed.use
    api = f"{handle.api}.{deed.attribute}"
    if api not in MAKERS or deed.call is None or deed.foreign or deed.value_unused:
        return None
    return Use("handle", api, api, deed.parents[-1], deed.parents[:-1], deed.use.scope)


def creations_of(module: Module) -> list[Use]:
    """The calls in a file that make an object which is followed, in source order."""
    return [use for use in module.names.uses if _creates(use)]


def _creates(use: Use) -> bool:
    if use.call is None or use.doubt or use.kind != "reference":
        return False
    return use.api in CLASSES or (use.api in SPAWNS and not use.call_is_statement)


class _Follower(Steps):
    """Follows one handle from a creation. What it touches is recorded in the handle."""

    def __init__(
        self, program: Program, use_of: dict[ast.AST, Use], module: Module, start: Use
    ) -> None:
        super().__init__(program, use_of, start)
        assert start.call is not None
        self.handle.creations.append(start)
        self.handle.origins.append(module)
        self.handle.apis.add(start.api)
        self._value(module, start.call, start.parents[:-1], ())
        self._drain()

    def absorb(self, other: _Follower) -> None:
        """Take over what is known of an object that gets to the same places."""
        mine, theirs = self.handle, other.handle
        known = {(deed.node, deed.how) for deed in mine.uses}
        mine.uses += [deed for deed in theirs.uses if (deed.node, deed.how) not in known]
        for name in ("creations", "origins", "conflicts", "trail"):
            getattr(mine, name).extend(getattr(theirs, name))
        mine.assumed += [text for text in theirs.assumed if text not in mine.assumed]
        mine.apis |= theirs.apis
        for name in ("label", "attribute", "owner", "exported"):
            setattr(mine, name, getattr(mine, name) or getattr(theirs, name))
        mine.inherits = mine.inherits or theirs.inherits
        self.seen |= other.seen
        self.stores += other.stores
        self.looked_at |= other.looked_at
        self.kept |= other.kept
        self.given |= other.given

    def settle(self) -> Handle:
        """The handle, now that all that is the same object is known."""
        handle = self.handle
        for stored in self.stores:
            if not self.is_fine(stored.value, stored.path) and not self._is_double(stored):
                place = "" if stored.module is handle.origins[0] else f"{stored.module.path}: "
                handle.conflicts.append(f"{place}line {stored.line} {stored.what}")
        handle.optional = any(
            isinstance(stored.value, ast.Constant) and not stored.path for stored in self.stores
        )
        handle.conflicts += self._read_at_run_time()
        handle.conflicts[:] = list(dict.fromkeys(handle.conflicts))
        handle.unseen = self._unseen()
        handle.uses.sort(key=lambda deed: (deed.module.path, deed.line, column(deed.node)))
        if len(handle.apis) > 1:
            others = sorted(api.rpartition(".")[2] for api in handle.apis - {handle.api})
            handle.mixed = f"it also holds a {others[0]}"
        return handle

    def _is_double(self, stored: Stored) -> bool:
        """Whether only mocks, and sentinels made by ``object()``, stand beside the object."""
        pending = [stored.value]
        for value in pending:
            if value is None or any(self.is_fine(value, path) for path in ((), stored.path)):
                continue
            if isinstance(value, ast.Dict):
                pending += value.values
            elif isinstance(value, (ast.List, ast.Tuple, ast.Set)):
                pending += value.elts
            elif isinstance(value, ast.Name) and len(pending) < _MANY:
                known = stored.module.occurrences(value.id)
                found = next((o for o in known if o.node is value), None)
                where = found.scope.lookup(value.id) if found is not None else None
                given = [item.value for item in where.bindings[value.id]] if where else []
                if not given or None in given:
                    return False
                pending += given
            elif isinstance(value, ast.Call) and ast.unparse(value) == "object()":
                continue
            elif is_mock(value):
                self._assume(f"a mock stands for it ({stored.module.path}:{stored.line})")
            else:
                return False
        return True

    def _read_at_run_time(self) -> Iterator[str]:
        """Where a file that knows the object looks up by a name that is computed, or a string."""
        for kind, module, name in sorted(self.kept, key=lambda item: (item[1].path, item[2])):
            found = module.search(_LOOKUPS[kind])
            quoted = f"'{name}'" in module.text or f'"{name}"' in module.text
            if found is None and quoted and kind != "local":
                literal = rf"attr\([^()]*,\s*(['\"]){re.escape(name)}\1"
                found = re.search(literal, module.text)
            if found is not None:
                line = module.text.count("\n", 0, found.start()) + 1
                yield f"line {line} looks up names at run time"
        methods = TELLING.get(self.handle.api, ())
        unread = not any(deed.how == "attribute" for deed in self.handle.uses)
        if methods and unread and any(kind == "attribute" for kind, _, _ in self.kept):
            computed = rf"getattr\([^()]*,\s*[^'\"()\s][^()]*\)\s*\.\s*(?:{'|'.join(methods)})\b"
            place = self.program.first_match(computed, "getattr")
            if place:
                yield f"{place} looks up names at run time"

    def _unseen(self) -> Mention | None:
        """A file that was not looked at, and does to such an attribute what is done here."""
        name = self.handle.attribute
        done = {deed.attribute for deed in self.handle.uses if deed.how == "attribute"}
        methods = sorted(done.union(TELLING.get(self.handle.api, ())))
        if not name or not methods:
            return None
        form = rf"\.\s*{re.escape(name)}\s*\.\s*(?:{'|'.join(methods)})\b"
        looked_at = {module.path for module in self.handle.modules} | self.looked_at
        for path in self.program.mentioning(name):
            if path not in looked_at and self.program.project.matches(path, form):
                return Mention(path, False)
        return None

    def _drain(self) -> None:
        while self.pending:
            if len(self.seen) > _MANY:
                self.handle.conflicts.append("it goes to too many places to follow")
                self.pending.clear()
                return
            self.pending.popleft()()
            for gap in self.program.take_gaps():
                self._assume(gap)
