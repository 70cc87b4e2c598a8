"""What to do by hand about a Timeout that stays: which call in its block waits, and where."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eventlet_codemod.facts import Module, Use
from eventlet_codemod.rules.ecosystem._calls import last_name
from eventlet_codemod.rules.timeouts import _limit
from eventlet_codemod.rules.timeouts._waits import inside, is_idle, is_sleep, waits

_DEPTH = 4
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class _Call:
    """A call in the block, and the waits that functions of the file come to by it."""

    node: ast.Call
    way: tuple[ast.Call, ...]
    waits: bool

    def __str__(self) -> str:
        text = _shown(self.node)
        return f"{text}, which comes to {' and '.join(map(_shown, self.way))}" if self.way else text


def advice(use: Use, module: Module) -> str:
    """Name what waits in the block, surest first, and what to do with the limit."""
    body = _limit.body_of(use)
    if not body:
        return _NO_BLOCK
    if any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n, _ in inside(body)) and _is_manager(use):
        return _MANAGER
    calls = list(_calls(body, use, module))
    if not calls and (iteration := _iteration(body)):
        return (
            f"what waits is {iteration}: wait for the results with what is left of a "
            "time.monotonic() deadline (concurrent.futures.wait has a timeout), and take them then"
        )
    if not calls:
        return "nothing in the block waits, as far as can be seen: the Timeout never fires there"
    sure = [call for call in calls if call.waits or call.way]
    named = dict.fromkeys(str(call) for call in sure or calls)
    shown = "; ".join(list(named)[:_SHOWN])
    one = "" if len(named) == 1 else "one of "
    if any(call.way for call in sure):
        return (
            f"what waits is {one}{shown}: hand a time.monotonic() deadline down to it as an "
            "argument, give each wait the rest of it, and raise there what is caught here"
        )
    return (
        f"give the limit to what waits in the block, {one}{shown}, and catch its exception; "
        "where it takes none, run it in a thread of its own and wait for that with a timeout, "
        "knowing that it goes on"
    )


def waiting(use: Use, module: Module) -> str:
    """The call in the block of a Timeout that waits, as far as can be seen, with its line."""
    calls = list(_calls(_limit.body_of(use), use, module))
    sure = [call for call in calls if call.waits or call.way]
    return _shown((sure or calls)[0].node) if calls else _iteration(_limit.body_of(use))


def _iteration(body: Sequence[ast.stmt]) -> str:
    """The first place of a block that takes things from somewhere, which may wait for them."""
    for node, _ in inside(body):
        if isinstance(node, (ast.For, ast.comprehension)):
            return f"the iteration over `{ast.unparse(node.iter)}` (line {node.iter.lineno})"
        if isinstance(node, ast.Call) and last_name(node.func) == "next" and node.args:
            return f"`{ast.unparse(node)}` (line {node.lineno})"
    return ""


def _is_manager(use: Use) -> bool:
    decorators = getattr(use.function, "decorator_list", ())
    return any("contextmanager" in ast.unparse(item) for item in decorators)


def _calls(body: Sequence[ast.stmt], use: Use, module: Module) -> Iterator[_Call]:
    for node, _ in inside(body):
        if isinstance(node, ast.Call) and not is_idle(node):
            way = tuple(_way(node, use, module, frozenset()))
            yield _Call(node, way, waits(node, module) or is_sleep(node, use, module))


def _way(call: ast.Call, use: Use, module: Module, seen: frozenset[ast.AST]) -> Iterator[ast.Call]:
    """The waits that a call comes to in functions of this file, the next one first."""
    found = module.functions.get(last_name(call.func), ())
    if len(found) != 1 or found[0] in seen or len(seen) >= _DEPTH:
        return
    seen |= {found[0]}
    inner = [
        node
        for node, _ in inside(found[0].body)  # type: ignore[attr-defined]
        if isinstance(node, ast.Call) and not is_idle(node)
    ]
    for node in inner:
        further = list(_way(node, use, module, seen))
        if further or waits(node, module) or is_sleep(node, use, module):
            yield node
            yield from further
            return


def _shown(call: ast.Call) -> str:
    return f"`{ast.unparse(call.func)}()` (line {call.lineno})"


_NO_BLOCK = (
    "hand the limit to what waits while it runs (timeout=…), or test a time.monotonic() deadline "
    "between the steps; in a test, the library `fixtures` has a Timeout that works by signal"
)
_MANAGER = (
    "what waits stands in the `with` blocks of its callers: give each wait there a limit of its "
    "own (timeout=…), or only measure the time and complain when the block is left; in a test, the "
    "library `fixtures` has a Timeout that works by signal"
)
