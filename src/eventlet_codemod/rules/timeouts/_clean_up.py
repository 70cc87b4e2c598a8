"""What goes with a Timeout that a finally clause cancelled: the clause, and tests of identity."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod.rules.base import DropFinally, Edit, Fold, ReplaceStatement
from eventlet_codemod.rules.timeouts import _limit
from eventlet_codemod.rules.timeouts._limit import Limit


def edits(limit: Limit) -> Iterator[Edit]:
    """The edits that take away ``t.cancel()`` and ``if e is t``."""
    cancel = _limit.cancel_of(limit)
    if cancel is not None:
        assert isinstance(limit.block, ast.Try)
        if len(limit.block.finalbody) > 1:
            yield ReplaceStatement(cancel, lambda node, context: ())
        elif limit.block.handlers:
            yield DropFinally(limit.block)
        else:
            yield Fold(limit.block, "body")
    for test, is_it in _limit.identity_tests(limit):
        yield Fold(test, "body" if is_it else "orelse")
