"""Which locks a function takes, and which others it takes, itself or by what it calls, meanwhile.

Only locks that are known: those of oslo.concurrency by a name that is written out, and locks of
threading or eventlet that an object or a module keeps. Those that a thread may take twice, such as
`threading.RLock`, are none.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from eventlet_codemod.facts.carried import last_name
from eventlet_codemod.facts.module import Module, Parents
from eventlet_codemod.facts.names import Definition
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.facts.reach import Calls, inside
from eventlet_codemod.facts.scopes import Binding
from eventlet_codemod.hazards._containers import values_of
from eventlet_codemod.hazards._shared import Unit, units_of

#: What the text of a file with a known lock holds.
_WORDS = r"lockutils|synchronized|\bLock\(|Semaphore\(|allocate_lock\("
_AT_TOP = r"(?m)^\w+ *=.*(?:Lock|Semaphore|allocate_lock)\(|^@.*synchronized|lockutils\.lock\("
_MADE = re.compile(r"(\w+)\s*=\s*[\w.]*(?:Lock|Semaphore|allocate_lock)\(")
_LOCKS = frozenset({"Lock", "allocate_lock"})
_COUNTING = frozenset({"Semaphore", "BoundedSemaphore"})
_HOMES = frozenset({"threading", "thread", "_thread", "eventlet", "multiprocessing"})
#: A lock that is fair is one that its thread may take again; one of other semaphores is another.
_OTHERWISE = frozenset({"fair", "semaphores"})
#: Functions of libraries that are `lockutils.synchronized` with a prefix.
_PREFIXED = frozenset({"neutron_lib.utils.runtime.synchronized"})
_DEEP = 4  # calls

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Taking:
    """A place where a function takes a lock; ``inner`` is what it does while it holds it."""

    function: Definition
    node: ast.AST
    key: Key
    around: Parents
    inner: tuple[tuple[ast.AST, Parents], ...]

    @property
    def lock(self) -> str:
        """The lock, as a reader would call it."""
        return f"the lock {self.key[1]!r}" if self.key[0] == "named" else f"`{self.key[1]}`"


@dataclass(frozen=True, slots=True)
class Nested:
    """A lock that is taken while another is held, and the calls that lead there."""

    outer: Taking
    inner: Taking
    calls: tuple[tuple[Definition, ast.Call], ...]


def lock_units(module: Module, program: Program) -> Iterator[Unit]:
    """The classes of a file and the file itself, and the classes that its threads run."""
    if is_test(module.path):
        return
    seen: set[ast.AST] = set()
    if module.search(_WORDS):
        if module.search(_AT_TOP):
            seen.add(module.tree)
            yield Unit(program, None, module)
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef):
                seen.add(node)
                yield Unit(program, Definition(module, node, (module.tree,)), module)
    for unit in units_of(module, program):
        owner = unit.owner.node if unit.owner is not None else None
        if type(unit) is Unit and owner is not None and owner not in seen:
            seen.add(owner)
            yield unit


def nested_in(unit: Unit) -> list[Nested]:
    """Every lock that the functions of a unit take while they hold one."""
    known: dict[ast.AST, list[Nested]] = unit.program.memo.setdefault("nested locks", {})
    at = unit.owner.node if unit.owner is not None else unit.module.tree
    if at not in known:
        known[at] = list(_Nesting(unit).found())
    return known[at]


class _Nesting:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._calls = Calls(unit.program, unit.owner)
        self._known: dict[ast.AST, list[Taking]] = {}
        homes = {item.module.path: item.module for item in unit.functions}.values()
        names = {"synchronized", "lockutils", *(name for home in homes for name in _made(home))}
        self._named = re.compile(rf"\b(?:{'|'.join(sorted(names))})\b")

    def found(self) -> Iterator[Nested]:
        for function in self._unit.functions:
            for taking in self._takings(function):
                yield from self._below(taking)

    def _below(self, outer: Taking) -> Iterator[Nested]:
        held = {node for node, _ in outer.inner}
        for taking in self._takings(outer.function):
            if taking.node in held:
                yield Nested(outer, taking, ())
        pending: list[tuple[Definition, tuple[tuple[Definition, ast.Call], ...]]] = [
            (called, ((outer.function, call),))
            for call, called in self._called(outer.function, outer.inner)
        ]
        seen: set[ast.AST] = set()
        for function, calls in pending:
            if function.node in seen or _is_generator(function.node):
                continue
            seen.add(function.node)
            for taking in self._takings(function):
                if not _is_chosen(taking):
                    yield Nested(outer, taking, calls)
            if len(calls) < _DEEP:
                pending += [
                    (called, (*calls, (function, call)))
                    for call, called in self._called(function, tuple(inside(function.node)))
                ]

    def _called(
        self, function: Definition, nodes: tuple[tuple[ast.AST, Parents], ...]
    ) -> Iterator[tuple[ast.Call, Definition]]:
        for node, parents in nodes:
            if isinstance(node, ast.Call):
                around = (*function.parents, function.node, *parents[1:], node)
                for called in self._calls.called(node.func, function, around):
                    yield node, called

    def _takings(self, function: Definition) -> list[Taking]:
        if function.node not in self._known:
            named = self._named.search(_text(function)) is not None
            self._known[function.node] = list(self._find(function)) if named else []
        return self._known[function.node]

    def _find(self, function: Definition) -> Iterator[Taking]:
        nodes = list(inside(function.node))
        for decorator in function.node.decorator_list:  # type: ignore[attr-defined]
            name = _named(decorator, "synchronized", function, self._unit.program)
            if name:
                yield Taking(function, decorator, ("named", name), (), tuple(nodes))
        for node, parents in nodes:
            for item in node.items if isinstance(node, ast.With) else ():
                key = self._key(item.context_expr, function)
                if key is not None:
                    body = set(node.body)  # type: ignore[attr-defined]
                    inner = tuple(
                        (inner, around)
                        for inner, around in nodes
                        if inner in body or not body.isdisjoint(around)
                    )
                    yield Taking(function, item.context_expr, key, (*parents, node), inner)

    def _key(self, node: ast.expr, function: Definition) -> Key | None:
        name = _named(node, "lock", function, self._unit.program)
        if name:
            return "named", name
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            own = node.value.id in ("self", "cls") and function.owner is not None
            if own and self._is_lock(values_of(node.attr, self._unit), function.module):
                return "own", f"self.{node.attr}"
        if isinstance(node, ast.Name) and node.id not in _bound_in(function.node):
            bindings = function.module.lookup(node.id, function.module.walker.module)[1]
            if self._is_lock((item.value for item in bindings), function.module):
                return function.module.path, node.id
        return None

    def _is_lock(self, values: Iterator[ast.AST | None], module: Module) -> bool:
        """Whether every value is a lock that its thread cannot take twice."""
        found = list(values)
        return bool(found) and all(_is_lock(value, module) for value in found)


def _made(module: Module) -> Iterator[str]:
    """The names that a file gives to what may be a lock, as far as its text tells."""
    if module.search(_WORDS) is not None:
        for line in module.lines:
            if "Lock(" in line or "Semaphore(" in line or "allocate_lock(" in line:
                yield from _MADE.findall(line)


def _text(function: Definition) -> str:
    """The lines of a function with its decorators."""
    node: Any = function.node
    first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
    return "\n".join(function.module.lines[first - 1 : node.end_lineno])


def _is_lock(value: ast.AST | None, module: Module) -> bool:
    if not isinstance(value, ast.Call) or value.keywords:
        return False
    name, given = last_name(value.func), [ast.unparse(item) for item in value.args]
    plain = (name in _LOCKS and not given) or (name in _COUNTING and given in ([], ["1"]))
    return plain and _root(value.func, module) in _HOMES


def _root(node: ast.AST, module: Module) -> str:
    """The package that a name or dotted chain is imported from."""
    while isinstance(node, ast.Attribute):
        node = node.value
    bindings = module.lookup(node.id, module.walker.module)[1] if isinstance(node, ast.Name) else []
    names = {str(item.qualified).partition(".")[0] for item in bindings if item.is_import}
    return names.pop() if len(names) == 1 and len(bindings) == 1 else ""


def _named(node: ast.expr, word: str, function: Definition, program: Program) -> str:
    """The name of the lock that a call of ``lockutils`` takes, if it is written out."""
    if not isinstance(node, ast.Call) or not node.args or last_name(node.func) == "":
        return ""
    name = node.args[0]
    if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
        return ""
    if any(item.arg is None or item.arg in _OTHERWISE for item in node.keywords):
        return ""
    return name.value if _is_of_lockutils(node.func, word, function.module, program) else ""


def _is_of_lockutils(node: ast.expr, word: str, module: Module, program: Program) -> bool:
    """Whether it is ``lockutils.synchronized``, or what ``synchronized_with_prefix()`` gave."""
    if isinstance(node, ast.Attribute):
        binding = _only(module, ast.unparse(node.value))
        if binding is None or not binding.is_import:
            return False
        qualified = str(binding.qualified)
        if qualified.rpartition(".")[2] == "lockutils" or f"{qualified}.{node.attr}" in _PREFIXED:
            return node.attr == word
        home = program.resolve(module, node.value, module.walker.module)
        inner = isinstance(home.node, ast.Module) if home is not None else False
        return home is not None and inner and _is_prefixed(home.module, node.attr, word)
    if isinstance(node, ast.Name):
        binding = _only(module, node.id)
        if binding is not None and binding.is_import:
            qualified = str(binding.qualified)
            if qualified.endswith(f"lockutils.{word}") or qualified in _PREFIXED:
                return True
            source = program.imported_module(module, qualified)
            tail = qualified.rpartition(".")[2]
            return source is not None and _is_prefixed(source, tail, word)
        return _is_prefixed(module, node.id, word)
    return False


def _is_prefixed(module: Module, name: str, word: str) -> bool:
    binding = _only(module, name)
    value = binding.value if binding is not None else None
    if not isinstance(value, ast.Call):
        return False
    return last_name(value.func) == f"{word}_with_prefix" and "lockutils" in module.text


def _only(module: Module, name: str) -> Binding | None:
    bindings = module.lookup(name, module.walker.module)[1]
    return bindings[0] if len(bindings) == 1 else None


def _bound_in(function: ast.AST) -> set[str]:
    arguments = function.args  # type: ignore[attr-defined]
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    names = {item.arg for item in every}
    return names | {
        node.id
        for node, _ in inside(function)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    }


def _is_generator(function: ast.AST) -> bool:
    """Whether a call of a function runs nothing of it yet."""
    decorators = getattr(function, "decorator_list", [])
    if isinstance(function, ast.AsyncFunctionDef):
        return True
    managed = any("contextmanager" in ast.unparse(item) for item in decorators)
    return not managed and any(
        isinstance(node, (ast.Yield, ast.YieldFrom)) for node, _ in inside(function)
    )


def _is_chosen(taking: Taking) -> bool:
    """Whether a function takes a lock only if it is told to, or finds it free."""
    arguments = taking.function.node.args  # type: ignore[attr-defined]
    every = [*arguments.args, *arguments.kwonlyargs]
    names = {item.arg for item in every} - {"self", "cls"}
    for node in taking.around:
        test = node.test if isinstance(node, (ast.If, ast.IfExp, ast.While)) else None
        for part in ast.walk(test) if test is not None else ():
            name = getattr(part, "id", getattr(part, "attr", ""))
            if name in names or "lock" in name.lower():
                return True
    return False
