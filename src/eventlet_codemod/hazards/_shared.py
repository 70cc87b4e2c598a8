"""State that threads share, and what they do with it.

The state is an attribute of an object whose methods run in threads, or a name of a module whose
functions do. It is looked at class by class and module by module: other code may have the object
too, so what is found is true, and not all there is.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from eventlet_codemod.facts.carried import is_static
from eventlet_codemod.facts.module import FUNCTIONS, Module, Parents
from eventlet_codemod.facts.names import Definition, enclosing
from eventlet_codemod.facts.program import Program, Reference
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.facts.reach import Body, Calls, Reached, body_of, is_locked
from eventlet_codemod.facts.starts import Start, starts_in


@dataclass(frozen=True, slots=True)
class Place:
    """Something that a function does to shared state. ``key`` names that, as the code does."""

    function: Definition
    node: ast.AST
    parents: Parents
    key: str
    locked: bool

    @property
    def line(self) -> int:
        """The line of the place."""
        return int(getattr(self.node, "lineno", 1))

    @property
    def name(self) -> str:
        """The function, as a reader would call it."""
        return f"{self.function.name}()" if self.function.name else "a lambda"


#: What a rule looks for in a function: nodes, each with the expression that is shared.
Find = Callable[[ast.AST, Parents], Iterable[tuple[ast.AST, ast.expr]]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two places that threads may be at at once; ``starts`` are those that make it so."""

    first: Place
    second: Place
    starts: tuple[Start, ...]


_MAKING = frozenset({"__init__", "__new__", "__del__", "__repr__", "__str__", "setUp"})


class Unit:
    """The functions of a class with its bases, or of a module, and the threads that run them."""

    def __init__(self, program: Program, owner: Definition | None, module: Module) -> None:
        self.program = program
        self.owner = owner
        self.module = module
        self._calls = Calls(program, owner)
        self._besides: dict[Start, dict[ast.AST, Reached]] = {}

    @cached_property
    def functions(self) -> list[Definition]:
        """Methods, of which a subclass's hides a base's; or all functions of the module."""
        if self.owner is None:
            nodes = [node for items in self.module.functions.values() for node in items]
            return [Definition(self.module, node) for node in nodes]
        found: dict[str, Definition] = {}
        for item in self.program.ancestors(self.owner):
            for node in getattr(item.node, "body", ()):
                if isinstance(node, FUNCTIONS):
                    parents = (*item.parents, item.node)
                    found.setdefault(node.name, Definition(item.module, node, parents))
        return list(found.values())

    @cached_property
    def starts(self) -> list[Start]:
        """The starts of functions of this unit."""
        if self.owner is None:
            return [
                start
                for start in starts_in(self.module, self.program)
                if any(item.module.path == self.module.path for item in start.functions)
            ]
        family = {item.node: item.module for item in self.program.ancestors(self.owner)}
        modules = {module.path: module for module in family.values()}
        return [
            start
            for module in modules.values()
            for start in starts_in(module, self.program)
            if start.owner is not None and start.owner.node in family
        ]

    @cached_property
    def reached(self) -> dict[Start, dict[ast.AST, Reached]]:
        """What each start runs."""
        return {start: self._calls.reached(self._targets(start)) for start in self.starts}

    def _targets(self, start: Start) -> list[Definition]:
        if self.owner is None:
            return [item for item in start.functions if item.module.path == self.module.path]
        found = (self.program.member(self.owner, item.name) for item in start.functions)
        return [item for item in found if item is not None]

    @cached_property
    def besides(self) -> dict[ast.AST, Reached]:
        """What other code of the process runs: public functions, and what they call."""
        entries = [
            item
            for item in self.functions
            if not item.name.startswith("_") and item.node not in self._begun | self._making
        ]
        return self._calls.reached(entries)

    @cached_property
    def _starting(self) -> dict[Start, set[ast.AST]]:
        """For each start the functions that it stands in, directly or through calls.

        They come before it or wait for it.
        """
        callers = self._callers
        found = {}
        for start in self.starts:
            function = start.function
            pending = [function.node] if function is not None else []
            for node in pending:
                pending += callers.get(node, set()) - set(pending)
            found[start] = set(pending)
        return found

    @cached_property
    def _callers(self) -> dict[ast.AST, set[ast.AST]]:
        """For each function of the unit those of it that call it."""
        callers: dict[ast.AST, set[ast.AST]] = {}
        for item in self.functions:
            for called, _ in self._calls.of(item):
                callers.setdefault(called.node, set()).add(item.node)
        return callers

    @cached_property
    def _making(self) -> set[ast.AST]:
        """The constructor, and what only that calls, if no thread begins with it."""
        found = {item.node for item in self.functions if item.name in _MAKING}
        items = {item.node: item for item in self.functions}
        size = -1
        while size != len(found):
            size = len(found)
            called = {node for node, callers in self._callers.items() if callers <= found}
            found |= {
                node
                for node in called - self._begun - found
                if node not in items or not self._is_called_elsewhere(items[node])
            }
        return found

    def _is_called_elsewhere(self, function: Definition) -> bool:
        """Whether code outside of the class, or of the module, has a public function."""
        if function.name.startswith("_"):
            return False
        if self.owner is None:
            found = self.program.references(function)
            return any(item.module is not self.module and _is_code(item) for item in found)
        family = {item.node for item in self.program.family(self.owner)}
        found = list(self.program.attributes(self.owner, function.name))
        return any(family.isdisjoint(item.parents) and _is_code(item) for item in found)

    @cached_property
    def _begun(self) -> set[ast.AST]:
        """The functions with which a thread begins."""
        return {item.node for start in self.starts for item in self._targets(start)}

    def places(self, find: Find, *kinds: type[ast.AST]) -> dict[str, list[Place]]:
        """What nodes of some kinds do to shared state, by what that is.

        Not where the object is made.
        """
        found: dict[str, list[Place]] = {}
        for function in self.functions:
            if function.node in self._making:
                continue
            body = body_of(function.node, self.program)
            for node, parents in body.of(*kinds):
                for what, expression in find(node, parents):
                    key = self._key(expression, function, body)
                    if key is not None:
                        locked = body.acquires or is_locked(parents)
                        place = Place(function, what, parents, key, locked)
                        found.setdefault(key, []).append(place)
        return found

    def _key(self, expression: ast.expr, function: Definition, body: Body) -> str | None:
        """The shared state that an expression is: ``self.a.b``, or a global name."""
        root: ast.AST = expression
        while isinstance(root, ast.Attribute) or _is_item(root):
            root = root.value  # type: ignore[attr-defined]
        if not isinstance(root, ast.Name):
            return None
        if self.owner is not None:
            arguments = function.node.args  # type: ignore[attr-defined]
            first = [*arguments.posonlyargs, *arguments.args][:1]
            own = first and first[0].arg == root.id and not is_static(function)
            return ast.unparse(expression) if own and root is not expression else None
        return ast.unparse(expression) if self._is_shared(root.id, body) else None

    def _is_shared(self, name: str, body: Body) -> bool:
        """Whether a name in a function is the module's own."""
        bindings = self.module.lookup(name, self.module.walker.module)[1]
        if not bindings or any(binding.is_import for binding in bindings):
            return False
        return name in body.outer or name not in body.bound

    def pair(
        self, places: Sequence[Place], others: Sequence[Place], *, alike: bool = True
    ) -> Pair | None:
        """The first of ``places`` at which a thread may be while one is at one of ``others``.

        Not where both hold a lock, and one of the two must be in a thread that this unit shows.
        Without ``alike`` the threads are of different starts: those of one work on different items.
        """
        for first in places:
            for second in others:
                starts = self._at_once(first, second, alike)
                starts = starts or self._at_once(second, first, alike)
                if starts:
                    return Pair(first, second, starts)
        return None

    def _at_once(self, first: Place, second: Place, alike: bool) -> tuple[Start, ...]:
        """The starts that may have a thread at each of two places, not both under a lock."""
        one, two = first.function.node, second.function.node
        for start, reached in self.reached.items():
            if one not in reached:
                continue
            serves = not isinstance(start.node, ast.Call) and one is not two
            for ways, theirs in self._others(start, two, alike or serves):
                held = first.locked or reached[one].locked
                if not (held and (second.locked or theirs.locked)):
                    return ways
        return ()

    def _others(
        self, start: Start, node: ast.AST, alike: bool
    ) -> Iterator[tuple[tuple[Start, ...], Reached]]:
        """What may run a function beside what a start runs: itself again, others, other code."""
        own = self.reached[start]
        if alike and node in own and (start.many or self._is_served(start)):
            yield (start,), own[node]
        for other, reached in self.reached.items():
            if other is not start and node in reached and not self._in_turn(start, other):
                yield (start, other), reached[node]
        beside = self.besides_of(start).get(node)
        if beside is not None:
            yield (start,), beside

    def _in_turn(self, start: Start, other: Start) -> bool:
        """Whether two starts are of the same function, or the thread of one makes the other."""
        one, two = ({item.node for item in which.functions} for which in (start, other))
        if not one.isdisjoint(two):
            return True
        return any(
            child.function is not None and child.function.node in self.reached[parent]
            for parent, child in ((start, other), (other, start))
            if isinstance(parent.node, ast.Call)
        )

    def besides_of(self, start: Start) -> dict[ast.AST, Reached]:
        """What other code may run while the threads of a start do."""
        if start not in self._besides:
            apart = self.reached[start].keys() | self._starting[start]
            items = self.besides.items()
            self._besides[start] = {node: item for node, item in items if node not in apart}
        return self._besides[start]

    def parts(self) -> Iterator[Unit]:
        """The classes of objects that the object of this one keeps, and threads use."""
        called: dict[Start, dict[Definition, list[tuple[Definition, bool]]]] = {}
        owners: dict[ast.AST, Definition] = {}
        for start, reached in self.reached.items():
            runs = called[start] = {}
            for item in reached.values():
                for owner, method, locked in self._calls.of_parts(item.function):
                    known = owners.setdefault(owner.node, owner)
                    runs.setdefault(known, []).append((method, locked or item.locked))
        for owner in owners.values():
            if not is_test(owner.module.path) and not _is_local(owner):
                yield Part(
                    self.program, owner, self, {s: c.get(owner, []) for s, c in called.items()}
                )

    def _is_served(self, start: Start) -> bool:
        """Whether a start stands in a function that itself runs several times at once."""
        function = start.function
        return function is not None and any(
            other.many and function.node in reached for other, reached in self.reached.items()
        )


class Part(Unit):
    """The functions of an object that another one keeps, whose methods run in threads."""

    def __init__(
        self,
        program: Program,
        owner: Definition,
        whole: Unit,
        called: Mapping[Start, Sequence[tuple[Definition, bool]]],
    ) -> None:
        super().__init__(program, owner, owner.module)
        self._whole = whole
        self._called = called

    @cached_property
    def starts(self) -> list[Start]:
        """Those of the whole that lead here."""
        return [start for start, found in self._called.items() if found]

    @cached_property
    def reached(self) -> dict[Start, dict[ast.AST, Reached]]:
        """What each start runs of this part."""
        return {s: self._calls.reached_from(self._called[s]) for s in self.starts}

    def besides_of(self, start: Start) -> dict[ast.AST, Reached]:
        """What other methods of the whole call."""
        if start not in self._besides:
            entries = [
                (method, locked or item.locked)
                for item in self._whole.besides_of(start).values()
                for owner, method, locked in self._calls.of_parts(item.function)
                if self.owner is not None and owner.node is self.owner.node
            ]
            self._besides[start] = self._calls.reached_from(entries)
        return self._besides[start]

    def _is_served(self, start: Start) -> bool:
        return self._whole._is_served(start)

    def _in_turn(self, start: Start, other: Start) -> bool:
        return self._whole._in_turn(start, other)


class Closure(Unit):
    """The functions in a function: they share its names."""

    def __init__(self, program: Program, around: Definition) -> None:
        super().__init__(program, None, around.module)
        self.around = around
        scope = around.module.walker.scope_of(around.node)
        self._bound = scope.bound if scope is not None else frozenset()

    @cached_property
    def functions(self) -> list[Definition]:
        """The functions of its own block, at any depth."""
        parents = (*self.around.parents, self.around.node)
        return [
            Definition(self.module, node, parents)
            for node in ast.walk(self.around.node)
            if isinstance(node, FUNCTIONS) and node is not self.around.node
        ]

    @cached_property
    def starts(self) -> list[Start]:
        """The starts of one of them."""
        own = {item.node for item in self.functions}
        found = starts_in(self.module, self.program)
        return [start for start in found if own & {item.node for item in start.functions}]

    @cached_property
    def besides(self) -> dict[ast.AST, Reached]:
        """Nothing: the function itself most likely waits."""
        return {}

    def _is_shared(self, name: str, body: Body) -> bool:
        return name in self._bound and (name in body.outer or name not in body.bound)


def units_of(module: Module, program: Program) -> list[Unit]:
    """The classes and the module whose functions a file starts in threads."""
    known: dict[str, list[Unit]] = program.memo.setdefault("units", {})
    if module.path not in known:
        known[module.path] = [] if is_test(module.path) else list(_units(module, program))
    return known[module.path]


def _units(module: Module, program: Program) -> Iterator[Unit]:
    seen: set[ast.AST] = set()
    for start in starts_in(module, program):
        owner = start.owner
        if owner is not None and owner.node not in seen and not _is_local(owner):
            seen.add(owner.node)
            unit = Unit(program, owner, owner.module)
            yield unit
            yield from unit.parts()
        for item in start.functions:
            around = enclosing(item.module, item.parents, FUNCTIONS)
            if around is not None and around.node not in seen and item.module is module:
                seen.add(around.node)
                yield Closure(program, around)
            if item.module.tree not in seen:
                seen.add(item.module.tree)
                yield Unit(program, None, item.module)


def _is_code(reference: Reference) -> bool:
    return not is_test(reference.module.path)


def _is_item(node: ast.AST) -> bool:
    """Whether a node is an item whose key is written out."""
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)


def _is_local(owner: Definition) -> bool:
    """Whether each thread has attributes of its own: a subclass of ``threading.local``."""
    bases = getattr(owner.node, "bases", ())
    return any(ast.unparse(base).rpartition(".")[2] == "local" for base in bases)
