"""The code of waits that take the limit of the Timeout around them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from eventlet_codemod.facts import Facts
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Edit,
    Fold,
    Guard,
    ReplaceExpression,
    ReplaceStatement,
    Rewrite,
)
from eventlet_codemod.rules.timeouts import _catching, _clean_up, _limit, _waits
from eventlet_codemod.rules.timeouts._bounded import Bounded, Wait, is_translated
from eventlet_codemod.rules.timeouts._limit import Limit
from eventlet_codemod.rules.timeouts._raised import raised, source


def rewrite(limit: Limit, bounded: Bounded, facts: Facts) -> Rewrite:
    """The decision to hand a limit to the waits of its block."""
    code = _Code(limit, bounded, *_named(limit, bounded, facts), facts.text)
    names = " and ".join(f"`{ast.unparse(call.func)}()`" for call, _ in bounded.waits[:2])
    modules = [error.rpartition(".")[0] for error in bounded.errors] if code.translated else []
    return Rewrite(
        message=f"{names} takes the limit itself",
        why="natively only the wait can end itself; this one takes a limit",
        edits=tuple(_edits(code)),
        checks=_checks(limit, bounded, facts),
        needs=tuple(
            dict.fromkeys([*(["time"] if bounded.several else []), *filter(None, modules)])
        ),
        together=limit.together,
    )


@dataclass(frozen=True, slots=True)
class _Code:
    """What the new code consists of: ``above`` the block a line, in it the ``rest`` of the time."""

    limit: Limit
    bounded: Bounded
    name: str
    inline: bool
    text: str

    @property
    def translated(self) -> bool:
        """Whether another exception, or none, takes the place of what the wait raises."""
        return is_translated(self.limit)

    def above(self, context: Context) -> list[str]:
        """The lines that set the deadline, or name the limit."""
        seconds = source(self.limit.seconds, self.text)
        if self.bounded.several:
            if isinstance(self.limit.seconds, (ast.IfExp, ast.BoolOp, ast.Compare, ast.Lambda)):
                seconds = f"({seconds})"
            return [f"{self.name} = {context.name('time')}.monotonic() + {seconds}"]
        return [] if self.inline else [f"{self.name} = {seconds}"]

    def rest(self, context: Context) -> str:
        """The time that a wait has."""
        if self.bounded.several:
            return f"max(0, {self.name} - {context.name('time')}.monotonic())"
        return source(self.limit.seconds, self.text) if self.inline else self.name


def _named(limit: Limit, bounded: Bounded, facts: Facts) -> tuple[str, bool]:
    seconds = limit.seconds
    plain = isinstance(seconds, (ast.Constant, ast.Name)) or _is_dotted(seconds)
    root = ast.unparse(seconds).partition(".")[0]
    plain = plain and root not in _limit.stored_in(limit.block.body)
    wanted = "deadline" if bounded.several else "limit"
    return facts.free_name(wanted, limit.use.scope), plain and not bounded.several


def _is_dotted(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _edits(code: _Code) -> Iterator[Edit]:
    block = code.limit.block
    if isinstance(block, ast.Try):
        yield ReplaceStatement(code.limit.use.statement, lambda node, context: code.above(context))
        yield from _clean_up.edits(code.limit)
    elif code.translated:
        yield Guard(block, lambda context: _clause(code, context), lambda n, c: code.above(c))
    else:
        yield Fold(block, "body", lambda node, context: code.above(context))
    for call, wait in code.bounded.waits:
        yield ReplaceExpression(call, _Limited(wait, code))


@dataclass(frozen=True)
class _Limited:
    """The call with its limit."""

    wait: Wait
    code: _Code

    def __call__(self, node: cst.BaseExpression, context: Context) -> str:
        call = cst.ensure_type(node, cst.Call)
        rest = self.code.rest(context)
        if call.args and "\n" in context.code(call):
            return _below(call, f"{self.wait.keyword}={rest}", context)
        given = [
            f"{a.star}{f'{a.keyword.value}=' if a.keyword else ''}{context.value(a.value)}"
            for a in call.args
        ]
        return context.call(context.code(call.func), [*given, f"{self.wait.keyword}={rest}"])


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


def _clause(code: _Code, context: Context) -> str:
    """The except clause that turns the exception of the waits into what the Timeout raised."""
    names = []
    for error in code.bounded.errors:
        module, _, name = error.rpartition(".")
        names.append(f"{context.name(module)}.{name}" if module else name)
    caught = names[0] if len(names) == 1 else f"({', '.join(names)})"
    if code.limit.silent:
        return f"except {caught}:\n    pass\n"
    error_code = raised(code.limit, code.text, context)
    return f"except {caught} as error:\n    raise {error_code} from error\n"


def _checks(limit: Limit, bounded: Bounded, facts: Facts) -> dict[str, str]:
    known: Sequence[ast.AST] = [call for call, _ in bounded.waits]
    checks = _waits.question(limit.block.body, limit.use, facts, known)
    pieces = [ast.unparse(call.func) for call, wait in bounded.waits if wait.in_pieces]
    if pieces:
        checks["C-SOCK"] = (
            f"the limit of `{pieces[0]}()` is for each wait on the socket, no longer for the whole "
            "call: can the other side keep it alive bit by bit?"
        )
    new = [ast.unparse(call.func) for call, wait in bounded.waits if wait.is_new]
    if new:
        checks["C-VERSION"] = f"does the library's `{new[0]}()` know the limit, wherever this runs?"
    if not limit.raises_itself:
        return checks
    shown = " and ".join(f"`{error}`" for error in bounded.errors)
    flies = limit.catcher is None
    return checks | _catching.question(limit.catcher, shown="`TimeoutError`" if flies else shown)
