"""Whether a Timeout of eventlet may end something: nothing native does."""

from __future__ import annotations

import ast

from eventlet_codemod.facts import HandleUse, Module, Use
from eventlet_codemod.rules.timeouts import _watchdog, _with_timeout
from eventlet_codemod.rules.timeouts._catching import LIMITS
from eventlet_codemod.rules.timeouts._limit import Limit, is_bare
from eventlet_codemod.rules.timeouts._promoted import promoted


def limited_by(deed: HandleUse) -> bool:
    """Whether a Timeout of eventlet is around a call, or runs in the same function."""
    around = {
        item.context_expr
        for parent in deed.parents
        if isinstance(parent, (ast.With, ast.AsyncWith))
        for item in parent.items
    }
    managers = {
        item.context_expr
        for node in ast.walk(deed.use.function or ast.Module([], []))
        if isinstance(node, (ast.With, ast.AsyncWith))
        for item in node.items
    }
    limits = [
        use
        for use in deed.module.names.uses
        if use.api.startswith("eventlet.timeout.")
        and use.call is not None
        and not _goes(use, deed.module)
    ]
    for use in limits:
        if use.call in around or use.call in deed.parents:
            return True
        alone = use.call not in managers and use.function is not None
        if alone and use.function in deed.parents and use.api in LIMITS:
            return True
    functions = {
        node.name
        for node in deed.parents
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    return any(not functions.isdisjoint(deed.module.called_under(use)) for use in limits)


def _goes(use: Use, module: Module) -> bool:
    """Whether a limit goes: into what it limits, for something native, or as there is none."""
    assert use.call is not None
    if use.api == _with_timeout.API:
        return not use.doubt and not isinstance(_with_timeout.read(use, module), str)
    if use.api not in LIMITS:
        return False
    if is_bare(use.call) or promoted(use, module) is not None:
        return True
    return _watchdog.read(use, module) is not None


def gathered_under(deed: HandleUse) -> Limit | None:
    """The Timeout under which the results of a pile are taken, where it is rewritten."""
    found = (
        promoted(use, deed.module)
        for use in deed.module.names.uses
        if use.api in LIMITS and use.call is not None
    )
    return next((p.limit for p in found if p and p.gather and p.gather.read is deed.node), None)


def takes_limit(deed: HandleUse) -> bool:
    """Whether a wait is given the limit of the Timeout around it, which goes."""
    found = (
        promoted(use, deed.module)
        for use in deed.module.names.uses
        if use.api in LIMITS and use.call is not None
    )
    return deed.call is not None and any(
        wait.call is deed.call
        for promotion in found
        if promotion is not None and promotion.primitives is not None
        for wait in promotion.primitives.waits
    )
