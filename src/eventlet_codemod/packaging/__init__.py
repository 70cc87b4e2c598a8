"""Requirements, settings and configuration: the files around the code that name eventlet.

`packaging_changes` is called once, when it is known what the run leaves of eventlet in Python and
what its rewrites import.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from eventlet_codemod.packaging.base import PackagingRule

if TYPE_CHECKING:
    from eventlet_codemod.config import Settings
    from eventlet_codemod.engine import FileChange

__all__ = ["PackagingRule", "claimed", "packaging_changes", "packaging_rules"]


@cache
def packaging_rules() -> tuple[PackagingRule, ...]:
    """Every rule of this family, by code."""
    found = []
    for info in pkgutil.iter_modules(__path__, __name__ + "."):
        rule = getattr(importlib.import_module(info.name), "rule", None)
        if isinstance(rule, PackagingRule):
            found.append(dataclasses.replace(rule, module=info.name))
    return tuple(sorted(found, key=lambda rule: rule.code))


def packaging_changes(
    root: Path,
    settings: Settings,
    *,
    left: str,
    needs: frozenset[str],
    done: Mapping[str, FileChange] | None = None,
    variable: str = "",
    served: bool = False,
    ended: str = "",
) -> list[FileChange]:
    """What becomes of the files that configure the project, by path.

    ``left`` names the first use of eventlet that stays in Python, "" where none does and eventlet
    may go; ``needs`` are the modules that the rewrites import and the standard library lacks.
    ``done`` holds what the run made of files already, by path: where a result is of one of them,
    it takes its place. ``variable`` is the environment variable of a dual mode that the run begins,
    ``ended`` that of one that it ends;
    ``served`` says that the project's helper serves in the place of eventlet's server. It writes
    nothing.
    """
    from eventlet_codemod.packaging.project import Packaging

    return Packaging(root, settings, left, needs, done or {}, variable, served, ended).changes()


def claimed(path: str, data: bytes) -> frozenset[str]:
    """The ids of findings that these rules make in a file of Python.

    Where `other-use` reports the same string, that is no use that stays: it waits for the others.
    """
    from eventlet_codemod.packaging.base import Context
    from eventlet_codemod.packaging.change import document, places_of, position
    from eventlet_codemod.source import SourceError

    rules = [rule for rule in packaging_rules() if rule.reads(path)]
    with contextlib.suppress(SourceError):
        text = document(path, data).text if rules else ""
        spans = [(place.start, place.end) for _, place in places_of(text, rules, Context(path))]
        starts = [(*position(text, start), position(text, end)[1]) for start, end in spans]
        return frozenset(f"{path}:{line}:{column}-{end}" for line, column, end in starts)
    return frozenset()
