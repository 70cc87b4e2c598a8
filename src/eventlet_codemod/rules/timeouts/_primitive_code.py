"""The code of waits on objects that take the limit of the Timeout around them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from eventlet_codemod.facts import Facts
from eventlet_codemod.facts.values import Sign, sign
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Condition,
    Edit,
    Fold,
    Guard,
    ReplaceExpression,
    ReplaceStatement,
    Rewrite,
)
from eventlet_codemod.rules.timeouts import _clean_up, _limit, _waits
from eventlet_codemod.rules.timeouts._limit import Limit
from eventlet_codemod.rules.timeouts._primitive import Primitives, Wait, names_of
from eventlet_codemod.rules.timeouts._raised import error_name, raised
from eventlet_codemod.rules.timeouts._rest import Limited, Rest, rest_of


def rewrite(limit: Limit, found: Primitives, with_object: str, facts: Facts) -> Rewrite:
    """The decision to hand a limit to the waits on objects in its block."""
    rest = rest_of(limit, found.several, facts)
    names = dict.fromkeys(f"`{ast.unparse(wait.call.func)}()`" for wait in found.waits)
    modules = [error.rpartition(".")[0] for error in found.errors]
    return Rewrite(
        message=f"{' and '.join(list(names)[:2])} takes the limit itself",
        why="natively only the wait can end itself; this one takes a limit",
        edits=tuple(_edits(limit, found, rest, facts)),
        checks=_checks(limit, found, facts),
        needs=tuple(dict.fromkeys([*(["time"] if found.several else []), *modules])),
        together=limit.together,
        with_object=with_object,
    )


def _edits(limit: Limit, found: Primitives, rest: Rest, facts: Facts) -> Iterator[Edit]:
    block, name = limit.block, error_name(limit, facts)
    if isinstance(block, ast.Try):
        yield ReplaceStatement(limit.use.statement, lambda node, context: rest.above(context))
        yield from _clean_up.edits(limit)
    elif limit.silent and found.errors:
        errors = found.errors
        yield Guard(
            block,
            lambda context: f"except {_caught(errors, context)}:\n    pass\n",
            lambda node, context: rest.above(context),
        )
    elif limit.silent and found.waits[0].statement is not block.body[-1]:
        yield Condition(block, lambda node, context: rest.above(context))
    else:
        yield Fold(block, "body", lambda node, context: rest.above(context))
    for wait in found.waits:
        keyword = "" if wait.kind == "select" else "timeout"
        yield ReplaceExpression(wait.call, Limited(keyword, rest))
        if not limit.silent:
            yield ReplaceStatement(wait.statement, _Told(wait, limit, name, facts.text))


@dataclass(frozen=True)
class _Told:
    """The statement of a wait, with what raises when it tells that the time is over."""

    wait: Wait
    limit: Limit
    name: str
    text: str

    def __call__(self, node: cst.BaseSmallStatement, context: Context) -> list[str]:
        error = raised(self.limit, self.text, context)
        code = context.code(node)
        if self.wait.error:
            inner = code.replace("\n", "\n    ")
            caught = _caught((self.wait.error,), context)
            ending = f"except {caught} as {self.name}:\n    raise {error} from {self.name}\n"
            return [f"try:\n    {inner}\n{ending}"]
        if self.wait.kind == "thread":
            alive = f"{ast.unparse(self.wait.on)}.is_alive()"
            return [code, f"if {alive}:\n    raise {error}\n"]
        if self.wait.kind == "select":
            assert isinstance(self.wait.statement, ast.Assign)
            names = names_of(self.wait.statement.targets[0])
            ready = f"any({names[0]})" if len(names) == 1 else f"({' or '.join(names)})"
            return [code, f"if not {ready}:\n    raise {error}\n"]
        if isinstance(node, cst.Assign):
            name = context.code(node.targets[0].target)
            return [code, f"if not {name}:\n    raise {error}\n"]
        return [f"if not {code}:\n    raise {error}\n"]


def _caught(errors: tuple[str, ...], context: Context) -> str:
    names = []
    for error in errors:
        module, _, name = error.rpartition(".")
        names.append(f"{context.name(module)}.{name}")
    return names[0] if len(names) == 1 else f"({', '.join(names)})"


# --- the questions -----------------------------------------------------------------------------


def _checks(limit: Limit, found: Primitives, facts: Facts) -> dict[str, str]:
    checks = _waits.question(
        limit.block.body, limit.use, facts, [wait.call for wait in found.waits]
    )
    checks |= _number(limit, found, facts)
    if limit.raises_itself:
        checks |= _limit.question(limit, facts)
    elif limit.silent and found.errors and "C-KILL" in checks:
        checks["C-CATCH"] = (
            f"can anything else in the block raise `{found.errors[0]}`? It ends the block silently "
            "now"
        )
    futures = [wait for wait in found.waits if wait.kind == "future"]
    if futures:
        text = ast.unparse(futures[0].on)
        asked = (
            f"can `{text}` carry a TimeoutError, of its work or one that was sent? It is taken for "
            "the end of the limit now"
        )
        more = checks.get("C-CATCH", "")
        checks["C-CATCH"] = f"{asked}. {more[0].upper()}{more[1:]}" if more else asked
    return checks


def _number(limit: Limit, found: Primitives, facts: Facts) -> dict[str, str]:
    """What a Timeout took as its limit and a wait does not: None, and less than nothing."""
    seconds = limit.seconds
    if isinstance(seconds, ast.Constant):
        return {}
    text = ast.unparse(seconds)
    known = sign(seconds, limit.use, facts)
    if known in (Sign.POSITIVE, Sign.ZERO, Sign.NOT_NEGATIVE):
        return {}
    if found.several:
        number = isinstance(seconds, ast.BinOp)
        return {} if number else {"C-TYPE": f"can `{text}` be None? It meant no limit"}
    kinds = {wait.kind for wait in found.waits}
    if kinds & {"lock", "green lock"}:
        return {
            "C-TYPE": f"can `{text}` be None or negative? The first meant no limit and may be a "
            "TypeError, -1 ended the wait at once and means for ever"
        }
    if kinds & {"queue", "select"}:
        return {
            "C-TYPE": f"can `{text}` be negative? It ended the wait at once, and is a ValueError"
        }
    return {}
