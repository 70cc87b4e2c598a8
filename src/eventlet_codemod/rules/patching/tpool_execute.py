"""`tpool.execute(f, …)` runs a function in a native thread so that the hub goes on meanwhile.

Without a hub the function is called directly. It then runs with its caller's thread-locals, no
longer at most twenty at a time, and a `SystemExit` in it goes on to the caller. While anything
still runs under the hub, a direct call would block it: this waits for step 3.

Where `tpool.execute` itself is an argument, as of a function that calls it later, a lambda that
calls what it gets takes its place; a partial of it becomes one of the function.
"""

from __future__ import annotations

import ast

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.carried import last_name
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
    if use.kind != "reference" or (use.call is None and not _is_argument(use, facts)):
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    if use.call is None:
        return None if settings.tpool == "helper" else _handed_on(use)
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
        why=_WHY,
        edits=(ReplaceExpression(use.call, make),),
        checks=_CHECKS,
        setting="tpool",
    )


def _is_argument(use: Use, facts: Facts) -> bool:
    """Whether a call that is no assertion, no patch and not eventlet's gets the function itself."""
    call = use.parent
    if not isinstance(call, ast.Call) or use.node not in call.args:
        return False
    if any(other.call is call for other in facts.uses):
        return False
    name = last_name(call.func)
    return not name.lower().startswith("assert") and name not in _COMPARES


#: What looks at a function and does not call it.
_COMPARES = frozenset({"call", "callable", "id", "isinstance", "object", "patch", "repr", "str"})


def _handed_on(use: Use) -> Rewrite:
    """The function is an argument: something else is to call it."""
    call = use.parent
    assert isinstance(call, ast.Call) and isinstance(use.node, ast.expr)
    place = call.args.index(use.node)
    follows = call.args[place + 1 :][:1]
    bound = last_name(call.func) == "partial" and place == 0
    bound = bound and bool(follows) and not isinstance(follows[0], ast.Starred)

    def make(node: cst.BaseExpression, context: Context) -> str:
        assert isinstance(node, cst.Call)
        arguments = []
        for index, item in enumerate(node.args):
            keyword = f"{item.keyword.value}=" if item.keyword else ""
            if index != place:
                arguments.append(f"{item.star}{keyword}{context.value(item.value)}")
            elif not bound:
                arguments.append(_CALLS)
        return context.call(context.code(node.func), arguments)

    checks = dict(_CHECKS)
    if not bound:
        checks["C-FLOW"] = (
            f"does {ast.unparse(call.func)}() only call it, with a function and its arguments?"
        )
    return Rewrite(
        message="the function is bound directly"
        if bound
        else "what is to be run is called directly",
        why=_WHY,
        edits=(ReplaceExpression(call, make),),
        checks=checks,
        setting="tpool",
    )


_CALLS = "lambda function, *args, **kwargs: function(*args, **kwargs)"
_WHY = "a native thread may block; there is no hub to keep going"
_CHECKS = {
    "C-LOCAL": "the function sees its caller's thread-locals and event loop now",
    "C-BOUND": "tpool ran at most 20 at a time: does that limit matter?",
}


rule = Rule(
    code="EVT504",
    family="patching",
    step=3,
    summary="tpool.execute becomes a direct call",
    apis=frozenset({"eventlet.tpool.execute"}),
    match=match,
    checks=("C-LOCAL", "C-BOUND", "C-FLOW"),
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
