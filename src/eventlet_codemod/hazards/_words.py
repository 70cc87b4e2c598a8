"""How hazards tell their evidence."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from eventlet_codemod.facts.module import Module
from eventlet_codemod.facts.starts import Start
from eventlet_codemod.hazards._shared import Place

_SHOWN = 3


def started(starts: Iterable[Start]) -> Iterator[tuple[Module, ast.AST, str]]:
    """Where threads are started, and with what."""
    return ((start.module, start.node, start.what) for start in starts)


def lines_of(places: Iterable[Place], deed: str) -> Iterator[tuple[Module, ast.AST, str]]:
    """Places at which functions do something to what they share."""
    for place in sorted(places, key=lambda item: (item.function.module.path, item.line)):
        yield place.function.module, place.node, f"{place.name} {deed} `{place.key}`"


def listed(words: Iterable[str]) -> str:
    """Some words, of many only the first."""
    items = list(words)
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return ", ".join(items[:_SHOWN]) + more
