"""What names the class `tpool.Proxy` goes when no object is wrapped any more.

An assertion that an object is a Proxy, or is none, goes; what it evaluated stays if it may do
something. `isinstance(x, tpool.Proxy)` is answered with False, and the condition that asks is
folded. An assignment that replaces a method of the class goes as well.

It stays where a longer condition asks, where the class is one of several, and in a project in which
a proxy may stay because its methods are called with `nonblocking=`.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.carried import last_name
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    ReplaceStatement,
    Rewrite,
    Rule,
    is_alone_in_block,
    removed,
)
from eventlet_codemod.rules.patching import _answered, _emptied

_ASSERTIONS = frozenset({"assertIsInstance", "assertNotIsInstance"})


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Answer the question, or remove the statement."""
    if use.kind != "reference" or use.doubt or settings.tpool == "helper":
        return None
    if _one_may_stay(facts):
        return None
    if not use.loaded:
        return _of_method(use)
    call = use.parent
    if use.api != "eventlet.tpool.Proxy" or not isinstance(call, ast.Call):
        return None
    if len(call.args) < 2 or call.args[1] is not use.node or isinstance(call.args[0], ast.Starred):
        return None
    holder = use.parents[-2]
    if isinstance(holder, ast.Expr) and last_name(call.func) in _ASSERTIONS:
        return _of_assertion(use, call.args[0], facts)
    if getattr(call.func, "id", "") != "isinstance" or len(call.args) > 2 or call.keywords:
        return None
    if isinstance(holder, ast.Assert) and holder.test is call:
        return _of_assertion(use, call.args[0], facts)
    edit = None if _acts(call.args[0]) else _answered.edit_for(call, use.parents[:-1], False, facts)
    if edit is None:
        return None
    return _rewrite(
        "nothing is a Proxy any more: isinstance() answers False",
        (edit,),
        f"is `{ast.unparse(call.args[0])}` handled alike now that it is the object itself?",
    )


def _one_may_stay(facts: Facts) -> bool:
    """Whether a file with proxies calls a method with ``nonblocking=``; the proxy stays then."""
    if "nonblocking" in facts.text:
        return True
    others = facts.project.mentions(frozenset({"nonblocking", "tpool"}), facts.path)
    both = set(others.get("nonblocking", ())) & set(others.get("tpool", ()))
    return any(facts.project.matches(path, r"\bnonblocking\s*=") for path in both)


def _of_assertion(use: Use, asked: ast.expr, facts: Facts) -> Rewrite:
    """An assertion that an object is a Proxy goes."""
    text = ast.unparse(asked)
    function = use.function
    left = ""
    if is_alone_in_block(use) and isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        left = f"; nothing of `{function.name}` is left, so that it can go"
        left = left if function.body[-1] is use.statement else ""

    def make(node: cst.BaseSmallStatement, context: Context) -> Sequence[str]:
        test = node.test if isinstance(node, cst.Assert) else cst.ensure_type(node, cst.Expr).value
        return (context.code(cst.ensure_type(test, cst.Call).args[0].value),)

    keeps = _acts(asked)
    edits = (ReplaceStatement(use.statement, make),) if keeps else _emptied.removal(use, facts)
    return _rewrite(
        f"the assertion goes: nothing is a Proxy any more{left}",
        edits,
        f"`{text}` was to run in native threads: is there something else to assert?",
    )


def _of_method(use: Use) -> Rewrite | None:
    """An assignment to an attribute of the class goes."""
    statement = use.statement
    if not isinstance(statement, ast.Assign) or statement.targets != [use.node]:
        return None
    if use.api == "eventlet.tpool.Proxy" or _acts(statement.value):
        return None
    return _rewrite(
        "the assignment goes: no object of this class is made any more",
        (removed(use),),
        f"is `{ast.unparse(statement.value)}` there for this alone? Then it can go as well",
    )


def _rewrite(message: str, edits: tuple[Edit, ...], asked: str) -> Rewrite:
    return Rewrite(
        message=message,
        why="the objects themselves are used in place of their proxies",
        edits=edits,
        checks={"C-TYPE": asked},
        setting="tpool",
    )


def _acts(node: ast.expr) -> bool:
    """Whether evaluating an expression may do something that must not be lost."""
    return any(isinstance(item, (ast.Call, ast.NamedExpr, ast.Await)) for item in ast.walk(node))


rule = Rule(
    code="EVT513",
    family="patching",
    step=3,
    summary="tests and patches of the class tpool.Proxy go",
    apis=frozenset({"eventlet.tpool.Proxy", "eventlet.tpool.Proxy.*"}),
    match=match,
    checks=("C-TYPE",),
    settings=("tpool",),
    references=("TPL-2", "TPL-3"),
    example_settings={"force": True},
    before="""\
from eventlet import tpool


def unwrap(client):
    if isinstance(client, tpool.Proxy):
        return client._obj
    return client
""",
    after="""\
def unwrap(client):
    return client
""",
)
