"""A check, and an act that counts on what it found. A green thread let nobody in between.

`if key in self.jobs: del self.jobs[key]` fails in one of two native threads that do it at once;
`if key not in self.locks: self.locks[key] = Lock()` makes two, of which one is lost with what holds
it; `if self.timer: self.timer.cancel()` meets None where another thread has just put it.

It is told where one of both places runs in a function that is started as a thread, the other in
another thread, in another of the same kind, or in a public method, and not both hold a lock. Acts
whose failure is caught, and checks that are made again under a lock, are fine.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from eventlet_codemod.facts.carried import last_name
from eventlet_codemod.facts.module import FUNCTIONS, Module, Parents
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.reach import is_locked
from eventlet_codemod.hazards._containers import RESIZING, takes
from eventlet_codemod.hazards._shared import Find, Pair, Place, units_of
from eventlet_codemod.hazards._words import lines_of, started
from eventlet_codemod.hazards.base import Danger, HazardRule

_TAKING = ("pop", "remove", "popleft", "popitem")
_CATCHING = frozenset({"KeyError", "IndexError", "LookupError", "ValueError", "Exception"})


#: What must not be made twice: two locks guard nothing, two threads do the work twice.
_SINGLE = re.compile(
    r"Lock|Semaphore|Condition|Event|Barrier|Queue|Thread|Timer|Popen|Executor|Pool|Server|Process"
    r"|Worker|LoopingCall|^spawn|^listen$|^connect$|^Connection$|^Session$"
)


#: Looks at one node under a test, and gives what acts on what was tested.
_Acts = Callable[[ast.expr, ast.AST, Parents], Iterable[tuple[ast.AST, ast.expr]]]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of check and act, and what another thread does in between."""

    acts: _Acts
    spoils: Find
    goes_wrong: str
    deed: str
    advice: str


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find acts that another thread can make wrong after their check."""
    for unit in units_of(module, program):
        kinds: dict[ast.AST, _Kind] = {}
        found = unit.places(partial(_acts, kinds), ast.If)
        spoils = {kind: unit.places(kind.spoils, *RESIZING, ast.Assign) for kind in _KINDS if found}
        told: set[tuple[ast.AST, str]] = set()
        for key, places in found.items():
            for place in places:
                kind = kinds[place.node]
                alike = not _is_of_one_item(place)
                pair = unit.pair([place], spoils[kind].get(key, []), alike=alike)
                if pair is not None and (place.function.node, key) not in told:
                    told.add((place.function.node, key))
                    yield _danger(pair, kind)


def _acts(
    kinds: dict[ast.AST, _Kind], node: ast.AST, parents: Parents
) -> Iterator[tuple[ast.AST, ast.expr]]:
    """What acts on its test in the block of an ``if``; ``kinds`` is told which kind that is."""
    for test, inner, around in _guarded(node, parents):
        for kind in _KINDS:
            for act, expression in kind.acts(test, inner, around):
                kinds[act] = kind
                yield act, expression


def _is_of_one_item(place: Place) -> bool:
    """Whether an act takes the item of a key that is not the same for all threads.

    Those that a loop starts have different items most likely.
    """
    node = place.node
    key: ast.AST | None = node.slice if isinstance(node, ast.Subscript) else None
    if isinstance(node, ast.Call):
        key = node.args[0] if node.args else None
    return key is not None and not isinstance(key, ast.Constant)


def _danger(pair: Pair, kind: _Kind) -> Danger:
    act, other = pair.first, pair.second
    places = [*started(pair.starts), *lines_of([act], f"{kind.deed} after a check of")]
    if other.node is not act.node:
        places += lines_of([other], "changes")
    return Danger(
        module=act.function.module,
        node=act.node,
        message=f"{act.name} checks `{act.key}` and acts on it: {kind.goes_wrong}",
        why="another thread can change it between the check and the act",
        advice=kind.advice.format(key=act.key),
        places=tuple(places),
        alike=f"{act.name} {act.key}",
    )


# --- what is checked, and then done --------------------------------------------------------------


def _made(test: ast.expr, inner: ast.AST, around: Parents) -> Iterable[tuple[ast.AST, ast.expr]]:
    """``if key not in items: items[key] = make()``, and ``if x is None: x = make()``."""
    for target in inner.targets if isinstance(inner, ast.Assign) and _makes(inner.value) else ():
        if isinstance(target, ast.Subscript) and _is_absent(test, target):
            yield inner, target.value
        if isinstance(target, (ast.Name, ast.Attribute)) and _is_none(test, target):
            yield inner, target


def _taken(test: ast.expr, inner: ast.AST, around: Parents) -> Iterable[tuple[ast.AST, ast.expr]]:
    """``if key in items: … items[key]``, and ``if items: items.pop()``."""
    if isinstance(inner, ast.Subscript) and not isinstance(inner.ctx, ast.Store):
        if _finds(test, inner) and not _is_caught(around):
            yield inner, inner.value
    elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
        value, given = inner.func.value, inner.args
        if inner.func.attr not in _TAKING or len(given) > 1 or inner.keywords:
            return
        keyed = bool(given) and _is_present(test, given[0], value)
        any_one = (not given or ast.unparse(given[0]) == "0") and _is_true(test, value)
        if (keyed or any_one) and not _is_caught(around):
            yield inner, value


def _used(test: ast.expr, inner: ast.AST, around: Parents) -> Iterable[tuple[ast.AST, ast.expr]]:
    """``if x: x.close()``."""
    value = inner.value if isinstance(inner, ast.Attribute) else None
    if isinstance(value, ast.Attribute) and _is_true(test, value) and not _is_caught(around):
        yield inner, value


def _guarded(node: ast.AST, parents: Parents) -> Iterator[tuple[ast.expr, ast.AST, Parents]]:
    """The test of an ``if``, and each node of its block that is not under a lock of its own."""
    if not isinstance(node, ast.If) or isinstance(node.test, (ast.Call, ast.Constant)):
        return
    pending: list[tuple[ast.AST, Parents]] = [(item, (*parents, node)) for item in node.body]
    while pending:
        inner, around = pending.pop(0)
        if is_locked(around[len(parents) :]):
            continue
        yield node.test, inner, around
        if not isinstance(inner, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            children = ast.iter_child_nodes(inner)
            pending += [(child, (*around, inner)) for child in children]


# --- what others do in between -------------------------------------------------------------------


def _puts(node: ast.AST, parents: Parents) -> Iterable[tuple[ast.AST, ast.expr]]:
    if isinstance(node, ast.Assign) and _makes(node.value):
        for target in node.targets:
            yield node, target.value if isinstance(target, ast.Subscript) else target


def _clears(node: ast.AST, parents: Parents) -> Iterable[tuple[ast.AST, ast.expr]]:
    if isinstance(node, ast.Assign):
        value = node.value
        if isinstance(value, ast.Constant) and value.value is None:
            yield from ((node, target) for target in node.targets)


# --- parts ---------------------------------------------------------------------------------------


def _makes(value: ast.expr) -> bool:
    """Whether a value is an object of which there must be one: others hold it, or it runs."""
    return isinstance(value, ast.Call) and _SINGLE.search(last_name(value.func)) is not None


def _parts(test: ast.expr) -> list[ast.expr]:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return [part for item in test.values for part in _parts(item)]
    return [test]


def _same(one: ast.AST, two: ast.AST) -> bool:
    return ast.unparse(one) == ast.unparse(two)


def _compares(test: ast.expr, left: ast.AST, kind: type[ast.cmpop], right: ast.AST) -> bool:
    return any(
        isinstance(part, ast.Compare)
        and isinstance(part.ops[0], kind)
        and _same(part.left, left)
        and _same(part.comparators[0], right)
        for part in _parts(test)
    )


def _is_absent(test: ast.expr, item: ast.Subscript) -> bool:
    return _compares(test, item.slice, ast.NotIn, item.value)


def _is_present(test: ast.expr, key: ast.AST, container: ast.AST) -> bool:
    return _compares(test, key, ast.In, container)


def _is_none(test: ast.expr, value: ast.expr) -> bool:
    none = ast.Constant(None)
    return _compares(test, value, ast.Is, none) or any(
        isinstance(part, ast.UnaryOp)
        and isinstance(part.op, ast.Not)
        and _same(part.operand, value)
        for part in _parts(test)
    )


def _is_true(test: ast.expr, value: ast.expr) -> bool:
    none = ast.Constant(None)
    return _compares(test, value, ast.IsNot, none) or any(
        _same(part, value) for part in _parts(test)
    )


def _finds(test: ast.expr, item: ast.Subscript) -> bool:
    """Whether a check says that there is an item: that of a key, or any for the first or last."""
    ends = isinstance(item.slice, ast.Constant) and item.slice.value in (0, -1)
    found = _is_present(test, item.slice, item.value)
    return found or (ends and _is_true(test, item.value))


def _is_caught(around: Parents) -> bool:
    """Whether the failure of an act is expected."""
    for node, below in pairwise(around):
        if isinstance(node, ast.Try) and below in node.body:
            for handler in node.handlers:
                names = ast.unparse(handler.type) if handler.type is not None else "Exception"
                if any(name in names for name in _CATCHING):
                    return True
    return False


_KINDS = (
    _Kind(
        _taken,
        takes,
        "it may be gone by then, which raises",
        "takes an item",
        "take it in one step, such as `{key}.pop(key, None)`, or hold one lock around both, and "
        "wherever `{key}` loses items",
    ),
    _Kind(
        _used,
        _clears,
        "it may be None by then",
        "uses the object",
        "take it once, `value = {key}`, and check and use that, or hold one lock around both, and "
        "wherever `{key}` is set to None",
    ),
    _Kind(
        _made,
        _puts,
        "two threads may find nothing and make one each",
        "makes an object",
        "hold one lock around the check and the act, or use `setdefault` where a second object "
        "does no harm",
    ),
)

rule = HazardRule(
    code="EVT903",
    summary="a check of shared state, and an act that counts on it",
    look=look,
    references=("H1", "QUE-7"),
    before="""\
import eventlet


class Cache:
    def __init__(self):
        self.entries = {}

    def start(self):
        eventlet.spawn(self.expire)

    def expire(self):
        while True:
            for key in list(self.entries):
                if self.entries[key].is_old():
                    self.entries.pop(key, None)
            eventlet.sleep(60)

    def get(self, key):
        if key in self.entries:
            return self.entries[key]
        return None
""",
)
