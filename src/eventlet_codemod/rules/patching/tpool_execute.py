"""`tpool.execute(f, …)` runs a function in a native thread so that the hub goes on meanwhile.

Without a hub the function is called directly. It then runs with its caller's thread-locals, no
longer at most twenty at a time, and a `SystemExit` in it goes on to the caller. While anything
still runs under the hub, a direct call would block it: this waits for step 3.
"""

from __future__ import annotations

import ast

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Unwrap the call."""
    if use.kind != "reference" or use.call is None:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    first = use.call.args[0] if use.call.args else None
    itself = any(other.node is first for other in facts.uses)
    if first is None or itself or isinstance(first, (ast.Starred, ast.GeneratorExp)):
        return Leave(
            message="the function that tpool runs cannot be seen",
            why="it is hidden in a starred argument, or eventlet's own",
            advice="name the function as the first argument, then run again",
        )
    if settings.tpool == "helper":
        return Leave(
            message="`tpool` is set to `helper`, and there is no helper yet",
            why="the setting asks for a wrapper that knows both modes",
            advice="call the project's own wrapper here",
            setting="tpool",
        )

    def make(node: cst.BaseExpression, context: Context) -> str:
        assert isinstance(node, cst.Call)
        function, *rest = node.args
        code = context.value(function.value)
        if not isinstance(function.value, (cst.Name, cst.Attribute, cst.Call, cst.Subscript)):
            code = f"({code})"
        arguments = []
        for item in rest:
            keyword = f"{item.keyword.value}=" if item.keyword else ""
            arguments.append(f"{item.star}{keyword}{context.value(item.value)}")
        return context.call(code, arguments)

    return Rewrite(
        message="the function is called directly",
        why="a native thread may block; there is no hub to keep going",
        edits=(ReplaceExpression(use.call, make),),
        checks={
            "C-LOCAL": "the function sees its caller's thread-locals and event loop now",
            "C-BOUND": "tpool ran at most 20 at a time: does that limit matter?",
        },
        setting="tpool",
    )


rule = Rule(
    code="EVT504",
    family="patching",
    step=3,
    summary="tpool.execute becomes a direct call",
    apis=frozenset({"eventlet.tpool.execute"}),
    match=match,
    checks=("C-LOCAL", "C-BOUND"),
    settings=("tpool",),
    references=("TPL-1", "TPL-5"),
    example_settings={"force": True},
    before="""\
from eventlet import tpool


def checksum(path, algorithm):
    return tpool.execute(algorithm, path, chunk=65536)
""",
    after="""\
def checksum(path, algorithm):
    return algorithm(path, chunk=65536)
""",
)
