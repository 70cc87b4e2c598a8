"""The limit of a Timeout in code: what stands above its block, and what a wait is given."""

from __future__ import annotations

import ast
from dataclasses import dataclass

import libcst as cst

from eventlet_codemod.facts import Facts
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.timeouts import _limit
from eventlet_codemod.rules.timeouts._limit import Limit
from eventlet_codemod.rules.timeouts._raised import source


@dataclass(frozen=True, slots=True)
class Rest:
    """The time that is left: all of it for the one wait, or up to a deadline for ``several``.

    ``inline``: the limit is written where it is needed, without the ``name``.
    """

    limit: Limit
    several: bool
    name: str
    inline: bool
    text: str

    def above(self, context: Context) -> list[str]:
        """The lines that set the deadline, or name the limit."""
        seconds = source(self.limit.seconds, self.text)
        if self.several:
            if isinstance(self.limit.seconds, (ast.IfExp, ast.BoolOp, ast.Compare, ast.Lambda)):
                seconds = f"({seconds})"
            return [f"{self.name} = {context.name('time')}.monotonic() + {seconds}"]
        return [] if self.inline else [f"{self.name} = {seconds}"]

    def code(self, context: Context) -> str:
        """The time that a wait has."""
        if self.several:
            return f"max(0, {self.name} - {context.name('time')}.monotonic())"
        return source(self.limit.seconds, self.text) if self.inline else self.name


def rest_of(limit: Limit, several: bool, facts: Facts) -> Rest:
    """How the limit of a block is handed to its waits."""
    seconds = limit.seconds
    plain = isinstance(seconds, (ast.Constant, ast.Name)) or _is_dotted(seconds)
    root = ast.unparse(seconds).partition(".")[0]
    plain = plain and root not in _limit.stored_in(limit.block.body)
    name = facts.free_name("deadline" if several else "limit", limit.use.scope)
    return Rest(limit, several, name, plain and not several, facts.text)


def _is_dotted(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


@dataclass(frozen=True)
class Limited:
    """The call with its limit, by ``keyword`` or as its last argument."""

    keyword: str
    rest: Rest

    def __call__(self, node: cst.BaseExpression, context: Context) -> str:
        call = cst.ensure_type(node, cst.Call)
        rest = self.rest.code(context)
        rest = f"{self.keyword}={rest}" if self.keyword else rest
        if call.args and "\n" in context.code(call):
            return _below(call, rest, context)
        given = [
            f"{a.star}{f'{a.keyword.value}=' if a.keyword else ''}{context.value(a.value)}"
            for a in call.args
        ]
        return context.call(context.code(call.func), [*given, rest])


@dataclass(frozen=True)
class Prepared:
    """The call on what another one gives, which has the limit: ``x.prepare(timeout=3).call()``."""

    keyword: str
    rest: Rest

    def __call__(self, node: cst.BaseExpression, context: Context) -> str:
        call = cst.ensure_type(node, cst.Call)
        function = cst.ensure_type(call.func, cst.Attribute)
        owner = f"{context.code(function.value)}.prepare({self.keyword}={self.rest.code(context)})"
        new = function.with_changes(value=context.parse(owner))
        return context.code(call.with_changes(func=new))


def _below(call: cst.Call, argument: str, context: Context) -> str:
    """A call over several lines with one argument more, which goes where the last one ends."""
    last = call.args[-1]
    new = cst.ensure_type(context.parse(f"f({argument})"), cst.Call).args[0]
    comma = last.comma
    if isinstance(comma, cst.Comma):  # a trailing comma: every argument has a line to itself
        between = call.args[-2].comma if len(call.args) > 1 else comma
        end = last.whitespace_after_arg
        args = [
            *call.args[:-1],
            last.with_changes(comma=between if isinstance(between, cst.Comma) else comma),
            new.with_changes(comma=comma, whitespace_after_arg=end),
        ]
    else:
        end = last.whitespace_after_arg
        between = call.args[-2].comma if len(call.args) > 1 else cst.MaybeSentinel.DEFAULT
        joint = (
            between
            if isinstance(between, cst.Comma)
            else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        )
        args = [
            *call.args[:-1],
            last.with_changes(comma=joint, whitespace_after_arg=cst.SimpleWhitespace("")),
            new.with_changes(whitespace_after_arg=end),
        ]
    return context.code(call.with_changes(args=args))
