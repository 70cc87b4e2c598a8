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
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from eventlet_codemod.facts.calls import (
    HIDDEN,
    Arguments,
    arguments_for,
    calls_of,
    has_decorator,
    is_static,
    parameter_for,
)
from eventlet_codemod.facts.handles import (
    CLASSES,
    GREEN_THREADS,
    MAKERS,
    SPAWNS,
    TELLING,
    Handle,
    HandleUse,
    Mention,
)
from eventlet_codemod.facts.module import FUNCTIONS, Module, Parents
from eventlet_codemod.facts.program import Definition, Program, Reference, enclosing
from eventlet_codemod.facts.scopes import Scope
from eventlet_codemod.facts.uses import Use

Path = tuple[str | int, ...]

_ANY = "*"
_DEEP = 3  # a list of lists of lists of handles is as far as it goes
_MANY = 400  # values looked at for one handle

_PUTS = {
    **dict.fromkeys(("append", "appendleft", "add", "put", "put_nowait"), 0),
    **dict.fromkeys(("insert", "setdefault"), 1),
}
_MERGES = frozenset({"extend", "extendleft", "update"})
_TAKES = frozenset({"pop", "popleft", "get", "get_nowait", "setdefault", "__getitem__"})
_COPIES = frozenset({"copy", "values", "difference", "union", "intersection"})
_HARMLESS = frozenset(
    ["clear", "remove", "discard", "index", "count", "sort", "reverse", "keys", "rotate"]
)
_COLLECTS = frozenset(
    ["list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "dict", "deque"]
)
_ITERATES = (_COLLECTS - {"dict"}) | {"enumerate", "zip", "next", "map", "filter"}
_LOOKS = frozenset({"len", "bool", "print", "repr", "str", "type", "format", "hash", "id"})
#: How names of a kind are looked up without being written out.
_LOOKUPS = {
    "local": r"\blocals\(\)",
    "global": r"\bglobals\(\)|\bvars\(\)|\b__dict__\b",
    "attribute": r"\bvars\([^)]|\b__dict__\b",
}

#: What annotations call an object that a function gives.
_CLASS_NAMES = dict.fromkeys((*SPAWNS, *MAKERS), "GreenThread|greenlet|Greenlet")

_LOGS = frozenset({"LOG", "log", "logger", "logging", "_logger", "LOGGER"})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an object can stay: a name of a scope, an attribute of a class, a function's result.

    ``node`` is the scope, the class or the function.
    """

    kind: str
    module: Module
    node: ast.AST
    name: str
    definition: Definition | None = None

    @property
    def key(self) -> tuple[str, ast.AST, str]:
        return self.kind, self.node, self.name


@dataclass(frozen=True, slots=True)
class _Stored:
    """Something that is put into a place: it must be the object as well, or nothing."""

    path: Path
    module: Module
    value: ast.AST | None
    line: int
    what: str


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
            self._followers[use.call] = _Follower(self, module, use)

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


class _Follower:
    """Follows one handle. What it touches is recorded in the handle."""

    def __init__(self, flow: Flow, module: Module, start: Use) -> None:
        self.flow = flow
        self.program = flow.program
        self.handle = Handle(start.api)
        self.pending: deque[Callable[[], None]] = deque()
        self.seen: dict[tuple[ast.AST, Path], Module] = {}
        self.places: set[tuple[object, Path]] = set()
        self.stores: list[_Stored] = []
        self.touched: set[ast.AST] = set()
        self.looked_at: set[str] = set()  # files where every such attribute is accounted for
        self.kept: set[tuple[str, Module, str]] = set()  # how, where and as what it is kept
        self.given: set[ast.AST] = set()  # targets of loops and unpackings that give the object
        self.returned: dict[ast.AST, tuple[ast.AST, Parents]] = {}
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
        handle.uses.sort(key=lambda deed: (deed.module.path, deed.line, _column(deed.node)))
        if len(handle.apis) > 1:
            others = sorted(api.rpartition(".")[2] for api in handle.apis - {handle.api})
            handle.mixed = f"it also holds a {others[0]}"
        return handle

    def _is_double(self, stored: _Stored) -> bool:
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
            elif _is_mock(value):
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
        if methods and any(kind == "attribute" for kind, _, _ in self.kept):
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

    # --- what is put into a place ------------------------------------------------------------

    def is_fine(self, value: ast.AST | None, path: Path) -> bool:
        """Whether a value is the object, or holds nothing else."""
        if value is None or (value, path) in self.seen or (value, (_ANY, *path[1:])) in self.seen:
            return True
        if value in self.given:
            return True
        if isinstance(value, ast.Constant):
            return value.value is None
        if isinstance(value, ast.IfExp):
            return all(self.is_fine(v, path) for v in (value.body, value.orelse))
        if isinstance(value, ast.BoolOp):
            return all(self.is_fine(v, path) for v in value.values)
        if isinstance(value, ast.NamedExpr):
            return self.is_fine(value.value, path)
        if isinstance(value, ast.Name) and self._is_sentinel(value):
            return True
        if not path:
            return False
        if isinstance(value, (ast.List, ast.Set, ast.Tuple)):
            wanted = path[0]
            items = value.elts
            if isinstance(wanted, int) and isinstance(value, ast.Tuple) and wanted < len(items):
                items = [items[wanted]]
            return all(self.is_fine(item, path[1:]) for item in items)
        if isinstance(value, ast.Dict):
            return all(self.is_fine(item, path[1:]) for item in value.values)
        if isinstance(value, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            return self.is_fine(value.elt, path[1:])
        if isinstance(value, ast.DictComp):
            return self.is_fine(value.value, path[1:])
        if isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Add, ast.Mult)):
            return self.is_fine(value.left, path)
        if isinstance(value, ast.Call):
            name = ast.unparse(value.func).rpartition(".")[2]
            empty = not value.args and not value.keywords
            if name == "defaultdict":
                return True
            return name in _COLLECTS | {"OrderedDict", "Queue", "LifoQueue"} and (
                empty or name in ("Queue", "LifoQueue")
            )
        return False

    def _is_sentinel(self, value: ast.Name) -> bool:
        """Whether a name stands for a bare ``object()``, to which nothing can be done."""
        for module in self.handle.modules:
            if module.text.find("object()") < 0:
                continue
            for occurrence in module.occurrences(value.id):
                if occurrence.node is value:
                    made = [b.value for b in module.lookup(value.id, occurrence.scope)[1]]
                    return bool(made) and all(
                        isinstance(item, ast.Call) and ast.unparse(item) == "object()"
                        for item in made
                    )
        return False

    def _store(
        self, path: Path, module: Module, value: ast.AST | None, line: int, what: str
    ) -> None:
        self.stores.append(_Stored(path, module, value, line, what))

    # --- places ------------------------------------------------------------------------------

    def _into(self, place: _Place, path: Path) -> None:
        if (place.key, path) in self.places:
            return
        if len(path) > _DEEP:
            self.handle.conflicts.append("it is nested too deeply to follow")
            return
        self.places.add((place.key, path))
        step = {"name": self._read_name, "attribute": self._read_attribute}
        self.pending.append(lambda: step.get(place.kind, self._read_result)(place, path))

    def _note(self, module: Module, node: ast.AST, text: str) -> None:
        entry = (module.path, int(getattr(node, "lineno", 0)), text)
        if entry not in self.handle.trail:
            self.handle.trail.append(entry)

    def _target(
        self, module: Module, target: ast.AST, parents: Parents, path: Path, value: ast.AST | None
    ) -> None:
        """``target`` gets the object, or what holds it; ``parents`` lead to the target."""
        if isinstance(target, (ast.Tuple, ast.List)):
            for index, item in enumerate(target.elts):
                if isinstance(item, ast.Starred):
                    self._target(module, item.value, (*parents, target, item), path, None)
                elif path and path[0] in (_ANY, index):
                    self._target(module, item, (*parents, target), path[1:], None)
            if not path:
                self._escape(module, value or target, parents, "it is unpacked")
            return
        self.given.add(target)
        if isinstance(target, ast.Name):
            module.occurrences(target.id)
            scope = module.scope_at(target, parents)
            if isinstance(target.ctx, ast.Load):  # something is put into what it holds
                scope = module.lookup(target.id, scope)[0] or module.walker.module
            else:
                scope = module.walker.binding_scope(target.id, target, scope)
            if scope.kind == "class":
                self._label(f"{getattr(scope.node, 'name', '')}.{target.id}")
                owner = enclosing(module, parents, (ast.ClassDef,))
                if owner is not None:
                    self._set_attribute(owner, target.id, path)
                return
            if not path:
                self._label(target.id)
            if scope.kind == "module" and not target.id.startswith("__") and not path:
                self.handle.exported = self.handle.exported or target.id
            self._note(module, target, f"the name {target.id}")
            self.kept.add(("global" if scope.kind == "module" else "local", module, target.id))
            self._into(_Place("name", module, scope.node, target.id), path)
            return
        if isinstance(target, ast.Attribute):
            owner = self.program.class_of(module, target.value, (*parents, target))
            if owner is None:
                self._escape(module, target, parents, "it is stored on another object")
                return
            if not path:
                self._label(ast.unparse(target))
            self._set_attribute(owner, target.attr, path)
            return
        if isinstance(target, ast.Subscript):
            self._target(module, target.value, (*parents, target), (_ANY, *path), None)
            return
        if isinstance(target, ast.Call):  # d.setdefault(k, []).append(object)
            self._escape(module, target, parents, "it is stored in what a call gives")
            return
        self._escape(module, target, parents, "it is stored")

    def _label(self, text: str) -> None:
        self.handle.label = self.handle.label or text

    def _set_attribute(self, owner: Definition, name: str, path: Path) -> None:
        handle = self.handle
        if not path and not handle.attribute:
            handle.attribute, handle.owner = name, owner.name
            bases = getattr(owner.node, "bases", [])
            plain = [b for b in bases if isinstance(b, ast.Name) and b.id == "object"]
            handle.inherits = len(bases) > len(plain)
        self.kept.add(("attribute", owner.module, name))
        top = self.program.ancestors(owner)[-1]
        self._note(owner.module, owner.node, f"the attribute {name} of {owner.name}")
        self._into(_Place("attribute", top.module, top.node, name, owner), path)

    # --- who reads a place -------------------------------------------------------------------

    def _read_name(self, place: _Place, path: Path) -> None:
        module, name = place.module, place.name
        for occurrence in module.occurrences_in(name, place.node):
            node = occurrence.node
            if not isinstance(node, ast.Name) or node in module.spelling:
                continue
            scope = occurrence.scope
            if isinstance(node.ctx, ast.Load):
                where = scope.lookup(name)
                if where is not None and where.node is place.node:
                    self._value(module, node, occurrence.parents, path)
            elif module.walker.binding_scope(name, node, scope).node is place.node:
                self._bound(module, node, occurrence.parents, path)
        self._other_bindings(place, path)
        if isinstance(place.node, (*FUNCTIONS, ast.Lambda)):
            self._arguments_for(place, path)
        if isinstance(place.node, ast.Module) and not name.startswith("__"):
            self._read_imported(place, path)

    def _bound(self, module: Module, node: ast.Name, parents: Parents, path: Path) -> None:
        """Something binds the name: an assignment, a loop, a with statement."""
        parent = parents[-1]
        what = "binds it to something else"
        if isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is not None:
            self._store(path, module, parent.value, node.lineno, what)
            self._share(module, parent.value, parents, path)
            if isinstance(parent, ast.AnnAssign):
                self._annotation(module, parent.annotation)
            self._type_comment(module, parent)
            return
        if isinstance(parent, ast.NamedExpr):
            self._store(path, module, parent.value, node.lineno, what)
            return
        if isinstance(parent, ast.AnnAssign):
            self._annotation(module, parent.annotation)
            return
        if isinstance(parent, ast.AugAssign):
            if path and isinstance(parent.op, ast.Add):
                self._store(path, module, parent.value, node.lineno, what)
            else:
                self.handle.conflicts.append(f"line {node.lineno} {what}")
            return
        if isinstance(node.ctx, ast.Del):
            return
        # loops, with statements and unpacking: they must have been passed on the way here
        self._store(path, module, node, node.lineno, what)

    def _share(self, module: Module, value: ast.AST, parents: Parents, path: Path) -> None:
        """Another name for a container: what the one holds, the other holds as well."""
        if not path or (value, path) in self.seen:
            return
        method = value.func if isinstance(value, ast.Call) else None
        if isinstance(value, (ast.Name, ast.Attribute, ast.Subscript)):
            self.seen[value, path] = module
            self._target(module, value, parents, path, None)
        elif isinstance(method, ast.Attribute) and method.attr in ("get", "setdefault"):
            self.seen[value, path] = module
            self._target(module, method.value, (*parents, value, method), (_ANY, *path), None)

    def _other_bindings(self, place: _Place, path: Path) -> None:
        """A function, class, import or except clause that takes the same name."""
        scope = place.module.walker.scope_of(place.node)
        for binding in scope.bindings.get(place.name, ()) if scope else ():
            if isinstance(binding.node, (ast.Name, ast.arg)):
                continue
            if place.definition is not None and binding.is_import:
                continue
            self.handle.conflicts.append(f"line {binding.line} binds its name as well")

    def _arguments_for(self, place: _Place, path: Path) -> None:
        """The name is a parameter: whatever else calls pass for it must be the object too."""
        function = _definition_of(place, self.program)
        arguments = getattr(place.node, "args", None)
        parameter = parameter_for(arguments, place.name) if arguments else None
        if parameter is None or function is None:
            return
        if parameter.node.annotation is not None:
            self._annotation(place.module, parameter.node.annotation)
        what = f"passes something else for {place.name}"
        calls = list(calls_of(self.program, function))
        known = False
        for call in calls:
            known = known or (call.certain and call.arguments is not None)
            if call.arguments is None:
                if call.certain:
                    self._assume(f"line {call.line} hands {function.name} on")
                continue
            inner = path[1:] if parameter.collects else path
            for value in arguments_for(call.arguments, parameter) if call.certain else ():
                if value is HIDDEN:
                    self.handle.conflicts.append(f"line {call.line} hides what it passes")
                else:
                    self._store(inner, call.module, value, call.line, what)
        if not known and isinstance(place.node, FUNCTIONS):
            line = parameter.node.lineno
            if parameter.default is None:
                what = f"leaves open what is passed for {place.name}"
                self.handle.conflicts.append(f"line {line} {what}")
            else:
                self._store(path, place.module, parameter.default, line, what)

    def _read_imported(self, place: _Place, path: Path) -> None:
        """Other files that take a module-level name."""
        module, name = place.module, place.name
        sources = self.program.sharing(module, name)
        files = [file for item in sources for file in self.program.files_importing(item, name)]
        for file in dict.fromkeys(files):
            other = self.program.load(file)
            if other is None or other is module:
                continue
            for occurrence in other.occurrences(name):
                node = occurrence.node
                if isinstance(node, ast.Attribute) and node.attr == name:
                    base = self.program.resolve(other, node.value, occurrence.scope)
                    if base is None or not isinstance(base.node, ast.Module):
                        continue
                    if self.program.source_of(base.module, name) is not module:
                        continue
                    if isinstance(node.ctx, ast.Load):
                        self._value(other, node, occurrence.parents, path)
                    else:
                        self._assigned_attribute(other, node, occurrence.parents, path)
                elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                    bound = other.lookup(name, occurrence.scope)[1]
                    if not bound and self.program.source_of(other, name) is module:
                        self._value(other, node, occurrence.parents, path)
            for scope in other.walker.scopes():
                for bindings in list(scope.bindings.values()):
                    for binding in bindings:
                        tail = str(binding.qualified).rpartition(".")[2]
                        if not binding.is_import or tail != name:
                            continue
                        source = self.program.imported_module(other, str(binding.qualified))
                        if self.program.source_of(source, name) is module:
                            self._note(other, binding.node, f"imported as {binding.name}")
                            target = _Place(
                                "name",
                                other,
                                scope.node,
                                binding.name,
                                Definition(other, scope.node),
                            )
                            self._into(target, path)

    def _assigned_attribute(
        self, module: Module, node: ast.Attribute, parents: Parents, path: Path
    ) -> None:
        parent = parents[-1]
        line = node.lineno
        if isinstance(node.ctx, ast.Del):
            return
        if isinstance(parent, (ast.Assign, ast.AnnAssign)):
            if isinstance(parent, ast.AnnAssign):
                self._annotation(module, parent.annotation)
            self._type_comment(module, parent)
            if parent.value is not None:
                what = "binds it to something else"
                self._store(path, module, parent.value, line, what)
            return
        if isinstance(parent, ast.AugAssign) and path and isinstance(parent.op, ast.Add):
            self._store(path, module, parent.value, line, "adds something else")
            return
        self._store(path, module, node, line, "binds it to something else")

    def _read_attribute(self, place: _Place, path: Path) -> None:
        owner = place.definition
        assert owner is not None
        name = place.name
        references = list(self.program.attributes(owner, name))
        family = self.program.family(owner)
        sole: bool | None = None
        for reference in references:
            node, module = reference.node, reference.module
            self.looked_at.add(module.path)
            if node in module.spelling:
                continue
            assert isinstance(node, ast.Attribute)
            if not reference.certain and sole is None:
                sole = not self.program.defined_elsewhere(owner, name)
            if not isinstance(node.ctx, ast.Load):
                if reference.certain:
                    self._assigned_attribute(module, node, reference.parents, path)
                elif not self._is_nothing(node, reference.parents):
                    place_of = f"{module.path}:{node.lineno}"
                    self._assume(f"`{ast.unparse(node)}` ({place_of}) may be it, set anew")
                continue
            if reference.certain:
                self._value(module, node, reference.parents, path)
            elif sole and _is_telling(name):
                self._assume(f"`{ast.unparse(node)}` ({module.path}:{node.lineno}) is taken for it")
                self._value(module, node, reference.parents, path)
            elif not path:
                self._touch(module, node, reference.parents, foreign=True)
            else:
                self._assume(f"`{ast.unparse(node)}` ({module.path}:{node.lineno}) may hold it")
        for item in family:
            scope = item.module.walker.scope_of(item.node)
            for occurrence in item.module.occurrences(name):
                node = occurrence.node
                if node in item.module.spelling:
                    continue
                if isinstance(node, ast.Name) and scope and occurrence.scope is scope:
                    if isinstance(node.ctx, ast.Load):
                        self._value(item.module, node, occurrence.parents, path)
                    else:
                        self._bound(item.module, node, occurrence.parents, path)
            for member in getattr(item.node, "body", ()):
                if isinstance(member, FUNCTIONS) and member.name == name:
                    self.handle.conflicts.append(f"line {member.lineno} binds its name as well")

    @staticmethod
    def _is_nothing(node: ast.Attribute, parents: Parents) -> bool:
        """Whether an attribute is deleted, or set to None."""
        value = getattr(parents[-1], "value", None)
        return isinstance(node.ctx, ast.Del) or (
            isinstance(value, ast.Constant) and value.value is None
        )

    def _read_result(self, place: _Place, path: Path) -> None:
        """A function gives the object: to everyone who calls it."""
        function = place.definition
        assert function is not None
        node = function.node
        if isinstance(node, ast.AsyncFunctionDef):
            self.handle.conflicts.append(f"line {node.lineno}: a coroutine returns it")
            return
        returns = getattr(node, "returns", None)
        if returns is not None:
            self._annotation(function.module, returns)
        manner = _manner(node)
        if manner is None:
            self._assume(f"{function.name}() is decorated, and returns it (line {function.line})")
        owner = function.owner
        alike = self.program.methods(owner, function.name) if owner is not None else [function]
        for item in alike:  # those of base classes and subclasses answer the same calls
            self._returns(item, path)
        references = self.program.references(function)
        if not any(reference.call for reference in references) and manner == "plain":
            reason = f"it is returned, and nothing here calls {function.name}()"
            given, parents = self.returned[node]
            self._escape(function.module, given, parents, reason)
        elif _is_offered(function):
            self._assume(f"{function.name}() returns it to whoever calls")
        for reference in references:
            self._result_of(reference.module, reference, function, manner, path)

    def _returns(self, function: Definition, path: Path) -> None:
        """What a function gives must be the object, wherever it returns."""
        for statement in _own_nodes(function.node):
            if isinstance(statement, ast.Return) and statement.value is not None:
                if not _has_yield(function.node):
                    what = f"returns something else from {function.name}()"
                    self._store(path, function.module, statement.value, statement.lineno, what)
            elif isinstance(statement, ast.Yield) and path and statement.value is not None:
                what = f"yields something else from {function.name}()"
                line = statement.lineno
                self._store(path[1:], function.module, statement.value, line, what)

    def _result_of(
        self,
        module: Module,
        reference: Reference,
        function: Definition,
        manner: str | None,
        path: Path,
    ) -> None:
        if manner == "property":
            if reference.certain:
                self._value(module, reference.node, reference.parents, path)
            return
        call = reference.call
        if call is not None:
            if not reference.certain:
                owner = function.owner
                sole = owner is not None and not self.program.defined_elsewhere(
                    owner, function.name
                )
                if not sole:
                    return
                self._assume(
                    f"`{ast.unparse(reference.node)}()` ({module.path}:{call.lineno}) is taken "
                    "for it"
                )
            parents = reference.parents[:-1]
            if manner == "context":
                holder = parents[-1]
                if isinstance(holder, ast.withitem) and holder.optional_vars is not None:
                    self._target(module, holder.optional_vars, parents, path[1:], None)
                return
            self._value(module, call, parents, path)
        elif reference.certain and not self._is_started(reference):
            line = getattr(reference.node, "lineno", 0)
            self.handle.conflicts.append(f"line {line} hands on {function.name}, which returns it")

    @staticmethod
    def _is_started(reference: Reference) -> bool:
        """Whether the function is only started, so that nobody sees what it returns."""
        parent = reference.parents[-1]
        return isinstance(parent, ast.keyword) and parent.arg == "target"

    def _assume(self, text: str) -> None:
        if text not in self.handle.assumed:
            self.handle.assumed.append(text)

    def _annotation(self, module: Module, annotation: ast.AST | None) -> None:
        """An annotation of a place that holds the object: it must change with it."""
        for node in ast.walk(annotation) if annotation is not None else ():
            use = module.reference_of.get(node)
            if use is not None and use.node not in self.touched:
                self.touched.add(use.node)
                deed = HandleUse("annotation", use.node, use.parents, module=module, use=use)
                self.handle.uses.append(deed)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                kind = _CLASS_NAMES.get(self.handle.api, self.handle.api.rpartition(".")[2])
                if re.search(rf"\b(?:{kind})\b", node.value):
                    line = node.lineno
                    self.handle.conflicts.append(f"line {line} names its class in a string")

    def _class_named(self, module: Module, call: ast.Call) -> None:
        """``isinstance(object, Class)``: the class must change with the object."""
        node = call.args[1] if len(call.args) > 1 else None
        use = module.reference_of.get(node) if node is not None else None
        if use is not None and use.api in CLASSES and use.node not in self.touched:
            self.touched.add(use.node)
            deed = HandleUse("class", use.node, use.parents, module=module, use=use)
            self.handle.uses.append(deed)

    def _type_comment(self, module: Module, statement: ast.stmt) -> None:
        line = module.lines[(statement.end_lineno or statement.lineno) - 1]
        if re.search(r"#\s*type:\s*(?!ignore)", line):
            reason = f"a type comment names its class (line {statement.lineno})"
            self.handle.conflicts.append(reason)

    # --- what is done with a value -----------------------------------------------------------

    def _value(self, module: Module, node: ast.AST, parents: Parents, path: Path) -> None:
        """``node`` evaluates to the object or, with a path, to something that holds it."""
        if (node, path) in self.seen:
            return
        self.seen[node, path] = module
        parent = parents[-1]
        outer = parents[:-1]
        handler = getattr(self, f"_in_{type(parent).__name__.lower()}", None)
        if handler is not None and handler(module, node, parent, outer, path):
            return
        if path:
            self._held(module, node, parents, path)
        else:
            self._touch(module, node, parents)

    def _held(self, module: Module, node: ast.AST, parents: Parents, path: Path) -> None:
        """A container is used in a way that is not followed."""
        parent = parents[-1]
        if isinstance(parent, (ast.Expr, ast.If, ast.While, ast.Delete, ast.Assert, ast.Compare)):
            return
        if isinstance(parent, (ast.UnaryOp, ast.FormattedValue, ast.JoinedStr)):
            return
        self._escape(module, node, parents, f"what holds it {_escape_reason(parent)}")

    def _escape(self, module: Module, node: ast.AST, parents: Parents, reason: str) -> None:
        line = getattr(node, "lineno", None) or getattr(parents[-1], "lineno", 0)
        text = reason if "(line" in reason else f"{reason} (line {line})"
        if node in self.touched:
            return
        self.touched.add(node)
        self._record(HandleUse("escape", node, parents, reason=text, module=module))

    def _touch(
        self, module: Module, node: ast.AST, parents: Parents, *, foreign: bool = False
    ) -> None:
        if node in self.touched:
            return
        deed = classify(node, parents)
        if deed is None:
            return
        self.touched.add(node)
        deed.module, deed.foreign = module, foreign
        self._record(deed)
        linked = deed.attribute == "link" and self.handle.api in GREEN_THREADS
        if linked and deed.call is not None and not foreign:
            self._link(module, deed.call, parents[:-2])

    def _link(self, module: Module, call: ast.Call, parents: Parents) -> None:
        """``gt.link(callback)`` passes the green thread itself to the callback, when it ends."""
        callback = call.args[0] if call.args else None
        given = Arguments(call.func, (), {}, 0)
        inside = (*parents, call)
        if callback is None or not self._enter(module, callback, inside, call, given, ()):
            self._escape(module, callback or call, inside, "it is passed to a callback")

    def _record(self, deed: HandleUse) -> None:
        if deed.use is None:
            node, parents, api = deed.node, deed.parents, self.handle.api
            if deed.attribute and deed.how == "attribute":
                node, parents = parents[-1], parents[:-1]
                api = f"{self.handle.api}.{deed.attribute}"
            known = self.flow.use_of.get(node)  # two handles may share what may be either
            if known is None:
                scope = deed.module.scope_at(node, parents)
                known = self.flow.use_of[node] = Use("handle", api, api, node, parents, scope)
            deed.use = known
        self.handle.uses.append(deed)

    # Each of these answers whether it dealt with ``node`` in its ``parent``.

    def _in_assign(
        self, module: Module, node: ast.AST, parent: ast.Assign, outer: Parents, path: Path
    ) -> bool:
        if parent.value is not node:
            return False
        for target in parent.targets:
            self._target(module, target, (*outer, parent), path, node)
        return True

    def _in_annassign(
        self, module: Module, node: ast.AST, parent: ast.AnnAssign, outer: Parents, path: Path
    ) -> bool:
        if parent.value is not node:
            return False
        self._target(module, parent.target, (*outer, parent), path, node)
        return True

    def _in_namedexpr(
        self, module: Module, node: ast.AST, parent: ast.NamedExpr, outer: Parents, path: Path
    ) -> bool:
        if parent.value is not node:
            return False
        self._target(module, parent.target, (*outer, parent), path, node)
        self._value(module, parent, outer, path)
        return True

    def _in_augassign(
        self, module: Module, node: ast.AST, parent: ast.AugAssign, outer: Parents, path: Path
    ) -> bool:
        if parent.value is not node or not path:
            return False
        self._target(module, parent.target, (*outer, parent), (_ANY, *path[1:]), node)
        return True

    def _in_expr(
        self, module: Module, node: ast.AST, parent: ast.Expr, outer: Parents, path: Path
    ) -> bool:
        return True

    def _in_return(
        self, module: Module, node: ast.AST, parent: ast.Return, outer: Parents, path: Path
    ) -> bool:
        function = enclosing(module, outer, FUNCTIONS)
        if function is None or _has_yield(function.node):
            return False
        self.returned.setdefault(function.node, (node, (*outer, parent)))
        self._note(module, parent, f"returned from {function.name}()")
        self._into(_Place("result", module, function.node, "", function), path)
        return True

    def _in_yield(
        self, module: Module, node: ast.AST, parent: ast.Yield, outer: Parents, path: Path
    ) -> bool:
        function = enclosing(module, outer, (*FUNCTIONS, ast.Lambda))
        if function is None or not isinstance(function.node, ast.FunctionDef):
            return False
        self.returned.setdefault(function.node, (node, (*outer, parent)))
        self._note(module, parent, f"yielded by {function.name}()")
        self._into(_Place("result", module, function.node, "", function), (_ANY, *path))
        return True

    def _in_ifexp(
        self, module: Module, node: ast.AST, parent: ast.IfExp, outer: Parents, path: Path
    ) -> bool:
        if parent.test is node:
            return False
        other = parent.orelse if parent.body is node else parent.body
        self._store(path, module, other, parent.lineno, "may give something else in its place")
        self._value(module, parent, outer, path)
        return True

    def _in_boolop(
        self, module: Module, node: ast.AST, parent: ast.BoolOp, outer: Parents, path: Path
    ) -> bool:
        last = parent.values[-1] is node
        if not last and not path:
            self._touch(module, node, (*outer, parent))
        test = outer and isinstance(outer[-1], (ast.If, ast.While, ast.IfExp, ast.Assert))
        if test or _is_in_test(parent, outer):
            return bool(not last or path)
        for other in parent.values:
            if other is not node and (isinstance(parent.op, ast.Or) or other is parent.values[-1]):
                what = "may give something else in its place"
                self._store(path, module, other, parent.lineno, what)
        self._value(module, parent, outer, path)
        return True

    def _in_starred(
        self, module: Module, node: ast.AST, parent: ast.Starred, outer: Parents, path: Path
    ) -> bool:
        if path and isinstance(outer[-1], (ast.List, ast.Tuple, ast.Set)):
            self._value(module, outer[-1], outer[:-1], (_ANY, *path[1:]))
            return True
        return False

    def _in_list(
        self, module: Module, node: ast.AST, parent: ast.List, outer: Parents, path: Path
    ) -> bool:
        return self._element(module, node, parent, outer, (_ANY, *path))

    def _in_set(
        self, module: Module, node: ast.AST, parent: ast.Set, outer: Parents, path: Path
    ) -> bool:
        return self._element(module, node, parent, outer, (_ANY, *path))

    def _in_tuple(
        self, module: Module, node: ast.AST, parent: ast.Tuple, outer: Parents, path: Path
    ) -> bool:
        return self._element(module, node, parent, outer, (parent.elts.index(node), *path))  # type: ignore[arg-type]

    def _element(
        self,
        module: Module,
        node: ast.AST,
        parent: ast.List | ast.Set | ast.Tuple,
        outer: Parents,
        path: Path,
    ) -> bool:
        if isinstance(getattr(parent, "ctx", None), ast.Store):
            return False
        if isinstance(outer[-1], ast.BinOp) and isinstance(outer[-1].op, ast.Mod) and outer:
            self._touch(module, node, (*outer, parent))  # "%s" % (gt,)
            return True
        if path[0] == _ANY:
            for other in parent.elts:
                if other is not node and not isinstance(other, ast.Starred):
                    line = other.lineno
                    self._store(path[1:], module, other, line, "puts something else beside it")
        self._value(module, parent, outer, path)
        return True

    def _in_dict(
        self, module: Module, node: ast.AST, parent: ast.Dict, outer: Parents, path: Path
    ) -> bool:
        if node in parent.keys and not path:
            self._touch(module, node, (*outer, parent))
            return True
        for other in parent.values:
            if other is not node:
                self._store(path, module, other, other.lineno, "puts something else beside it")
        self._value(module, parent, outer, (_ANY, *path))
        return True

    def _in_listcomp(
        self, module: Module, node: ast.AST, parent: ast.ListComp, outer: Parents, path: Path
    ) -> bool:
        self._value(module, parent, outer, (_ANY, *path))
        return True

    _in_setcomp = _in_generatorexp = _in_listcomp

    def _in_dictcomp(
        self, module: Module, node: ast.AST, parent: ast.DictComp, outer: Parents, path: Path
    ) -> bool:
        if parent.key is node:
            return False
        self._value(module, parent, outer, (_ANY, *path))
        return True

    def _in_comprehension(
        self, module: Module, node: ast.AST, parent: ast.comprehension, outer: Parents, path: Path
    ) -> bool:
        if parent.iter is not node or not path:
            return False
        if not self._is_mapping(module, node, (*outer, parent)):
            self._target(module, parent.target, (*outer, parent), path[1:], None)
        return True

    def _in_for(
        self, module: Module, node: ast.AST, parent: ast.For, outer: Parents, path: Path
    ) -> bool:
        if parent.iter is not node or not path:
            return False
        if not self._is_mapping(module, node, (*outer, parent)):
            self._target(module, parent.target, (*outer, parent), path[1:], None)
        return True

    def _in_subscript(
        self, module: Module, node: ast.AST, parent: ast.Subscript, outer: Parents, path: Path
    ) -> bool:
        if parent.value is not node or not path:
            return False
        if not isinstance(parent.ctx, ast.Load):
            self._put(module, parent, outer, path)
            return True
        if isinstance(parent.slice, ast.Slice):
            self._value(module, parent, outer, (_ANY, *path[1:]))
            return True
        index = parent.slice.value if isinstance(parent.slice, ast.Constant) else None
        if isinstance(path[0], int) and isinstance(index, int) and path[0] != index:
            return True
        self._value(module, parent, outer, path[1:])
        return True

    def _put(self, module: Module, target: ast.Subscript, outer: Parents, path: Path) -> None:
        """``holder[key] = value``: the value must be the object as well."""
        parent = outer[-1]
        if isinstance(parent, ast.Assign) and target in parent.targets:
            what = "puts something else beside it"
            self._store(path[1:], module, parent.value, target.lineno, what)

    def _in_withitem(
        self, module: Module, node: ast.AST, parent: ast.withitem, outer: Parents, path: Path
    ) -> bool:
        return bool(path)

    def _in_arguments(
        self, module: Module, node: ast.AST, parent: ast.arguments, outer: Parents, path: Path
    ) -> bool:
        """A default of a parameter."""
        function = outer[-1]
        positional = [*parent.posonlyargs, *parent.args]
        pairs = [
            *zip(
                positional[len(positional) - len(parent.defaults) :], parent.defaults, strict=True
            ),
            *zip(parent.kwonlyargs, parent.kw_defaults, strict=True),
        ]
        for parameter, default in pairs:
            if default is node:
                definition = Definition(module, function, outer[:-1])
                self._into(_Place("name", module, function, parameter.arg, definition), path)
                return True
        return False

    def _in_attribute(
        self, module: Module, node: ast.AST, parent: ast.Attribute, outer: Parents, path: Path
    ) -> bool:
        """A method of a container that holds the object."""
        if not path:
            return False
        call = outer[-1] if isinstance(outer[-1], ast.Call) and outer[-1].func is parent else None
        name = parent.attr
        if call is None:
            return False
        rest = outer[:-1]
        if name in _PUTS:
            position = _PUTS[name]
            if len(call.args) > position:
                value, line = call.args[position], call.lineno
                self._store(path[1:], module, value, line, "puts something else beside it")
        if name in _MERGES and call.args:
            line = call.lineno
            self._store(path, module, call.args[0], line, "puts something else beside it")
        if name in _TAKES:
            if name == "get" and len(call.args) > 1:
                line = call.lineno
                what = "may give something else in its place"
                self._store(path[1:], module, call.args[1], line, what)
            self._value(module, call, rest, path[1:])
        elif name in _COPIES:
            self._value(module, call, rest, (_ANY, *path[1:]))
        elif name == "items":
            self._value(module, call, rest, (_ANY, 1, *path[1:]))
        elif name == "popitem":
            self._value(module, call, rest, (1, *path[1:]))
        elif name not in _HARMLESS and name not in _PUTS and name not in _MERGES:
            return False
        return True

    # --- calls -------------------------------------------------------------------------------

    def _in_keyword(
        self, module: Module, node: ast.AST, parent: ast.keyword, outer: Parents, path: Path
    ) -> bool:
        call = outer[-1]
        if not isinstance(call, ast.Call) or parent.arg is None:
            return False
        return self._argument(module, node, call, outer[:-1], path, parent.arg)

    def _in_call(
        self, module: Module, node: ast.AST, parent: ast.Call, outer: Parents, path: Path
    ) -> bool:
        if parent.func is node:
            return False
        return self._argument(module, node, parent, outer, path, parent.args.index(node))  # type: ignore[arg-type]

    def _argument(
        self,
        module: Module,
        node: ast.AST,
        call: ast.Call,
        outer: Parents,
        path: Path,
        where: int | str,
    ) -> bool:
        """``node`` is an argument of ``call``; ``where`` is its position or keyword."""
        scope = module.scope_at(call, outer)
        use = module.use_of_call.get(call)
        if use is not None and self._given_to_eventlet(module, node, call, use, path):
            return True
        started = Arguments.of_started(call, where, use.api if use is not None else "", module)
        if started is not None and self._enter(module, started.target, outer, call, started, path):
            return True
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name and self._is_builtin(module, name, scope):
            return self._given_to_builtin(module, node, call, outer, path, name, where)
        plain = Arguments.of_call(call, where)
        if self._enter(module, call.func, (*outer, call), call, plain, path):
            return True
        if not isinstance(call.func, ast.Attribute):
            return False
        method, receiver = call.func.attr, call.func.value
        root = receiver.id if isinstance(receiver, ast.Name) else ""
        expects = method.startswith("assert_") or ast.unparse(call.func) == "mock.call"
        if root in _LOGS or expects or (root == "self" and method.startswith("assert")):
            how = "text" if root in _LOGS else "compare"
            if not path:
                if method in ("assertIsInstance", "assertNotIsInstance") and where == 0:
                    how = "isinstance"
                    self._class_named(module, call)
                self._look(module, node, (*outer, call), how)
            return True
        merges = method in _MERGES and path
        if (method in _PUTS and _PUTS[method] == where) or merges:
            inner = path if merges else (_ANY, *path)
            parents = (*outer, call, call.func)
            made = _is_setdefault(receiver)
            if made is not None:  # d.setdefault(key, []).append(object)
                inside = (*parents, receiver, made.func)
                self._target(module, made.func.value, inside, (_ANY, _ANY, *inner[1:]), None)  # type: ignore[attr-defined]
                return True
            if isinstance(receiver, (ast.Name, ast.Attribute, ast.Subscript)):
                self._target(module, receiver, parents, (_ANY, *inner[1:]), None)
                if method == "setdefault":
                    self._value(module, call, outer, path)
                return True
        return False

    def _given_to_eventlet(
        self, module: Module, node: ast.AST, call: ast.Call, use: Use, path: Path
    ) -> bool:
        """``greenthread.kill(gt)``, ``GreenPile(pool)``: something eventlet does to the object."""
        first = call.args[0] if call.args else None
        kind = use.api.rpartition(".")[2]
        direct = use.api in ("eventlet.greenthread.kill", "eventlet.greenthread.cancel")
        if not path and first is node and (direct or use.api == "eventlet.greenpool.GreenPile"):
            self.touched.add(node)
            parents = (*use.parents[:-1], call)
            deed = HandleUse("argument", node, parents, kind, call, module=module, use=use)
            self._record(deed)
            return True
        return False

    def _look(self, module: Module, node: ast.AST, parents: Parents, how: str) -> None:
        if node not in self.touched:
            self.touched.add(node)
            self._record(HandleUse(how, node, parents, module=module))

    def _is_builtin(self, module: Module, name: str, scope: Scope) -> bool:
        return name == "deque" or module.lookup(name, scope)[0] is None

    def _is_mapping(self, module: Module, node: ast.AST, parents: Parents) -> bool:
        """Whether a name or attribute is only ever given dicts, so that it iterates over keys."""
        if isinstance(node, ast.Name):
            bindings = module.lookup(node.id, module.scope_at(node, parents))[1]
            values: list[ast.AST | None] = [binding.value for binding in bindings]
        elif isinstance(node, ast.Attribute):
            owner = self.program.class_of(module, node.value, (*parents, node))
            stores = [
                place
                for place in (self.program.attributes(owner, node.attr) if owner else ())
                if isinstance(getattr(place.node, "ctx", None), ast.Store)
            ]
            values = [getattr(place.parents[-1], "value", None) for place in stores]
        else:
            values = [node]
        return bool(values) and all(map(_makes_mapping, values))

    def _given_to_builtin(
        self,
        module: Module,
        node: ast.AST,
        call: ast.Call,
        outer: Parents,
        path: Path,
        name: str,
        where: int | str,
    ) -> bool:
        parents = (*outer, call)
        if name in _LOOKS:
            how = {"bool": "test", "hash": "key", "id": "key"}.get(name, "text")
            if not path:
                self._look(module, node, parents, how)
            return True
        if name == "isinstance" and where == 0:
            if not path:
                self._class_named(module, call)
                self._look(module, node, parents, "isinstance")
            return True
        if not path:
            if name in _COLLECTS | {"enumerate"}:
                self._look(module, node, parents, "iterate")
                return True
            return False
        if name in _ITERATES and self._is_mapping(module, node, parents):
            return True  # its keys are asked for
        if name in _COLLECTS:
            self._value(module, call, outer, (_ANY, *path[1:]))
        elif name == "enumerate":
            self._value(module, call, outer, (_ANY, 1, *path[1:]))
        elif name == "zip" and isinstance(where, int):
            self._value(module, call, outer, (_ANY, where, *path[1:]))
        elif name == "next":
            self._value(module, call, outer, path[1:])
        elif name in ("map", "filter") and where == 1:
            given = Arguments(call.args[0], (call.args[1],), {}, 0)
            if not self._enter(module, call.args[0], parents, call, given, path[1:]):
                return False
            if name == "filter":
                self._value(module, call, outer, path)
        else:
            return False
        return True

    def _enter(
        self,
        module: Module,
        function: ast.AST,
        parents: Parents,
        call: ast.Call,
        arguments: Arguments,
        path: Path,
    ) -> bool:
        """Follow an argument into the functions of the project that it is passed to."""
        targets = self._callees(module, function, parents)
        entered = False
        for target, bound in targets:
            given = path[0] if arguments.in_tuple and path else arguments.place
            arguments_node = getattr(target.node, "args", None)
            if given in (None, _ANY) or arguments_node is None:
                return False
            found = Arguments.parameter_name(arguments_node, given, bound)
            if found is None:
                return False
            name, collects = found
            inner = path[1:] if arguments.in_tuple and path else path
            inner = (_ANY, *inner) if collects else inner
            self._note(target.module, target.node, f"passed to {target.name}() as {name}")
            self._into(_Place("name", target.module, target.node, name, target), inner)
            entered = True
        return entered

    def _callees(
        self, module: Module, function: ast.AST, parents: Parents
    ) -> list[tuple[Definition, int]]:
        """The functions that an expression may call, and how many parameters are bound already."""
        if isinstance(function, ast.Lambda):
            return [(Definition(module, function, parents), 0)]
        scope = module.scope_at(function, parents)
        if isinstance(function, ast.Attribute):
            owner = self.program.class_of(module, function.value, (*parents, function))
            if owner is not None:
                found = self.program.methods(owner, function.attr)
                return [(item, _bound_count(item)) for item in found]
        target = self.program.resolve(module, function, scope)
        if target is None:
            return []
        if isinstance(target.node, ast.ClassDef):
            start = self.program.member(target, "__init__")
            return [(start, 1)] if start is not None else []
        if isinstance(target.node, FUNCTIONS):
            return [(target, int(has_decorator(target, "classmethod")))]
        return []


# --- what the expression around the object does with it ----------------------------------------


def classify(node: ast.AST, parents: Parents) -> HandleUse | None:
    """What the expression around ``node`` does with the object; None for nothing."""
    parent = parents[-1]
    if isinstance(parent, ast.Attribute) and parent.value is node:
        outer = parents[-2]
        call = outer if isinstance(outer, ast.Call) and outer.func is parent else None
        return HandleUse("attribute", node, parents, parent.attr, call)
    if isinstance(parent, ast.withitem) and parent.context_expr is node:
        return HandleUse("with" if parent.optional_vars is None else "with-as", node, parents)
    if isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is node:
        return HandleUse("iterate", node, parents)
    if isinstance(parent, ast.Compare):
        how = "compare-none" if _compares_with_none(parent) else "compare"
        return HandleUse(how, node, parents)
    if isinstance(parent, (ast.If, ast.While, ast.IfExp, ast.Assert)) and parent.test is node:
        return HandleUse("test", node, parents)
    if isinstance(parent, ast.BoolOp) or (
        isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not)
    ):
        return HandleUse("test", node, parents)
    if isinstance(parent, (ast.FormattedValue, ast.JoinedStr)) or (
        isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod) and parent.right is node
    ):
        return HandleUse("text", node, parents)
    if isinstance(parent, (ast.Dict, ast.Subscript)):
        return HandleUse("key", node, parents)
    if isinstance(parent, ast.Tuple) and any(
        isinstance(n, ast.BinOp) and isinstance(n.op, ast.Mod) for n in parents[-2:-1]
    ):
        return HandleUse("text", node, parents)
    if isinstance(parent, (ast.Expr, ast.Delete)):
        return None
    return HandleUse("escape", node, parents, reason=_escape_reason(parent))


def _escape_reason(parent: ast.AST) -> str:
    line = getattr(parent, "lineno", None)
    where = f" (line {line})" if line else ""
    if isinstance(parent, (ast.Call, ast.keyword, ast.Starred)):
        return f"it is passed on{where}"
    if isinstance(parent, (ast.Return, ast.Yield, ast.YieldFrom)):
        return f"it is returned{where}"
    return f"it is stored or passed on{where}"


def _compares_with_none(node: ast.Compare) -> bool:
    return all(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops) and any(
        isinstance(item, ast.Constant) and item.value is None
        for item in (node.left, *node.comparators)
    )


def _is_mock(node: ast.AST) -> bool:
    """Whether an expression makes a mock, or is a sentinel of one."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).rpartition(".")[2] in ("Mock", "MagicMock")
    return bool(re.fullmatch(r"(?:mock\.)?sentinel\.\w+", ast.unparse(node)))


def _is_in_test(node: ast.AST, outer: Parents) -> bool:
    """Whether only the truth of an expression is asked for."""
    for parent in reversed(outer):
        if isinstance(parent, (ast.If, ast.While, ast.IfExp, ast.Assert)):
            return parent.test is node
        if not isinstance(parent, (ast.BoolOp, ast.UnaryOp)):
            return False
        if isinstance(parent, ast.UnaryOp):
            return isinstance(parent.op, ast.Not)
        node = parent
    return False


# --- functions ---------------------------------------------------------------------------------


def _makes_mapping(value: ast.AST | None) -> bool:
    if isinstance(value, ast.Call):
        name = ast.unparse(value.func).rpartition(".")[2]
        return name in ("dict", "defaultdict", "OrderedDict")
    return isinstance(value, (ast.Dict, ast.DictComp))


def _is_setdefault(node: ast.AST) -> ast.Call | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node if node.func.attr == "setdefault" else None
    return None


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function, without those of functions and classes in it."""
    pending: list[ast.AST] = list(getattr(function, "body", ()))
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            pending.extend(ast.iter_child_nodes(node))


def _has_yield(function: ast.AST) -> bool:
    return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in _own_nodes(function))


def _manner(function: ast.AST) -> str | None:
    """How a function gives its result: plain, as a property or a context; None for unknown."""
    decorators = [ast.unparse(item) for item in getattr(function, "decorator_list", ())]
    decorators = [item for item in decorators if item not in ("staticmethod", "classmethod")]
    if not decorators:
        return "plain"
    tail = decorators[0].rpartition(".")[2]
    if len(decorators) == 1 and tail in ("property", "cached_property"):
        return "property"
    if len(decorators) == 1 and tail == "contextmanager":
        return "context"
    return None


def _is_offered(function: Definition) -> bool:
    """Whether other projects may call a function: it is public, and not in a test."""
    parts = function.module.path.split("/")
    if "tests" in parts or "test" in parts or parts[-1].startswith("test_"):
        return False
    names = [function.name, *(getattr(node, "name", "") for node in function.parents)]
    local = any(isinstance(node, FUNCTIONS) for node in function.parents)
    return len(parts) > 1 and not local and not any(name.startswith("_") for name in names)


def _bound_count(target: Definition) -> int:
    return 0 if is_static(target) else 1


def _definition_of(place: _Place, program: Program) -> Definition | None:
    """The function whose parameter a place may be."""
    if place.definition is not None and place.definition.node is place.node:
        return place.definition
    module = place.module
    name = getattr(place.node, "name", "")
    if not name:
        return None
    module.occurrences(name)
    for scope in module.walker.scopes():
        for binding in scope.bindings.get(name, ()):
            if binding.node is place.node:
                return Definition(module, place.node, binding.parents)
    return None


#: Attributes that every other class has as well: their name alone proves nothing.
_COMMON = frozenset(
    [
        "event",
        "events",
        "queue",
        "lock",
        "pool",
        "thread",
        "threads",
        "timer",
        "result",
        "results",
        "name",
        "value",
        "done",
        "started",
        "stopped",
        "server",
        "worker",
        "workers",
        "semaphore",
    ]
)


def _is_telling(name: str) -> bool:
    """Whether an attribute that only one class of the project has is known by its name."""
    return name not in _COMMON and len(name) > 3


def _column(node: ast.AST) -> int:
    return int(getattr(node, "col_offset", 0))
