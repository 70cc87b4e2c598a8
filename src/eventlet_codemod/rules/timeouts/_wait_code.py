"""The code of waits that take the limit of the Timeout around them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
from eventlet_codemod.rules.timeouts import _catching, _clean_up, _waits
from eventlet_codemod.rules.timeouts._bounded import Bounded, is_translated
from eventlet_codemod.rules.timeouts._limit import Limit
from eventlet_codemod.rules.timeouts._raised import error_name, raised
from eventlet_codemod.rules.timeouts._rest import Limited, Rest, rest_of


def rewrite(limit: Limit, bounded: Bounded, facts: Facts) -> Rewrite:
    """The decision to hand a limit to the waits of its block."""
    code = _Code(
        limit, bounded, rest_of(limit, bounded.several, facts), error_name(limit, facts), facts.text
    )
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
    """What the new code consists of."""

    limit: Limit
    bounded: Bounded
    rest: Rest
    error: str
    text: str

    @property
    def translated(self) -> bool:
        """Whether another exception, or none, takes the place of what the wait raises."""
        return is_translated(self.limit)


def _edits(code: _Code) -> Iterator[Edit]:
    block, rest = code.limit.block, code.rest
    if isinstance(block, ast.Try):
        yield ReplaceStatement(code.limit.use.statement, lambda node, context: rest.above(context))
        yield from _clean_up.edits(code.limit)
    elif code.translated:
        yield Guard(block, lambda context: _clause(code, context), lambda n, c: rest.above(c))
    else:
        yield Fold(block, "body", lambda node, context: rest.above(context))
    for call, wait in code.bounded.waits:
        yield ReplaceExpression(call, Limited(wait.keyword, rest))


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
    return f"except {caught} as {code.error}:\n    raise {error_code} from {code.error}\n"


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
