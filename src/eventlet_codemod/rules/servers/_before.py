"""What a program does before it serves: the statements that another module has to repeat."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.module import FUNCTIONS
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.rules.servers import _oslo, _serving

_PATCH = "eventlet.patcher.monkey_patch"

#: Words of code that does something which the server outside does itself, or has for itself.
_ITS_OWN = {
    "argv": "reads the command line, which is the server's own there",
    "argparse": "reads the command line, which is the server's own there",
    "ArgumentParser": "reads the command line, which is the server's own there",
    "parse_args": "reads the command line, which is the server's own there",
    "OptionParser": "reads the command line, which is the server's own there",
    "docopt": "reads the command line, which is the server's own there",
    "getopt": "reads the command line, which is the server's own there",
    "fork": "forks, as the server does itself",
    "signal": "is about signals, which are the server's own there",
    "__file__": "is about the place of this file",
    "__name__": "is about the name of this module",
    "__spec__": "is about the name of this module",
}


#: Arguments that are made for the server, and what makes and prepares such.
_MADE = ("sock", "custom_pool")
_MAKERS = frozenset({"create_server", "getLogger", "socket", "wrap_server", "wrap_socket"})
_PREPARES = frozenset({"bind", "listen", "setblocking", "setsockopt", "settimeout"})


class Blocked(Exception):
    """Why an application cannot be had in a module of its own."""


@dataclass(frozen=True, slots=True)
class Before:
    """What comes before a server in its function, or in the block of a script.

    ``kept`` is what another module has to do as well, ``left_out`` what only the serving needs,
    ``after`` what follows it. ``place`` says in words where all of it stands.
    """

    kept: tuple[ast.stmt, ...]
    left_out: tuple[ast.stmt, ...]
    after: tuple[ast.stmt, ...]
    place: str


def before(
    use: Use, given: Mapping[str, ast.expr], needed: Sequence[ast.expr], facts: Facts
) -> Before:
    """Take apart what stands around a server. Raises Blocked.

    ``given`` are its arguments, ``needed`` those that make the application.
    """
    if is_test(facts.path):
        raise Blocked("it is started by a test")
    if use.call is None:
        raise Blocked("it runs beside other code of its process")
    _see_that_it_can_be_imported(use, facts)
    _see_that_it_is_the_only_one(use, facts)
    ahead, after = _around(use, facts)
    kept = [item for item in ahead if not _is_docstring(item) and not _is_for_eventlet(item, facts)]
    patching = [item for item in ahead if _is_for_eventlet(item, facts)]
    kept, dropped = _parted(kept, given, needed, facts)
    _see_that_it_can_be_repeated(kept, needed, facts)
    function = use.function
    name = getattr(function, "name", "")
    place = f"{name}() in {facts.path}" if name else facts.path
    left_out = sorted([*dropped, *patching], key=lambda item: item.lineno)
    return Before(tuple(kept), tuple(left_out), tuple(after), place)


def is_guard(node: ast.AST) -> bool:
    """Whether a statement is ``if __name__ == "__main__":``."""
    if not isinstance(node, ast.If) or node.orelse or not isinstance(node.test, ast.Compare):
        return False
    sides = {ast.unparse(item) for item in (node.test.left, *node.test.comparators)}
    return sides == {"__name__", "'__main__'"} and isinstance(node.test.ops[0], ast.Eq)


def loaded(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that code reads, those in functions inside it included."""
    return {
        node.id
        for top in nodes
        for node in ast.walk(top)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store)
    }


# --- the module -------------------------------------------------------------------------------


def _see_that_it_can_be_imported(use: Use, facts: Facts) -> None:
    parts = facts.path.removesuffix(".py").split("/")
    parts = parts[1:] if parts[0] == "src" else parts
    if not facts.path.endswith(".py") or not all(part.isidentifier() for part in parts):
        raise Blocked(f"{facts.path} cannot be imported by a name")
    starting = _names_leading_to(use, facts)
    for item in facts.tree.body:
        if isinstance(item, (*FUNCTIONS, ast.ClassDef)) or is_guard(item):
            continue
        for node in ast.walk(item):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Name) and called.id in starting:
                line = item.lineno
                raise Blocked(f"importing {facts.path} runs `{called.id}` on line {line}")


def _names_leading_to(use: Use, facts: Facts) -> set[str]:
    """The functions of the file that end in the server, by way of each other."""
    function = use.function
    found = {getattr(function, "name", "")} - {""}
    while True:
        more = {
            name
            for name, nodes in facts.functions.items()
            for node in nodes
            if name not in found and loaded([node]) & found
        }
        if not more:
            return found
        found |= more


def _see_that_it_is_the_only_one(use: Use, facts: Facts) -> None:
    for other in facts.names.uses:
        if other is use or other.kind != "reference" or other.api not in (_oslo.API, _serving.API):
            continue
        if other.function is use.function:
            line = other.node.lineno  # type: ignore[attr-defined]
            raise Blocked(f"the same process starts the server on line {line}")


# --- the statements around ----------------------------------------------------------------------


def _around(use: Use, facts: Facts) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """The statements that run before the one that serves, and those behind it."""
    function, statement = use.function, use.statement
    if isinstance(function, (ast.Lambda, ast.AsyncFunctionDef)):
        raise Blocked("it is started by a lambda or in an event loop")
    served = getattr(statement, "value", None)
    assigned = isinstance(statement, ast.Assign) and use.api == _oslo.API
    if served is not use.call or not (assigned or isinstance(statement, (ast.Expr, ast.Return))):
        raise Blocked("what it returns is used")
    holder: ast.AST = function if function is not None else facts.tree
    start = use.parents.index(holder) + 1
    path = [node for node in use.parents[start:] if isinstance(node, (ast.stmt, ast.ExceptHandler))]
    ahead: list[ast.stmt] = []
    after: list[ast.stmt] = []
    guarded = function is not None
    for node in path:
        if not isinstance(node, ast.stmt):
            raise Blocked(f"it is started by the handler on line {node.lineno}")
        block = next(
            (
                found
                for name in ("body", "orelse", "finalbody")
                if node in (found := getattr(holder, name, []))
            ),
            [],
        )
        number = block.index(node)
        if isinstance(holder, ast.Try) and block is not holder.body:
            raise Blocked(f"it is started by the clause above line {node.lineno}")
        if function is None and holder is facts.tree:
            if not is_guard(node):
                raise Blocked(f"importing {facts.path} starts it")
            guarded = True
        else:
            ahead += block[:number]
            after += block[number + 1 :]
        if node is statement:
            break
        if not isinstance(node, ast.Try) and not is_guard(node):
            raise Blocked(f"it is started inside the statement on line {node.lineno}")
        holder = node
    if not guarded:
        raise Blocked(f"importing {facts.path} starts it")
    return ahead, after


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_for_eventlet(node: ast.stmt, facts: Facts) -> bool:
    """Whether a statement patches, or sets a variable of eventlet's server."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        use = facts.reference_of.get(node.targets[0])
        return use is not None and use.api.startswith("eventlet.wsgi.")
    use = facts.use_of_call.get(node.value) if isinstance(node, ast.Expr) else None
    return use is not None and use.api == _PATCH


def _parted(
    statements: Sequence[ast.stmt],
    given: Mapping[str, ast.expr],
    needed: Sequence[ast.expr],
    facts: Facts,
) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """What to repeat, and what makes or prepares only what the server gets.

    What is called for its result alone is not known of a function of the project, so that such a
    call is repeated, but for the one that makes the socket or the pool.
    """
    made = {name for key in _MADE if (name := getattr(given.get(key), "id", ""))}
    names = loaded(item for item in given.values() if item not in needed)
    for item in reversed(statements):
        if (target := _target(item)) in names:
            names |= loaded([item]) - {target}
    only = {target for item in statements if (target := _target(item)) in names}
    only -= {_target(item) for item in statements if not _is_plain(item, facts)} - made
    while True:
        dropped = [item for item in statements if _target(item) in only or _deed(item) in only]
        kept = [item for item in statements if item not in dropped]
        shared = only & loaded([*kept, *needed])
        if not shared:
            break
        only -= shared
    _see_that_nothing_is_made_twice(kept, given)
    opened = loaded(item for item in dropped if _target(item) in made) - only
    for item in kept:
        if _target(item) in opened - loaded([*(k for k in kept if k is not item), *needed]):
            raise Blocked(f"line {item.lineno} may open the socket, and nothing else")
    return kept, dropped


def _see_that_nothing_is_made_twice(
    kept: Sequence[ast.stmt], given: Mapping[str, ast.expr]
) -> None:
    """What is repeated must not open the socket that the server outside opens itself."""
    made = {ast.unparse(given[key]) for key in _MADE if key in given}
    for item in kept:
        for node in ast.walk(item):
            stored = isinstance(getattr(node, "ctx", None), ast.Store)
            if stored and ast.unparse(node) in made:
                name = ast.unparse(node)
                raise Blocked(
                    f"more is done with `{name}`, which line {_line(node)} sets, than to serve"
                )


def _is_plain(node: ast.stmt, facts: Facts) -> bool:
    """Whether an assignment calls nothing, or only what makes sockets, pools and loggers."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and call not in facts.use_of_call:
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name not in _MAKERS:
                return False
    return True


def _target(node: ast.stmt) -> str:
    """The name that a plain assignment gives a value."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        return getattr(node.targets[0], "id", "")
    return ""


def _deed(node: ast.stmt) -> str:
    """The name of a socket that a statement only prepares."""
    call = node.value if isinstance(node, ast.Expr) else None
    function = call.func if isinstance(call, ast.Call) else None
    if not isinstance(function, ast.Attribute) or function.attr not in _PREPARES:
        return ""
    return function.value.id if isinstance(function.value, ast.Name) else ""


# --- what can be repeated -----------------------------------------------------------------------


def _see_that_it_can_be_repeated(
    kept: Sequence[ast.stmt], needed: Sequence[ast.expr], facts: Facts
) -> None:
    nodes = {node for top in (*kept, *needed) for node in ast.walk(top)}
    for use in facts.uses:
        if use.node in nodes:
            raise Blocked(f"line {_line(use.node)} uses `{use.path}`, too")
    for node in _in_order(nodes):
        line = _line(node)
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            raise Blocked(f"line {line} sets a variable of the module or of another function")
        if isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await)):
            raise Blocked(f"line {line} waits or gives values to a caller")
        word = getattr(node, "attr", getattr(node, "id", ""))
        if word in _ITS_OWN:
            raise Blocked(f"line {line} {_ITS_OWN[word]}")
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called == "CONF":  # oslo.config's, which parses sys.argv
                raise Blocked(f"line {line} {_ITS_OWN['argv']}")
    for item in kept:
        for node in _own(item):
            if isinstance(node, ast.Return):
                raise Blocked(f"line {node.lineno} may return before it serves")
            if isinstance(node, ast.ImportFrom) and (node.level or node.names[0].name == "*"):
                raise Blocked(f"line {node.lineno} imports what depends on this file's place")


def _in_order(nodes: Iterable[ast.AST]) -> list[ast.AST]:
    placed = [node for node in nodes if hasattr(node, "lineno")]
    return sorted(placed, key=lambda node: (_line(node), node.col_offset))  # type: ignore[attr-defined]


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a statement, without those of functions in it."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            yield from _own(child)
