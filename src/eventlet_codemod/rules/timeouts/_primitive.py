"""A block of waits on queues, locks, events, threads and futures, which take a limit themselves."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from eventlet_codemod.facts import Module, Use
from eventlet_codemod.rules.ecosystem._calls import dotted_name, last_name
from eventlet_codemod.rules.timeouts import _catching, _objects
from eventlet_codemod.rules.timeouts._limit import Limit
from eventlet_codemod.rules.timeouts._waits import inside, is_idle, is_sleep, waits

_LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FUTURES = "concurrent.futures.TimeoutError"

#: The method that waits, by the kind of the object, with how many arguments come before the limit.
METHODS = {
    ("queue", "get"): 0,
    ("queue", "put"): 1,
    ("lock", "acquire"): 0,
    ("green lock", "acquire"): 0,
    ("event", "wait"): 0,
    ("green event", "wait"): 0,
    ("green thread", "wait"): 0,
    ("green pool", "waitall"): 0,
    ("thread", "join"): 0,
    ("future", "result"): 0,
}
#: The function that waits for files, with its three lists; the limit is its fourth argument.
SELECT = "select.select"
#: What is rewritten together with the Timeout.
GREEN = ("green event", "green thread", "green pool")
ERRORS = {"get": "queue.Empty", "put": "queue.Full", "result": FUTURES}


class NotPrimitive(Exception):
    """The waits of the limited block cannot take the limit; the text says why."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait, the statement that it stands in, and how it tells that the time is over.

    It raises ``error``; without one its answer says so, or for a thread `is_alive()`. What a green
    event or thread does, its own rule decides.
    """

    call: ast.Call
    kind: str
    statement: ast.stmt
    error: str

    @property
    def on(self) -> ast.expr:
        """What is waited for."""
        assert isinstance(self.call.func, ast.Attribute)
        return self.call.func.value


@dataclass(frozen=True, slots=True)
class Primitives:
    """The waits of a block, and whether more than one of them may run."""

    waits: tuple[Wait, ...]
    several: bool

    @property
    def errors(self) -> tuple[str, ...]:
        """What the waits raise when the time is over."""
        return tuple(dict.fromkeys(wait.error for wait in self.waits if wait.error))


def has_any(limit: Limit, module: Module) -> bool:
    """Whether something in the block waits on such an object."""
    return any(
        isinstance(node, ast.Call) and _kind(node, parents, limit, module)
        for node, parents in inside(limit.block.body)
    )


def primitives(limit: Limit, module: Module) -> Primitives:
    """The waits that take the limit. Raises NotPrimitive."""
    found: list[Wait] = []
    looped = False
    for node, parents in inside(limit.block.body):
        if isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await)):
            raise NotPrimitive("the block yields: what its caller does meanwhile is limited too")
        if isinstance(node, ast.With):
            _refuse_managers(node)
        _refuse_green(node, limit, module)
        if not isinstance(node, ast.Call):
            continue
        other = module.use_of_call.get(node)
        if other is not None and other.api.startswith("eventlet.timeout."):
            raise NotPrimitive(f"another Timeout is made in the block, on line {node.lineno}")
        kind = _kind(node, parents, limit, module)
        if kind:
            found.append(_wait(node, kind, parents, limit, module))
            looped = looped or any(isinstance(parent, _LOOPS) for parent in parents)
        elif _waits_for_room(node, limit, module):
            looped = True
        elif is_sleep(node, limit.use, module) or (waits(node, module) and not is_idle(node)):
            raise NotPrimitive(f"{_shown(node)} waits in it, too")
    result = Primitives(tuple(found), looped or len(found) > 1)
    _refuse_form(limit, result)
    return result


def _waits_for_room(call: ast.Call, limit: Limit, module: Module) -> bool:
    """Whether a call starts a task in a pool, which may wait while that is full: time goes by."""
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in ("spawn", "spawn_n"):
        return False
    return _objects.kind_of(function.value, limit.use, module) == "green pool"


def _kind(call: ast.Call, parents: Sequence[ast.AST], limit: Limit, module: Module) -> str:
    function = call.func
    name = dotted_name(function, limit.use.scope, module)
    if name.removeprefix("eventlet.green.") == SELECT:
        plain = not call.keywords and not any(isinstance(a, ast.Starred) for a in call.args)
        return "select" if plain and len(call.args) == 3 else ""
    if not isinstance(function, ast.Attribute) or _binds_anew(function.value, parents):
        return ""
    return kind_of_wait(function, limit.use, module)


def kind_of_wait(function: ast.Attribute, use: Use, module: Module) -> str:
    """The kind of the object whose method that waits this is; "" where it is none."""
    kinds = {kind for kind, method in METHODS if method == function.attr}
    kind = _objects.kind_of(function.value, use, module) if kinds else ""
    return kind if kind in kinds else ""


def _binds_anew(node: ast.expr, parents: Sequence[ast.AST]) -> bool:
    """Whether a comprehension gives the name another meaning."""
    names = {item.id for item in ast.walk(node) if isinstance(item, ast.Name)}
    return any(
        isinstance(item, ast.Name) and item.id in names
        for parent in parents
        for generator in getattr(parent, "generators", ())
        for item in ast.walk(generator.target)
    )


def _wait(
    call: ast.Call, kind: str, parents: Sequence[ast.AST], limit: Limit, module: Module
) -> Wait:
    method = last_name(call.func)
    if kind != "select":
        _refuse_arguments(call, METHODS[kind, method])
    place = max((i for i, node in enumerate(parents) if isinstance(node, ast.stmt)), default=None)
    assert place is not None
    statement = parents[place]
    assert isinstance(statement, ast.stmt)
    error = FUTURES if kind == "green thread" else ERRORS.get(method, "")
    wait = Wait(call, kind, statement, error)
    if limit.raises_itself:
        _refuse_takers(parents, statement, module)
    if kind == "select":
        _refuse_select(wait, parents[:place], limit, module)
    elif limit.silent:
        _refuse_silent(wait, parents[:place], limit)
    else:
        _refuse_statement(wait, parents[:place], limit, module)
    return wait


def _refuse_arguments(call: ast.Call, first: int) -> None:
    """A wait that is given more than ``first`` arguments may not block, or has a limit already."""
    if any(isinstance(item, ast.Starred) for item in call.args) or any(
        item.arg is None for item in call.keywords
    ):
        raise NotPrimitive(f"the arguments of {_shown(call)} cannot be seen")
    names = {item.arg: item.value for item in call.keywords}
    given = [*call.args[first:], *(names[key] for key in ("block", "blocking") if key in names)]
    blocking = given == [] or (
        len(given) == 1 and isinstance(given[0], ast.Constant) and given[0].value is True
    )
    if "timeout" in names or not blocking:
        raise NotPrimitive(f"{_shown(call)} has a limit of its own, or does not wait")


def _refuse_takers(parents: Sequence[ast.AST], statement: ast.stmt, module: Module) -> None:
    """Clauses in the block that would take the TimeoutError, and let the Timeout through."""
    try:
        for block, _ in _catching.blocks(parents[: parents.index(statement)], statement):
            if isinstance(block, ast.With):
                raise _catching.Swallowed(block)
            for handler in block.handlers:
                known = _catching.takes_all(handler) or _catching.names_timeout(handler, module)
                if known or _catching.takes_native(handler, module):
                    raise _catching.Swallowed(handler)
    except _catching.Swallowed as taker:
        raise NotPrimitive(f"{taker}, inside the block, would take the exception") from None


def _refuse_silent(wait: Wait, around: Sequence[ast.AST], limit: Limit) -> None:
    """A silent Timeout skips the rest of its block: an exception does, an answer does not."""
    if isinstance(limit.block, ast.Try):
        raise NotPrimitive("it is silent, and a finally clause cancels it")
    line = wait.call.lineno
    if wait.error:
        if any(isinstance(node, (ast.Try, ast.TryStar, ast.With)) for node in around):
            raise NotPrimitive(f"a clause or manager around line {line} may take what is raised")
        return
    body = limit.block.body
    whole = isinstance(wait.statement, ast.Expr) and wait.statement.value is wait.call
    last = not around and wait.statement is body[-1]
    if whole and (last or (wait.statement is body[0] and wait.kind != "thread")):
        return
    raise NotPrimitive(f"it is silent, and {_shown(wait.call)} neither begins nor ends the block")


def _refuse_statement(wait: Wait, around: Sequence[ast.AST], limit: Limit, module: Module) -> None:
    """The wait must stand where a ``try`` can be put around it, or a test behind it."""
    statement, call = wait.statement, wait.call
    holder = around[-1] if around else limit.block
    if not can_move(statement, holder, module):
        raise NotPrimitive(f"the statement on line {statement.lineno} cannot be moved into a try")
    if wait.error:
        simple = isinstance(statement, (ast.Expr, ast.Assign, ast.AugAssign, ast.Return))
        calls = [n for n in ast.walk(statement) if isinstance(n, ast.Call) and n is not call]
        if not simple or not all(map(is_idle, calls)):
            raise NotPrimitive(f"{_shown(call)} is no statement of its own")
        return
    if isinstance(statement, ast.Expr) and statement.value is call:
        return
    if wait.kind == "green event" and isinstance(statement, ast.Return) and statement.value is call:
        return
    kept = (
        wait.kind != "thread"
        and isinstance(statement, ast.Assign)
        and statement.value is call
        and [type(target) for target in statement.targets] == [ast.Name]
    )
    if not kept:
        raise NotPrimitive(f"{_shown(call)} is no statement of its own")


def _refuse_select(wait: Wait, around: Sequence[ast.AST], limit: Limit, module: Module) -> None:
    """What is ready must get names: three empty lists tell that the time is over."""
    statement = wait.statement
    if limit.silent:
        raise NotPrimitive(f"it is silent, and {_shown(wait.call)} gives three empty lists then")
    if not can_move(statement, around[-1] if around else limit.block, module):
        raise NotPrimitive(f"the statement on line {statement.lineno} cannot be moved into a try")
    if not (
        isinstance(statement, ast.Assign)
        and statement.value is wait.call
        and len(statement.targets) == 1
        and len(names_of(statement.targets[0])) in (1, 3)
    ):
        raise NotPrimitive(f"what {_shown(wait.call)} gives has no names to ask")


def names_of(target: ast.expr) -> list[str]:
    """The names that an assignment binds; none where it binds anything else."""
    items = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
    names = [item.id for item in items if isinstance(item, ast.Name)]
    return names if len(names) == len(items) and len(set(names)) == len(names) else []


def can_move(statement: ast.stmt, holder: ast.AST, module: Module) -> bool:
    """Whether a statement has its lines to itself, and can stand one level deeper."""
    alone = getattr(holder, "lineno", 0) < statement.lineno and not _shares_line(statement, module)
    return alone and not _holds_text(statement)


def _shares_line(statement: ast.stmt, module: Module) -> bool:
    """Whether a semicolon puts another statement beside it."""
    first = module.lines[statement.lineno - 1].encode()[: statement.col_offset]
    last = module.lines[(statement.end_lineno or 0) - 1].encode()[statement.end_col_offset or 0 :]
    return bool(first.strip()) or last.strip().startswith(b";")


def _holds_text(statement: ast.stmt) -> bool:
    """Whether a text of several lines is in it, which no indentation may be added to."""
    return any(
        isinstance(node, (ast.Constant, ast.JoinedStr)) and node.end_lineno != node.lineno
        for node in ast.walk(statement)
    )


def _refuse_managers(block: ast.With) -> None:
    for item in block.items:
        if isinstance(item.context_expr, (ast.Name, ast.Attribute)):
            name = ast.unparse(item.context_expr)
            raise NotPrimitive(f"`with {name}` on line {block.lineno} may wait in it, too")


def _refuse_green(node: ast.AST, limit: Limit, module: Module) -> None:
    """An object of eventlet that is iterated over, such as a GreenPile, waits for each item."""
    items: ast.AST | None = None
    if isinstance(node, (ast.For, ast.comprehension)):
        items = node.iter
    elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("next", "list") and node.args:
        items = node.args[0]
    if items is not None and _objects.is_green(items, limit.use, module):
        raise NotPrimitive(f"`{ast.unparse(items)}` waits for each of its items")


def _refuse_form(limit: Limit, result: Primitives) -> None:
    green = {ast.unparse(wait.on) for wait in result.waits if wait.kind in GREEN}
    if len(green) > 1:
        raise NotPrimitive(f"it waits for several green objects: {', '.join(sorted(green))}")
    if limit.silent and result.errors and not all(wait.error for wait in result.waits):
        raise NotPrimitive("its waits tell in different ways that the time is over")
    if limit.silent and not result.errors and len(result.waits) > 1:
        raise NotPrimitive("it is silent, and several waits end the block")


def _shown(call: ast.Call) -> str:
    return f"`{ast.unparse(call.func)}()` on line {call.lineno}"
