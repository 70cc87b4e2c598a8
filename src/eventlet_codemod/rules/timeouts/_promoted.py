"""Which Timeouts are rewritten, for what stands around them and in them."""

from __future__ import annotations

from eventlet_codemod.facts import Module, Use
from eventlet_codemod.rules.timeouts import _limit, _loop
from eventlet_codemod.rules.timeouts._catching import Swallowed
from eventlet_codemod.rules.timeouts._limit import Limit, NoLimit


def promoted(use: Use, module: Module) -> Limit | None:
    """The limit that the creation of a Timeout stands for, where a rule rewrites it."""
    if use.kind != "reference" or use.call is None or use.doubt:
        return None
    try:
        limit = _limit.limit_of(use, module)
        _loop.pauses_of(limit, module)
    except (NoLimit, _loop.NoLoop, Swallowed):
        return None
    return limit
