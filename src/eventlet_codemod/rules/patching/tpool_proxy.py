"""`tpool.Proxy(obj)` runs every method of an object in a native thread.

Without a hub the object itself does. `isinstance`, `type` and attribute assignment then see the
real object, which they did not. A proxy whose methods are called with `nonblocking=True` stays; for
a class that is named only to test against there is `proxy-class`.
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
from eventlet_codemod.rules.threads import _started


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Unwrap the object."""
    if use.kind != "reference" or use.call is None:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    call = use.call
    plain = len(call.args) == 1 and not isinstance(call.args[0], (ast.Starred, ast.GeneratorExp))
    if not plain or "nonblocking" in facts.text or settings.tpool == "helper":
        return Leave(
            message="this proxy cannot be taken away by itself",
            why="its object cannot be seen, its methods are called with nonblocking=, or a wrapper "
            "is asked for",
            advice="use the object itself, and drop nonblocking= from the calls of its methods",
            setting="tpool",
        )

    holder = use.parents[-2]

    def make(node: cst.BaseExpression, context: Context) -> cst.BaseExpression | str:
        assert isinstance(node, cst.Call)
        value = node.args[0].value
        if isinstance(value, cst.Call) and _is_to_be_laid_out(value, context):
            return context.call(context.code(value.func), _started.items_of(value, context))
        simple = isinstance(value, (cst.Name, cst.Attribute, cst.Call, cst.Subscript))
        roomy = isinstance(holder, _ROOMY) and not isinstance(value, cst.NamedExpr)
        if simple or value.lpar or (roomy and "\n" not in context.code(value)):
            return value
        return value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])

    return Rewrite(
        message="the object itself is used",
        why="a native thread may block in its methods; there is no hub to keep going",
        edits=(ReplaceExpression(call, make),),
        checks={
            "C-TYPE": "isinstance(), type() and assignments to attributes reach the object now"
            + _insides(facts),
            "C-BOUND": "tpool ran at most 20 calls at a time: does that limit matter?",
        },
        setting="tpool",
    )


def _is_to_be_laid_out(value: cst.Call, context: Context) -> bool:
    """Whether the lines of a call were indented for the brackets that go."""
    code = context.code(value)
    bare = not value.lpar and "\n" not in context.code(value.func)
    return bare and "\n" in code and "#" not in code


def _insides(facts: Facts) -> str:
    """What to ask where ``_obj``, by which a Proxy keeps its object, is read; "" if nowhere."""
    files = facts.project.mentions(frozenset({"_obj"}), facts.path).get("_obj", ())
    read = [path for path in files if facts.project.matches(path, r"\._obj\b")]
    if "._obj" in facts.text:
        read.insert(0, "this file")
    return f", and `._obj`, which {read[0]} reads, is the Proxy's own" if read else ""


#: Where an expression can stand without brackets.
_ROOMY = (ast.Assign, ast.Return, ast.keyword)


rule = Rule(
    code="EVT505",
    family="patching",
    step=3,
    summary="tpool.Proxy gives way to the object itself",
    apis=frozenset({"eventlet.tpool.Proxy"}),
    match=match,
    checks=("C-TYPE", "C-BOUND"),
    settings=("tpool",),
    references=("TPL-2", "TPL-3", "TPL-6"),
    example_settings={"force": True},
    before="""\
from eventlet import tpool


def connect(driver, pool):
    return tpool.Proxy(driver.Rados(pool=pool))
""",
    after="""\
def connect(driver, pool):
    return driver.Rados(pool=pool)
""",
)
