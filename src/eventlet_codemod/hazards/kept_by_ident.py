"""What is kept for a thread by its number is there for the next thread with that number.

`threading.get_ident()` under `monkey_patch()`, and the `id()` of a green thread, told green threads
apart: each task was one of its own. Native numbers are given again as soon as a thread has ended,
and the threads of a pool run one task after the other: a later task finds what an earlier one left.

It is told where a function that is started as a thread looks by such a number whether something is
kept for it, or makes that, and nothing of the class or file takes entries out again.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from eventlet_codemod.facts.carried import last_name
from eventlet_codemod.facts.module import Module, Parents
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.reach import inside
from eventlet_codemod.hazards._containers import takes
from eventlet_codemod.hazards._shared import Place, Unit, units_of
from eventlet_codemod.hazards._words import lines_of, started
from eventlet_codemod.hazards.base import Danger, HazardRule

_NUMBERS = frozenset({"get_ident", "_get_ident", "get_native_id"})
_THREADS = frozenset({"current_thread", "currentThread", "getcurrent"})
_WORDS = "|".join(sorted(_NUMBERS | _THREADS))
_LOOKS = frozenset({"get", "setdefault"})


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find what is kept by the number of a thread and never taken out."""
    for unit in units_of(module, program):
        homes = {item.module for item in unit.functions}
        if not any(home.search(_WORDS) for home in homes):
            continue
        kept = unit.places(_keeps, ast.Subscript, ast.Call)
        looked = unit.places(_looks, ast.Subscript, ast.Call, ast.If) if kept else {}
        taken = unit.places(takes, ast.Subscript, ast.Call) if looked else {}
        for key, places in kept.items():
            stores = [place for place in places if _by_number(place)]
            finds = [place for place in looked.get(key, []) if _by_number(place)]
            if stores and finds and key not in taken:
                yield from _danger(stores[0], finds[0], unit)


def _keeps(node: ast.AST, parents: Parents) -> Iterable[tuple[ast.AST, ast.expr]]:
    """``items[key] = value`` and ``items.setdefault(key, value)``."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        yield node, node.value
    yield from _called(node, frozenset({"setdefault"}))


def _looks(node: ast.AST, parents: Parents) -> Iterable[tuple[ast.AST, ast.expr]]:
    """``if key in items``, ``items.get(key)``, ``items.setdefault(key, value)``."""
    yield from _called(node, _LOOKS)
    if isinstance(node, ast.If):
        for item in ast.walk(node.test):
            if isinstance(item, ast.Compare) and isinstance(item.ops[0], (ast.In, ast.NotIn)):
                yield item, item.comparators[0]


def _called(node: ast.AST, methods: frozenset[str]) -> Iterator[tuple[ast.AST, ast.expr]]:
    called = node.func if isinstance(node, ast.Call) and node.args else None
    if isinstance(called, ast.Attribute) and called.attr in methods:
        yield node, called.value


def _by_number(place: Place) -> bool:
    """Whether the key of a place is the number of the thread that runs."""
    node = place.node
    key: ast.AST | None = None
    if isinstance(node, ast.Subscript):
        key = node.slice
    elif isinstance(node, ast.Call):
        key = node.args[0]
    elif isinstance(node, ast.Compare):
        key = node.left
    if isinstance(key, ast.Name):
        values = [
            item.value
            for item, _ in inside(place.function.node)
            if isinstance(item, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == key.id for target in item.targets)
        ]
        return bool(values) and all(map(_is_number, values))
    return key is not None and _is_number(key)


def _is_number(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in ("ident", "native_id") and _calls(node.value, _THREADS.__contains__)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "id":
        return bool(node.args) and _calls(node.args[0], _THREADS.__contains__)
    return _calls(node, _NUMBERS.__contains__)


def _calls(node: ast.AST, named: Callable[[str], bool]) -> bool:
    return isinstance(node, ast.Call) and named(last_name(node.func))


def _danger(store: Place, find: Place, unit: Unit) -> Iterator[Danger]:
    nodes = {store.function.node, find.function.node}
    starts = [start for start, reached in unit.reached.items() if not nodes.isdisjoint(reached)]
    if not starts:
        return
    places = [*started(starts[:1]), *lines_of([store], "keeps something by the thread's number in")]
    if find.node is not store.node:
        places += lines_of([find], "looks for it in")
    yield Danger(
        module=store.function.module,
        node=store.node,
        message=f"`{store.key}` keeps something for each thread by its number, and never lets it "
        "go: a later thread finds it",
        why="the number of a thread that has ended is given to the next, and a thread of a pool "
        "runs many tasks",
        advice="keep it in a threading.local, and set it at the beginning of each task, or take "
        "the entry out in a `finally`",
        places=tuple(places),
        alike=f"{store.name} {store.key}",
    )


rule = HazardRule(
    code="EVT915",
    summary="something kept by the number of a thread, for the next one to find",
    look=look,
    words=tuple(sorted(_NUMBERS | _THREADS)),
    references=("H24",),
    before="""\
import threading

import eventlet

SESSIONS = {}


def serve(requests):
    pool = eventlet.GreenPool(10)
    for request in requests:
        pool.spawn_n(handle, request)


def handle(request):
    ident = threading.get_ident()
    if ident not in SESSIONS:
        SESSIONS[ident] = request.login()
    SESSIONS[ident].send(request)
""",
)
