"""The code of waits that take the limit of the Timeout around them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eventlet_codemod.facts import Facts
from eventlet_codemod.facts.values import Sign, sign
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
from eventlet_codemod.rules.timeouts._bounded import Bounded, is_translated
from eventlet_codemod.rules.timeouts._limit import Limit
from eventlet_codemod.rules.timeouts._raised import error_name, raised
from eventlet_codemod.rules.timeouts._rest import Limited, Prepared, Rest, rest_of
from eventlet_codemod.rules.timeouts._waits import inside


def rewrite(limit: Limit, bounded: Bounded, facts: Facts) -> Rewrite:
    """The decision to hand a limit to the waits of its block."""
    code = _Code(
        limit, bounded, rest_of(limit, bounded.several, facts), error_name(limit, facts), facts.text
    )
    names = " and ".join(f"`{ast.unparse(call.func)}()`" for call, _ in bounded.waits[:2])
    errors = (*bounded.errors, *bounded.wraps)
    modules = [error.rpartition(".")[0] for error in errors] if code.translated else []
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
    """What the new code consists of."""

    limit: Limit
    bounded: Bounded
    rest: Rest
    error: str
    text: str

    @property
    def translated(self) -> bool:
        """Whether another exception, or none, takes the place of what the wait raises."""
        return is_translated(self.limit, self.bounded)

    def above(self, context: Context) -> list[str]:
        """The lines above the block."""
        told = [f"{name}.settimeout({self.rest.code(context)})" for name in self.bounded.sockets]
        return [*self.rest.above(context), *told]


def _edits(code: _Code) -> Iterator[Edit]:
    block, rest = code.limit.block, code.rest
    if isinstance(block, ast.Try):
        yield ReplaceStatement(code.limit.use.statement, lambda node, context: code.above(context))
        yield from _clean_up.edits(code.limit)
    elif code.translated:
        yield Guard(block, lambda context: _clause(code, context), lambda n, c: code.above(c))
    else:
        yield Fold(block, "body", lambda node, context: code.above(context))
    for call, wait in code.bounded.waits:
        if wait.prepared:
            yield ReplaceExpression(call, Prepared(wait.keyword, rest))
        elif not wait.socket:
            yield ReplaceExpression(call, Limited(wait.keyword, rest))


def _clause(code: _Code, context: Context) -> str:
    """The except clause that turns the exception of the waits into what the Timeout raised."""
    names = []
    for error in (*code.bounded.errors, *code.bounded.wraps):
        module, _, name = error.rpartition(".")
        names.append(f"{context.name(module)}.{name}" if module else name)
    caught = names[0] if len(names) == 1 else f"({', '.join(names)})"
    error = code.error
    other = (
        f'    if not isinstance(getattr({error}, "reason", {error}), {names[0]}):\n        raise\n'
        if code.bounded.wraps
        else ""
    )
    if code.limit.silent:
        named, rest = (f" as {error}", other) if other else ("", "    pass\n")
        return f"except {caught}{named}:\n{rest}"
    error_code = raised(code.limit, code.text, context)
    return f"except {caught} as {error}:\n{other}    raise {error_code} from {error}\n"


def _number(limit: Limit, facts: Facts) -> dict[str, str]:
    """What a Timeout took as its limit, and a socket takes for something else."""
    if isinstance(limit.seconds, ast.Constant):
        return {}
    if sign(limit.seconds, limit.use, facts) is Sign.POSITIVE:
        return {}
    text = ast.unparse(limit.seconds)
    return {
        "C-TYPE": f"can `{text}` be 0 or negative? It ended the wait at once; a socket does not "
        "wait then, or refuses it"
    }


def _checks(limit: Limit, bounded: Bounded, facts: Facts) -> dict[str, str]:
    known: Sequence[ast.AST] = [call for call, _ in bounded.waits]
    checks = _waits.question(limit.block.body, limit.use, facts, known)
    pieces = [ast.unparse(call.func) for call, wait in bounded.waits if wait.in_pieces]
    if pieces:
        checks["C-SOCK"] = (
            f"the limit of `{pieces[0]}()` is for each wait on the socket, no longer for the whole "
            "call: can the other side keep it alive bit by bit?"
        )
        if bounded.wraps:
            checks["C-SOCK"] += " It also holds for what is read of the answer later"
        checks |= _number(limit, facts)
    if any(wait.prepared for _, wait in bounded.waits):
        checks["C-VERSION"] = (
            "`rpc_response_timeout` ended such a call before, with the same exception, where it is "
            "shorter: may it last longer now?"
        )
    new = [ast.unparse(call.func) for call, wait in bounded.waits if wait.is_new]
    if new:
        checks["C-VERSION"] = f"does the library's `{new[0]}()` know the limit, wherever this runs?"
    shown = " and ".join(f"`{error}`" for error in bounded.errors)
    if limit.raises_itself:
        flies = limit.catcher is None or bool(bounded.wraps)
        checks |= _limit.question(limit, facts, "`TimeoutError`" if flies else shown)
    if (taker := _first_that_may_take(limit, bounded)) is not None:
        asked = (
            f"can the clause on line {taker.lineno}, inside the block, take {shown}? It let the "
            "Timeout through"
        )
        checks["C-CATCH"] = f"{asked}. {checks['C-CATCH']}" if "C-CATCH" in checks else asked
    return checks


def _first_that_may_take(limit: Limit, bounded: Bounded) -> ast.ExceptHandler | None:
    """A clause in the block, around a wait, whose classes are not known."""
    waits = [call for call, _ in bounded.waits]
    for node, parents in inside(limit.block.body):
        for block, _ in _catching.blocks(parents, node) if node in waits else ():
            for handler in block.handlers if isinstance(block, ast.Try) else ():
                if _catching.may_take(handler):
                    return handler
    return None
