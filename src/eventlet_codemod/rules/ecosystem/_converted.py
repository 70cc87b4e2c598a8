"""The code of a service, and of what launches it, as cotyledon has it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context, RewriteError
from eventlet_codemod.rules.ecosystem._cotyledon import METHODS, Launch

COTYLEDON = "cotyledon"
GLUE = "cotyledon.oslo_config_glue"

Make = Callable[[cst.CSTNode, Context], cst.CSTNode]


def launching(launch: Launch, use: Use, facts: Facts) -> Make:
    """What makes the function of a launch anew."""
    manager = facts.free_name("manager", use.scope)
    setup = [manager, launch.conf]
    if launch.method:
        setup.append(f"reload_method={launch.method}")
    start = launch.function.body.index(launch.statements[0])
    count, column = len(launch.function.body), launch.statements[0].col_offset

    def make(node: cst.CSTNode, context: Context) -> cst.CSTNode:
        inner = dataclasses.replace(context, indent=" " * column, column=column, tail=0)
        glue, cotyledon = context.name(GLUE), context.name(COTYLEDON)
        code = [
            f"{manager} = {cotyledon}.ServiceManager()",
            inner.call(f"{glue}.setup", setup),
            *(inner.call(f"{manager}.add", item) for item in launch.added),
            f"{manager}.run()",
        ]
        return _with_end(node, start, count, code, context)

    return make


def _with_end(
    node: cst.CSTNode, start: int, count: int, code: Sequence[str], context: Context
) -> cst.CSTNode:
    """A function with other statements from the one at ``start`` on; comments stay above them."""
    function = cst.ensure_type(node, cst.FunctionDef)
    body: list[Any] = list(function.body.body)
    if len(body) != count:
        raise RewriteError("other edits changed the function")
    gone = body[start:]
    lines = [cst.parse_statement(line, context.module.config_for_parsing) for line in code]
    lead = list(gone[0].leading_lines)
    for item in gone[1:]:
        lead += [line for line in item.leading_lines if line.comment]
    for item in gone:
        comment = item.trailing_whitespace.comment
        lead += [cst.EmptyLine(comment=comment)] if comment else []
    lines[0] = lines[0].with_changes(leading_lines=lead)
    block = function.body.with_changes(body=[*body[:start], *lines])
    return function.with_changes(body=block)


def converted(node: cst.CSTNode, context: Context) -> cst.CSTNode:
    """A class of oslo.service as one of cotyledon."""
    owner = cst.ensure_type(node, cst.ClassDef)
    base = cst.parse_expression(f"{context.name(COTYLEDON)}.Service")
    body = [
        _method(item) if isinstance(item, cst.FunctionDef) else item for item in owner.body.body
    ]
    return owner.with_changes(
        bases=[owner.bases[0].with_changes(value=base)], body=owner.body.with_changes(body=body)
    )


def _method(node: cst.FunctionDef) -> cst.FunctionDef:
    name = node.name.value
    if name == "__init__":
        params = list(node.params.params)
        worker = cst.Param(cst.Name("worker_id"))
        changed = node.with_changes(
            params=node.params.with_changes(params=[params[0], worker, *params[1:]])
        )
        return cst.ensure_type(changed.visit(_Init()), cst.FunctionDef)
    if name not in METHODS:
        return node
    bare = node.params.with_changes(
        params=[node.params.params[0].with_changes(comma=cst.MaybeSentinel.DEFAULT)],
        kwonly_params=(),
        star_arg=cst.MaybeSentinel.DEFAULT,
    )
    body: list[Any] = [item for item in node.body.body if not _calls_base(item)]
    block = node.body.with_changes(body=body or [cst.SimpleStatementLine([cst.Pass()])])
    return node.with_changes(name=cst.Name(METHODS[name]), params=bare, body=block)


def _calls_base(statement: Any) -> bool:
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return False
    code = cst.Module([]).code_for_node(statement.body[0])
    if not code.startswith("super()."):
        return False
    if statement.trailing_whitespace.comment or any(
        line.comment for line in statement.leading_lines
    ):
        raise RewriteError("a comment stands beside the call of the base")
    return True


class _Init(cst.CSTTransformer):
    """Hands the worker's number to the base."""

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if cst.Module([]).code_for_node(original_node) == "super().__init__()":
            return updated_node.with_changes(args=[cst.Arg(cst.Name("worker_id"))])
        return updated_node
