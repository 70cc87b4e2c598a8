"""Where a pool is used: in which run, in which loops, fed by what, and by which tasks."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from eventlet_codemod.facts import Handle, HandleUse, Module, Use
from eventlet_codemod.facts.module import FUNCTIONS

#: Builtins that take everything out of an iterable before they return.
CONSUMERS = frozenset(
    ["list", "tuple", "set", "frozenset", "sorted", "dict", "sum", "min", "max", "deque"]
)
_MAKES_ALL = CONSUMERS - {"sum", "min", "max"}
_PASS_ON = frozenset({"zip", "enumerate", "reversed", "sorted"})
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LOOPS = (ast.For, ast.AsyncFor, ast.While, *_COMPREHENSIONS)
_IN_MEMORY = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp)
_GIVES_ALL = frozenset({"items", "keys", "values", "split", "splitlines", "copy"})
_ENDLESS = frozenset({"count", "cycle", "repeat", "open", "iter", "stdin"})

FINITE, ENDLESS, UNKNOWN = "finite", "endless", "unknown"


def run_of(use: Use) -> ast.AST:
    """The function, module, class or lazy generator in whose run a use is evaluated."""
    child = use.node
    parents = use.parents
    for place in range(len(parents) - 1, -1, -1):
        node = parents[place]
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and child in node.body:
            return node
        if isinstance(node, ast.Lambda) and child is node.body:
            return node
        lazy = isinstance(node, ast.GeneratorExp) and not _is_first_source(node, child, use, place)
        if lazy and not _is_consumed_by_call(parents[place - 1], node):
            return node
        child = node
    return parents[0]


def _is_first_source(node: ast.GeneratorExp, child: ast.AST, use: Use, place: int) -> bool:
    """Whether a use stands in what a generator expression reads first: it is evaluated at once."""
    inner = [*use.parents[place + 2 : place + 3], use.node][0]
    return child is node.generators[0] and inner is node.generators[0].iter


def _is_consumed_by_call(outer: ast.AST, node: ast.AST) -> bool:
    if not isinstance(outer, ast.Call) or node not in outer.args:
        return False
    name = outer.func.attr if isinstance(outer.func, ast.Attribute) else ""
    name = outer.func.id if isinstance(outer.func, ast.Name) else name
    return name in CONSUMERS | {"join", "any", "all"}


def loops_of(use: Use) -> list[ast.AST]:
    """The loops and comprehensions of the same function around a use, outermost first."""
    found: list[ast.AST] = []
    for node in use.parents:
        if isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            found = []
        elif isinstance(node, _LOOPS):
            found.append(node)
    return found


def function_of(use: Use) -> ast.AST | None:
    """The innermost named function around a use."""
    return next((n for n in reversed(use.parents) if isinstance(n, FUNCTIONS)), None)


def is_consumed(node: ast.AST, parents: Sequence[ast.AST]) -> bool:
    """Whether all of an iterable is taken at once where it stands, whatever it gives."""
    outer = parents[-1]
    if isinstance(outer, ast.For):
        return outer.iter is node and not outer.orelse and not _leaves_early(outer)
    if isinstance(outer, ast.comprehension):
        return outer.iter is node and (
            not isinstance(parents[-2], ast.GeneratorExp)
            or _is_consumed_by_call(parents[-3], parents[-2])
        )
    if isinstance(outer, ast.Call) and node in outer.args and isinstance(outer.func, ast.Name):
        if outer.func.id in CONSUMERS:
            return True
        return outer.func.id in _PASS_ON and is_consumed(outer, parents[:-1])
    return isinstance(outer, ast.Starred) and isinstance(parents[-2], (ast.List, ast.Tuple))


def _leaves_early(loop: ast.For) -> bool:
    """Whether a loop may end before its iterable does."""
    return any(isinstance(n, (ast.Break, ast.Return, ast.Yield)) for n in own_nodes(loop.body))


def own_nodes(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of statements, without those of functions and classes in them."""
    pending = list(body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            pending.extend(ast.iter_child_nodes(node))


# --- where work comes from ----------------------------------------------------------------------


def sources_of(use: Use, pool: Handle) -> list[ast.expr | None]:
    """What the loops around a use read, but for those that make a new pool each time.

    None stands for a while loop.
    """
    found: list[ast.expr | None] = []
    around = [loop for creation in pool.creations for loop in loops_of(creation)]
    for loop in loops_of(use):
        if loop in around and len(pool.creations) == 1:
            continue
        if isinstance(loop, (ast.For, ast.AsyncFor)):
            found.append(loop.iter)
        elif isinstance(loop, _COMPREHENSIONS):
            found += [item.iter for item in loop.generators]
        else:
            found.append(None)
    return found


def feeding(deed: HandleUse, pool: Handle) -> str:
    """Why it matters that a spawn waits while the pool is full."""
    for source in sources_of(deed.use, pool):
        if source is None:
            return "a while loop feeds it, and only a full pool holds that up,"
        if extent(source, deed.use, deed.module) == ENDLESS:
            text = ast.unparse(source)
            return f"`{text}` feeds it as it is read, and only a full pool holds that up,"
    return ""


def extent(node: ast.expr, use: Use, module: Module, deep: int = 3) -> str:
    """Whether an iterable is in memory (``finite``), or made as it is read (``endless``)."""
    if isinstance(node, _IN_MEMORY):
        return FINITE
    if isinstance(node, ast.Constant):
        return FINITE if isinstance(node.value, (str, bytes)) else UNKNOWN
    if isinstance(node, ast.Name):
        return _extent_of_name(node.id, use, module, deep - 1) if deep else UNKNOWN
    if not isinstance(node, ast.Call):
        return UNKNOWN
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    name = node.func.id if isinstance(node.func, ast.Name) else name
    if isinstance(node.func, ast.Name):
        if name == "range" or name in _MAKES_ALL:
            return FINITE
        if name in ("zip", "map", "filter", "enumerate", "reversed"):
            given = node.args[name in ("map", "filter") :]
            found = {extent(item, use, module, deep) for item in given}
            if name in ("zip", "map") and FINITE in found:
                return FINITE
            return found.pop() if len(found) == 1 else UNKNOWN
    elif name in _GIVES_ALL:
        return FINITE
    if name in _ENDLESS or any(map(_is_generator, _definitions(node.func, use))):
        return ENDLESS
    return UNKNOWN


def _extent_of_name(name: str, use: Use, module: Module, deep: int) -> str:
    """The extent of whatever a local or global name is given, if that is always the same."""
    home = function_of(use)
    bodies = [home.body] if home is not None else []  # type: ignore[attr-defined]
    for body in [*bodies, module.tree.body]:
        given = [node for node in own_nodes(body) if _binds(node, name)]
        if not given:
            arguments = getattr(home, "args", None)
            if body is not module.tree.body and arguments and _takes(arguments, name):
                return UNKNOWN
            continue
        found = {_extent_given(node, use, module, deep) for node in given}
        return found.pop() if len(found) == 1 else ENDLESS if ENDLESS in found else UNKNOWN
    return UNKNOWN


def _extent_given(node: ast.AST, use: Use, module: Module, deep: int) -> str:
    """The extent of what an assignment, or a with statement, gives a name."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return extent(node.value, use, module, deep)
    if isinstance(node, ast.withitem):
        return extent(node.context_expr, use, module, deep)
    return UNKNOWN


def _takes(arguments: ast.arguments, name: str) -> bool:
    return any(isinstance(n, ast.arg) and n.arg == name for n in ast.walk(arguments))


def _binds(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Assign):
        targets: Sequence[ast.AST] = node.targets
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.AnnAssign, ast.NamedExpr, ast.AugAssign)):
        targets = [node.target]
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        targets = [node.optional_vars]
    else:
        return False
    return any(isinstance(n, ast.Name) and n.id == name for t in targets for n in ast.walk(t))


def _definitions(function: ast.expr, use: Use) -> list[ast.AST]:
    """The functions of this file that a name or ``self.name`` may be, seen from a use."""
    name = getattr(function, "id", None) or getattr(function, "attr", None)
    return [
        item
        for node in use.parents
        for item in getattr(node, "body", ())
        if isinstance(node, (ast.Module, ast.ClassDef, *FUNCTIONS))
        and isinstance(item, FUNCTIONS)
        and item.name == name
    ]


def _is_generator(function: ast.AST) -> bool:
    body = getattr(function, "body", ())
    return any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in own_nodes(body))


# --- tasks --------------------------------------------------------------------------------------


def target_of(call: ast.Call, keyword: str = "function") -> ast.expr | None:
    """What a spawn is to call."""
    if call.args:
        return call.args[0]
    return next((item.value for item in call.keywords if item.arg == keyword), None)


def in_tasks(pool: Handle, deeds: Iterable[HandleUse]) -> Iterator[HandleUse]:
    """Those of some deeds that a task of the pool may come to, as far as names tell."""
    deeds = [deed for deed in deeds if function_of(deed.use) is not None]
    if not deeds:
        return
    functions: dict[str, list[ast.AST]] = {}
    for module in pool.modules:
        for name, found in module.functions.items():
            functions.setdefault(name, []).extend(found)
    pending = [name for target in _targets(pool) for name in _names_in(target)]
    reached: set[str] = set()
    while pending:
        name = pending.pop()
        if name in reached or name not in functions:
            continue
        reached.add(name)
        pending += [item for node in functions[name] for item in _names_in(node)]
    nodes = {node for name in reached for node in functions[name]}
    yield from (deed for deed in deeds if function_of(deed.use) in nodes)


def knows_tasks(pool: Handle) -> bool:
    """Whether each target is a lambda, or has the name of a function in a file of the pool."""
    defined = {name for module in pool.modules for name in module.functions}
    return all(
        isinstance(target, ast.Lambda)
        or (getattr(target, "id", None) or getattr(target, "attr", None)) in defined
        for target in _targets(pool)
    )


def _targets(pool: Handle) -> Iterator[ast.expr]:
    for deed in pool.uses:
        if deed.attribute not in ("spawn", "spawn_n", "imap", "starmap"):
            continue
        if deed.call is not None:
            target = target_of(deed.call)
            if target is not None:
                yield target
        elif isinstance(deed.parents[-2], ast.Call):
            yield from (
                a for a in deed.parents[-2].args if isinstance(a, (ast.Name, ast.Attribute))
            )


def _names_in(node: ast.AST) -> Iterator[str]:
    for item in ast.walk(node):
        if isinstance(item, ast.Name):
            yield item.id
        elif isinstance(item, ast.Attribute):
            yield item.attr
