"""Calls of libraries by their dotted names, and calls that lose an argument."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from eventlet_codemod.facts import Module, Scope


def dotted_name(node: ast.AST, scope: Scope, facts: Module) -> str:
    """The dotted name that an expression has through an import; "" where that is not certain."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    bindings = facts.lookup(node.id, scope)[1]
    names = {binding.qualified for binding in bindings}
    if len(names) != 1 or not bindings[0].is_import:
        return ""
    return ".".join([str(names.pop()), *reversed(attributes)])


def last_name(node: ast.AST) -> str:
    """What a name or dotted chain ends with; "" for anything else."""
    return str(getattr(node, "attr", getattr(node, "id", "")))


def position_of(call: ast.Call, node: ast.AST) -> int | None:
    """The position of an argument among all of a call as it is written; keywords count too."""
    written: list[ast.AST] = sorted(
        [*call.args, *(item.value for item in call.keywords)],
        key=lambda item: (getattr(item, "lineno", 0), getattr(item, "col_offset", 0)),
    )
    return next((place for place, item in enumerate(written) if item is node), None)


def without(call: cst.Call, place: int) -> cst.Call:
    """A call without one argument; comments that stood beside it go to what comes next."""
    args = list(call.args)
    gone = args.pop(place)
    if not args:
        return call.with_changes(args=[], whitespace_before_args=cst.SimpleWhitespace(""))
    last = place == len(args)
    if last:
        args[-1] = args[-1].with_changes(
            comma=gone.comma, whitespace_after_arg=gone.whitespace_after_arg
        )
        return call.with_changes(args=args)
    after = _space_behind(gone)
    if place == 0:
        before = call.whitespace_before_args
        return call.with_changes(args=args, whitespace_before_args=_joined(before, after))
    previous = args[place - 1]
    comma = cst.ensure_type(previous.comma, cst.Comma)
    joined = _joined(comma.whitespace_after, after)
    args[place - 1] = previous.with_changes(comma=comma.with_changes(whitespace_after=joined))
    return call.with_changes(args=args)


def _space_behind(argument: cst.Arg) -> cst.BaseParenthesizableWhitespace:
    return cst.ensure_type(argument.comma, cst.Comma).whitespace_after


def _joined(
    before: cst.BaseParenthesizableWhitespace, after: cst.BaseParenthesizableWhitespace
) -> cst.BaseParenthesizableWhitespace:
    """What stands between two arguments when the one between them is gone."""
    comments = _comments(after)
    if not isinstance(before, cst.ParenthesizedWhitespace):
        return after  # a comment stays behind what is on its line, and the lines are as long
    if not comments:
        return before
    lines = [cst.EmptyLine(comment=comment) for comment in comments]
    indented = [line.with_changes(whitespace=before.last_line) for line in lines]
    return before.with_changes(empty_lines=[*before.empty_lines, *indented])


def _comments(space: cst.BaseParenthesizableWhitespace) -> Sequence[cst.Comment]:
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return ()
    lines = [space.first_line.comment, *(line.comment for line in space.empty_lines)]
    return [comment for comment in lines if comment is not None]
