"""Pools that a WSGI server gets, of which the server that takes its place only asks the size."""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Handle, HandleUse, Project
from eventlet_codemod.rules import family_is_selected
from eventlet_codemod.rules.locations import where
from eventlet_codemod.rules.servers import _serving

#: What tells of the connections as well, as long as they run in the pool.
_TELLS = frozenset({"running", "free", "waiting", "resize"})


def served(pool: Handle, settings: Settings) -> list[HandleUse]:
    """The places where a server that goes in this run, too, gets a pool as its ``custom_pool``."""
    if settings.steps is not None and 2 not in settings.steps:
        return []
    if settings.safe_only:
        return []  # a pool must not change alone
    return [deed for deed in pool.escapes if _goes(deed, settings)]


def _goes(deed: HandleUse, settings: Settings) -> bool:
    keyword, call = deed.parents[-1], deed.parents[-2]
    if not isinstance(keyword, ast.keyword) or keyword.arg != "custom_pool":
        return False
    use = deed.module.use_of_call.get(call)
    return (
        use is not None
        and use.api == _serving.API
        and not _serving.objection_to(use, settings)
        and "eventlet-codemod:" not in deed.module.text
        and family_is_selected("pools", deed.module.path, settings)
        and family_is_selected("servers", deed.module.path, settings)
    )


def objection_to(pool: Handle) -> str:
    """Why the connections must stay in a pool that a server gets."""
    for deed in pool.uses:
        if deed.attribute in _TELLS:
            return f"{deed.attribute}() on {where(deed, pool)} is about the connections as well"
    return ""


def waits(project: Project) -> str:
    """Why a server does not go yet, and its pool with it."""
    return project.blocked.get(2, "") or project.unbridged.get("socket", "")
