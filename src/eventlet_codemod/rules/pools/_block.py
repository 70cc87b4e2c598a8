"""The statements of one block in which all that a local pool does happens."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from eventlet_codemod.facts import Handle, HandleUse, Module
from eventlet_codemod.facts.module import FUNCTIONS
from eventlet_codemod.rules.pools import _places

_LONG = 20  # lines that are indented anew; more are no help to a reader
_HARMLESS = frozenset({"enumerate", "len", "list", "print", "range", "sorted", "str", "zip"})
_METHODS = frozenset({"append", "items", "keys", "spawn", "spawn_n", "values", "waitall"})
_LOGS = ("LOG.", "log.", "logger.", "logging.")
_JUMPS = (ast.Return, ast.Raise, ast.Yield, ast.YieldFrom, ast.Await)


@dataclass(frozen=True, slots=True)
class Block:
    """Statements of one block, the first of which makes the pool. ``drops``: its waitall()."""

    statements: tuple[ast.stmt, ...]
    drops: HandleUse | None


def local_name(pool: Handle, *, escapes: bool = False) -> str | None:
    """The name of a pool that lives in one run of one function or module.

    It is not used anywhere else, unless it ``escapes``: by being returned, for instance.
    """
    if len(pool.creations) != 1:
        return None
    creation, module = pool.creations[0], pool.origins[0]
    statement = creation.statement
    if isinstance(statement, ast.Assign):
        target = statement.targets[0] if len(statement.targets) == 1 else None
    else:
        target = statement.target if isinstance(statement, ast.AnnAssign) else None
    if not isinstance(target, ast.Name) or statement.value is not creation.call:  # type: ignore[attr-defined]
        return None
    home = _places.run_of(creation)
    if isinstance(home, (ast.ClassDef, ast.AsyncFunctionDef)):
        return None
    for deed in () if escapes else pool.uses:
        if deed.how in ("annotation", "class"):
            continue
        if not isinstance(deed.node, ast.Name):
            return None
        if deed.module is not module or _places.run_of(deed.use) is not home:
            return None
    return target.id


def block_of(pool: Handle, wait: HandleUse | None, limit: int) -> Block | None:
    """What a with statement can go around, if it reads well and nothing leaves it early."""
    creation, module = pool.creations[0], pool.origins[0]
    first = creation.statement
    block = _block_around(first, creation.parents)
    if block is None or not isinstance(first, ast.Assign):
        return None
    if wait is not None:
        last: ast.stmt = wait.use.statement
        if last not in block or not wait.value_unused:
            return None
    else:
        if any(deed.attribute in ("spawn", "spawn_n") and dropped(deed) for deed in pool.uses):
            return None  # nobody waited for these
        deeds = [*pool.uses, *(deed for made in pool.made for deed in made.uses)]
        found = _last_with(deeds, block, pool)
        if found is None:
            return None
        last = found
    statements = tuple(block[block.index(first) : block.index(last) + 1])
    inner = statements[1:-1] if wait is not None else statements[1:]
    if not inner or not _stays_inside(inner, wait is not None) or _another_pool(inner):
        return None
    after = block[block.index(last) + 1 : block.index(last) + 2]
    if not _have_lines([*statements, *after], module):
        return None
    return Block(statements, wait) if _reads_well(inner, module, limit) else None


def may_fail(block: Block, pool: Handle) -> bool:
    """Whether something in a block, beside the feeding of its pool, may raise an error."""
    own = {deed.call for deed in pool.uses}
    return any(
        isinstance(node, (ast.Raise, ast.Assert))
        or (isinstance(node, ast.Call) and node not in own and not _is_harmless(node))
        for node in _places.own_nodes(block.statements[1:])
    )


def _is_harmless(call: ast.Call) -> bool:
    """Whether a call, such as one that only makes a sequence or logs, raises nothing in earnest."""
    text = ast.unparse(call.func)
    return text in _HARMLESS or text.rpartition(".")[2] in _METHODS or text.startswith(_LOGS)


def is_reached(pool: Handle, wait: HandleUse) -> bool:
    """Whether a call comes after the creation of its pool on every way but that of an error.

    It does in the same block, and in a finally clause of it, if nothing leaves the block before.
    """
    first = pool.creations[0].statement
    block = _block_around(first, pool.creations[0].parents) or []
    holder = next((item for item in block if item in wait.use.parents), None)
    if holder is None:
        return False
    between = tuple(block[block.index(first) + 1 : block.index(holder)])
    if not _stays_inside(between, True):
        return False
    if isinstance(holder, ast.Try):
        return any(item in wait.use.parents for item in holder.finalbody)
    return holder is wait.use.statement


def dropped(deed: HandleUse) -> bool:
    """Whether nobody sees the value of a call, or of the call that it is handed to."""
    return deed.value_unused or deed.call is None


def _block_around(statement: ast.stmt, parents: tuple[ast.AST, ...]) -> list[ast.stmt] | None:
    holder = parents[parents.index(statement) - 1]
    for name in ("body", "orelse", "finalbody"):
        block = getattr(holder, name, None)
        if isinstance(block, list) and statement in block:
            return block
    return None


def _last_with(deeds: Iterable[HandleUse], block: list[ast.stmt], pool: Handle) -> ast.stmt | None:
    """The last statement of a block in which one of some deeds is done; None if one is not."""
    home = _places.run_of(pool.creations[0])
    last = 0
    for deed in deeds:
        if deed.module is not pool.origins[0] or _places.run_of(deed.use) is not home:
            return None
        place = next((i for i, item in enumerate(block) if item in deed.parents), None)
        if place is None:
            return None
        last = max(last, place)
    return block[last]


def _stays_inside(statements: tuple[ast.stmt, ...], waits: bool) -> bool:
    """Whether nothing leaves some statements but at their end, or by an error."""
    nodes = list(statements)
    if not waits and nodes and isinstance(nodes[-1], ast.Return):
        nodes[-1] = ast.Expr(nodes[-1].value or ast.Constant(None))
    inside = list(_places.own_nodes(nodes))
    if any(isinstance(node, _JUMPS) for node in inside):
        return False
    return not any(map(_jumps_out, statements))


def _jumps_out(node: ast.AST) -> bool:
    """Whether a break or continue is for a loop around the node."""
    if isinstance(node, (ast.Break, ast.Continue)):
        return True
    if isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda, ast.For, ast.AsyncFor, ast.While)):
        return any(map(_jumps_out, getattr(node, "orelse", ())))
    return any(map(_jumps_out, ast.iter_child_nodes(node)))


def _another_pool(statements: tuple[ast.stmt, ...]) -> bool:
    """Whether some statements make another pool, around which a block may go as well."""
    return any(
        isinstance(item, ast.Assign)
        and isinstance(item.value, ast.Call)
        and ast.unparse(item.value.func).rpartition(".")[2] in ("GreenPool", "GreenPile")
        for item in statements
    )


def _have_lines(statements: list[ast.stmt], module: Module) -> bool:
    """Whether each of some statements begins on a line of its own, indented by spaces."""
    top = statements[0]
    if module.lines[top.lineno - 1][: top.col_offset].strip(" "):
        return False
    return all((before.end_lineno or 0) < after.lineno for before, after in pairwise(statements))


def _reads_well(inner: tuple[ast.stmt, ...], module: Module, limit: int) -> bool:
    """Whether statements may be indented anew: they are few, and their lines have room."""
    first, last = inner[0].lineno, inner[-1].end_lineno or 0
    lines = module.lines[first - 1 : last]
    more = 4 + len("submit") - len("spawn")
    return len(lines) <= _LONG and all(len(s) + more <= limit or len(s) > limit for s in lines)
