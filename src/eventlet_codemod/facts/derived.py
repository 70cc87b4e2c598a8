"""Classes of a project that derive from eventlet's Timeout: to name one of them is a use, too."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator

from eventlet_codemod.facts.api import OWN_TIMEOUT, TIMEOUT
from eventlet_codemod.facts.module import Module
from eventlet_codemod.facts.uses import class_deriving

_CLASS = re.compile(
    rb"(?m)^[ \t]*class[ \t]+\w+[ \t]*\([^)]*Timeout|Timeout(?:Error)?[ \t]+as[ \t]"
)


def may_derive(data: bytes) -> bool:
    """Whether a file that mentions eventlet may hold such a class."""
    return b"Timeout" in data and _CLASS.search(data) is not None


def timeout_classes(
    paths: list[str],
    parse: Callable[[str, Collection[str]], Module | None],
    deriving_from: Callable[[str], frozenset[str]],
) -> frozenset[str]:
    """The dotted names of the classes, beginning with those in some files.

    ``parse`` reads a file as one that knows the classes found so far; ``deriving_from`` names
    files with a class whose base may have a name.
    """
    found: set[str] = set()
    pending = list(paths)
    while pending:
        path = pending.pop()
        module = parse(path, found)
        for owner in _classes_in(module) if module is not None else ():
            name = f"{module.dotted}.{owner.name}"  # type: ignore[union-attr]
            if name not in found:
                found.add(name)
                pending += sorted(deriving_from(owner.name) - {path})
    return frozenset(found)


def _classes_in(module: Module) -> Iterator[ast.ClassDef]:
    for use in module.names.uses:
        owner = class_deriving(use) if use.api in (TIMEOUT, OWN_TIMEOUT) else None
        if owner is not None and use.scope.kind == "module":
            yield owner
