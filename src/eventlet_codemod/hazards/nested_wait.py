"""A task that waits for another task of its own executor may wait for ever.

Each waiting task holds a thread. When all threads of the executor wait so, none is left for what
they wait for. An executor of green threads was made as large as anybody wanted; one of native
threads is not, and meets that state soon.

It is told where a function that is submitted to an executor, in a loop or by tasks like itself,
submits to the same one, by the same name or attribute, and waits for the result without a limit. Of
a `GreenPool` the rule for those tells it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod.facts.carried import last_name
from eventlet_codemod.facts.module import Module
from eventlet_codemod.facts.names import Definition
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.facts.reach import Calls, inside
from eventlet_codemod.facts.starts import Start, starts_in
from eventlet_codemod.hazards._words import started
from eventlet_codemod.hazards.base import Danger, HazardRule

_WAITS = frozenset({"result", "exception"})
_WAITS_FOR_ALL = frozenset({"wait", "wait_for_all", "as_completed"})


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find tasks that wait for tasks of their executor."""
    told: set[ast.AST] = set()
    starts = starts_in(module, program) if not is_test(module.path) else []
    for start in starts:
        pool = _pool_of(start.node)
        if not pool:
            continue
        reached = Calls(program, start.owner).reached(start.functions)
        around = start.function.node if start.function is not None else None
        if not (start.many or around in reached or _is_within_many(start, starts, program)):
            continue
        for item in reached.values():
            function = item.function
            if function.module is not module or not _is_same(pool, start, function):
                continue
            for call, wait in _waited(function, pool):
                if call not in told:
                    told.add(call)
                    yield _danger(start, function, pool, call, wait)


def _pool_of(node: ast.AST) -> str:
    """The executor that a call submits to: an attribute of ``self``, or a name."""
    called = node.func if isinstance(node, ast.Call) else None
    if not isinstance(called, ast.Attribute) or called.attr != "submit":
        return ""
    pool = ast.unparse(called.value)
    return pool if pool.isidentifier() or pool.removeprefix("self.").isidentifier() else ""


def _is_same(pool: str, start: Start, function: Definition) -> bool:
    """Whether the name of an executor means the same one where the task runs."""
    if pool.startswith("self."):
        return start.owner is not None and function.owner is not None
    module = start.module
    if not module.lookup(pool, module.walker.module)[1]:
        return False
    inner = [node for node in (function.node, *start.parents) if node is not module.tree]
    scopes = [module.walker.scope_of(node) for node in inner]
    return not any(scope is not None and pool in scope.bound for scope in scopes)


def _is_within_many(start: Start, starts: list[Start], program: Program) -> bool:
    """Whether a start stands in what several threads run at once."""
    function = start.function
    return function is not None and any(
        other.many and function.node in Calls(program, other.owner).reached(other.functions)
        for other in starts
    )


def _waited(function: Definition, pool: str) -> Iterator[tuple[ast.Call, ast.AST]]:
    """What a function submits to an executor and waits for without a limit, and where."""
    nodes = list(inside(function.node))
    for node, parents in nodes:
        if not isinstance(node, ast.Call) or _pool_of(node) != pool:
            continue
        parent, above = (*parents, node)[-2], parents[-2:-1]
        if isinstance(parent, ast.Attribute) and parent.attr in _WAITS:
            wait = above[0] if above else None
            if isinstance(wait, ast.Call) and not _is_limited(wait, 0):
                yield node, wait
        for name in _names_of(node, parents):
            found = _wait_for(name, [item for item, _ in nodes])
            if found is not None:
                yield node, found
                break


def _names_of(call: ast.Call, parents: tuple[ast.AST, ...]) -> Iterator[str]:
    """The names that hold a Future, or a collection of some."""
    for parent in reversed(parents):
        if isinstance(parent, ast.Assign):
            yield from (item.id for item in parent.targets if isinstance(item, ast.Name))
            for target in parent.targets:
                if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                    yield target.value.id
        if isinstance(parent, ast.Call) and last_name(parent.func) in ("append", "add"):
            kept = parent.func.value if isinstance(parent.func, ast.Attribute) else None
            if isinstance(kept, ast.Name):
                yield kept.id
        if isinstance(parent, ast.stmt):
            return


def _wait_for(name: str, nodes: list[ast.AST]) -> ast.AST | None:
    """Where a function waits for a Future, or for those of a collection."""
    names = {name}
    for node in nodes:
        loops = isinstance(node, (ast.For, ast.comprehension)) and _names(node.iter, name)
        if loops and isinstance(node.target, ast.Name):  # type: ignore[attr-defined]
            names.add(node.target.id)  # type: ignore[attr-defined]
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Attribute) and called.attr in _WAITS:
            own = isinstance(called.value, ast.Name) and called.value.id in names
            if own and not _is_limited(node, 0):
                return node
        for_all = last_name(called) in _WAITS_FOR_ALL and not _is_limited(node, 1)
        if for_all and node.args and _names(node.args[0], name):
            return node
    return None


def _names(node: ast.AST, name: str) -> bool:
    return any(isinstance(item, ast.Name) and item.id == name for item in ast.walk(node))


def _is_limited(call: ast.Call, place: int) -> bool:
    return len(call.args) > place or any(item.arg in (None, "timeout") for item in call.keywords)


def _danger(start: Start, function: Definition, pool: str, call: ast.Call, wait: ast.AST) -> Danger:
    home = function.module
    places = [*started([start]), (home, wait, f"{function.name}() waits for what it submits")]
    if call is not start.node and call is not wait:
        places.insert(1, (home, call, f"{function.name}() submits to the same `{pool}`"))
    return Danger(
        module=home,
        node=wait,
        message=f"{function.name}() runs in `{pool}` and waits for another task of it: when every "
        "thread waits so, none goes on",
        why="a task that waits holds its thread, and what it waits for needs another one",
        advice="call the inner function directly, give the inner tasks an executor of their own, "
        "or wait for them where no task of this one does",
        places=tuple(places),
        alike=f"{function.name} {pool}",
    )


rule = HazardRule(
    code="EVT912",
    summary="a task that waits for another task of its own executor",
    look=look,
    words=("submit",),
    form=r"\.submit\(",
    references=("H9",),
    before="""\
import eventlet
import futurist


class Sync:
    def __init__(self):
        self.executor = futurist.GreenThreadPoolExecutor()

    def run(self, hosts):
        for host in hosts:
            self.executor.submit(self.check, host)
        eventlet.sleep(0)

    def check(self, host):
        futures = [self.executor.submit(self.ping, port) for port in host.ports]
        return [future.result() for future in futures]

    def ping(self, port):
        pass
""",
)
