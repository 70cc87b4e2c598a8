"""A `GreenPipe` around a descriptor becomes the file object that `os.fdopen` gives.

Under `monkey_patch()` `os.fdopen` makes the same green pipe, and natively a plain file with the
same methods: reads give what is there, writes write all, and using it after `close()` is a
ValueError.

A program may leave `os` out of what it patches, and a plain read would then stop its hub: this
waits for step 3.

A pipe made of a file object stays, since a GreenPipe duplicates the descriptor and closes the file;
so does one that is opened by a path, or with `closefd=` or `opener=`, which eventlet's ignores.
Where it cannot be seen what is wrapped, that is asked.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.carried import last_name
from eventlet_codemod.facts.scopes import own_statements
from eventlet_codemod.facts.values import headers
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.sync._alike import has_stars

#: What gives a descriptor, or a pair of them.
_OPENS = frozenset({"os.dup", "os.open", "os.openpty", "os.pipe", "os.pipe2"})
_STREAMS = frozenset({"stderr", "stdin", "stdout"})
_TAKEN = frozenset({"buffering", "encoding", "errors", "mode", "newline"})


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Open the descriptor."""
    if use.kind != "reference" or use.call is None:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    call = use.call
    first = call.args[0] if call.args else None
    ignored = {item.arg for item in call.keywords} - _TAKEN or len(call.args) > len(_TAKEN) + 1
    if first is None or has_stars(call) or ignored:
        return _leave("its arguments are not those of os.fdopen()")
    checks = {
        "C-SOCK": "closing it woke a green thread that waited in read(); a thread goes on waiting: "
        "does something close it in order to stop a reader?"
    }
    known = _is_descriptor(first, use)
    if known is False:
        return _leave("it is made of a file object or a path")
    if known is None:
        checks["C-TYPE"] = (
            f"is `{ast.unparse(first)}` always a descriptor? os.fdopen() takes no file object and "
            "no path"
        )
    assert isinstance(use.node, ast.expr)
    edit = ReplaceExpression(
        use.node, lambda node, context: f"{context.name('os')}.fdopen", "os.fdopen"
    )
    return Rewrite(
        message="`os.fdopen` opens the descriptor",
        why="under monkey_patch() it makes the same green pipe, and natively a plain file",
        edits=(edit,),
        checks=checks,
        needs=("os",),
    )


def _leave(objection: str) -> Leave:
    return Leave(
        message=f"this GreenPipe stays: {objection}",
        why="a GreenPipe duplicates the descriptor of a file object and closes that, opens paths, "
        "and closes its descriptor in any case",
        advice="use the file object itself, open() for a path, and os.fdopen() for a descriptor",
    )


def _is_descriptor(node: ast.expr, use: Use) -> bool | None:
    """Whether an expression is a file's descriptor; None where that cannot be told."""
    if isinstance(node, ast.Constant):
        return type(node.value) is int
    if isinstance(node, ast.Call):
        return last_name(node.func) == "fileno" or ast.unparse(node.func) in _OPENS
    if isinstance(node, ast.Attribute) and node.attr in _STREAMS:
        return False
    if not isinstance(node, ast.Name) or use.function is None:
        return None
    arguments = {item.arg for item in ast.walk(use.function.args) if isinstance(item, ast.arg)}
    given = [] if node.id in arguments else list(_given(node.id, use.function))
    if not given or any(value is None or isinstance(value, ast.Name) for value in given):
        return None
    told = {_is_descriptor(value, use) for value in given if value is not None}
    return told.pop() if len(told) == 1 else None


def _given(name: str, function: ast.AST) -> Iterator[ast.expr | None]:
    """What a name is given in a function, or gets a part of; None for what is not seen."""
    body = getattr(function, "body", None)
    for statement in own_statements(body) if isinstance(body, list) else ():
        nodes = headers(statement) if hasattr(statement, "body") else [statement]
        bound = [item for node in nodes for item in ast.walk(node) if _stores(item, name)]
        if bound and isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            items = target.elts if isinstance(target, ast.Tuple) else [target]
            yield statement.value if bound[0] in items else None
        elif bound:
            yield None


def _stores(node: ast.AST, name: str) -> bool:
    return (
        isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
    ) or (isinstance(node, (ast.Global, ast.Nonlocal)) and name in node.names)


rule = Rule(
    code="EVT302",
    family="green",
    step=3,
    summary="a GreenPipe becomes the file object of its descriptor",
    apis=frozenset({"eventlet.greenio.GreenPipe"}),
    match=match,
    checks=("C-SOCK", "C-TYPE"),
    relies_on="os",
    references=("GIO-2",),
    example_settings={"force": True},
    before="""\
import os

from eventlet import greenio


def wakeup_pipe():
    receiver, sender = os.pipe()
    return greenio.GreenPipe(receiver, "rb", 0), greenio.GreenPipe(sender, "wb", 0)
""",
    after="""\
import os


def wakeup_pipe():
    receiver, sender = os.pipe()
    return os.fdopen(receiver, "rb", 0), os.fdopen(sender, "wb", 0)
""",
)
