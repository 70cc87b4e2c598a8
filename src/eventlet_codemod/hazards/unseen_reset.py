"""A peer that resets its connection ended the loop; with native sockets it raises.

The sockets of eventlet, and those of the patched `socket` module, give `b""` when the connection is
reset, as at its ordinary end. Native ones raise `ConnectionResetError`. A loop that leaves at
`if not data` only is left by the exception instead: what stands after it is not done, and the
thread ends with a traceback.

It is told where a function that is started as a thread, or one that it calls, receives in a loop,
takes no data for the end, and neither it nor anything that the thread runs around it catches what
a socket raises.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise

from eventlet_codemod.facts.module import Module, Parents
from eventlet_codemod.facts.names import Definition
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.facts.reach import Calls, inside
from eventlet_codemod.facts.starts import Start, starts_in
from eventlet_codemod.hazards._words import started
from eventlet_codemod.hazards.base import Danger, HazardRule

_LOOPS = (ast.While, ast.For)


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find loops that take a reset connection for its ordinary end."""
    told: set[ast.AST] = set()
    for start in starts_in(module, program) if not is_test(module.path) else ():
        if not isinstance(start.node, ast.Call):
            continue
        reached = Calls(program, start.owner).reached(start.functions)
        functions = [item.function for item in reached.values()]
        if any(_catches_around(item, functions) for item in functions):
            continue
        for function in functions:
            found = _unseen(function) if function.node not in told else None
            if found is not None:
                told.add(function.node)
                yield _danger(start, function, *found)


def _unseen(function: Definition) -> tuple[ast.AST, ast.AST] | None:
    """Where a function receives in a loop, and where it takes nothing for the end."""
    if ".recv(" not in function.module.text:
        return None
    nodes = list(inside(function.node))
    for node, parents in nodes:
        if not _receives(node) or not any(isinstance(item, _LOOPS) for item in parents):
            continue
        if _is_caught((*parents, node)):
            continue
        parent = parents[-1]
        name = ""
        if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name):
            name = parent.targets[0].id
        if isinstance(parent, ast.NamedExpr):
            name = parent.target.id
        end = _end(name, [item for item, _ in nodes]) if name else None
        if end is not None:
            return node, end
    return None


def _receives(node: ast.AST) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr == "recv" and bool(node.args)  # type: ignore[attr-defined]


def _end(name: str, nodes: Sequence[ast.AST]) -> ast.AST | None:
    """The ``if not data`` that leaves the loop."""
    for node in nodes:
        if not isinstance(node, ast.If) or not _is_empty(node.test, name):
            continue
        if any(isinstance(item, (ast.Break, ast.Return)) for item in node.body):
            return node
    return None


def _is_empty(test: ast.expr, name: str) -> bool:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = test.operand
        if isinstance(inner, ast.NamedExpr):
            inner = inner.target
        return isinstance(inner, ast.Name) and inner.id == name
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq):
        right = test.comparators[0]
        empty = isinstance(right, ast.Constant) and right.value in (b"", "")
        return empty and ast.unparse(test.left) == name
    return False


def _is_caught(around: Parents) -> bool:
    """Whether something around a node catches what it raises, or cleans up after it."""
    return any(
        isinstance(node, (ast.Try, ast.With)) and below in node.body and _expects(node)
        for node, below in pairwise(around)
    )


def _expects(node: ast.Try | ast.With) -> bool:
    """Whether a ``try`` has a clause, or what closes in the end; a ``with`` may do either."""
    return isinstance(node, ast.With) or bool(node.handlers or node.finalbody)


def _catches_around(function: Definition, functions: Sequence[Definition]) -> bool:
    """Whether a function calls another one of the thread where it catches something."""
    names = {item.name for item in functions}
    for node, parents in inside(function.node):
        if isinstance(node, ast.Call) and _is_caught((*parents, node)):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in names:
                return True
    return False


def _danger(start: Start, function: Definition, call: ast.AST, end: ast.AST) -> Danger:
    home = function.module
    return Danger(
        module=home,
        node=call,
        message=f"{function.name}() ends when it receives nothing, and does not expect that the "
        "connection is reset",
        why="a native socket raises ConnectionResetError where eventlet's gave b''",
        advice="catch OSError around it as well, and do the same as at the end of the data",
        places=(
            *started([start]),
            (home, call, f"{function.name}() receives"),
            (home, end, "nothing is the end"),
        ),
        alike=function.name,
    )


rule = HazardRule(
    code="EVT916",
    summary="a loop that receives, and does not expect a reset connection",
    look=look,
    words=("recv",),
    form=r"\.recv\(\w",
    references=("H16", "D23"),
    before="""\
import socket

import eventlet


def serve(listener):
    while True:
        connection, address = listener.accept()
        eventlet.spawn_n(handle, connection)


def handle(connection):
    while True:
        data = connection.recv(4096)
        if not data:
            break
        connection.sendall(data)
    connection.close()
""",
)
