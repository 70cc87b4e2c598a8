"""Imports and requests as values, and what imports bind."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Import:
    """What to bind: ``import module [as alias]`` or ``from module import name [as alias]``."""

    module: str
    name: str | None = None
    alias: str | None = None

    @property
    def root(self) -> str:
        """The top-level package; nothing for a relative import."""
        return self.module.partition(".")[0]

    @property
    def local(self) -> str:
        """The name that it binds."""
        return self.alias or self.name or self.root

    @property
    def path(self) -> str:
        """The full dotted path that is imported."""
        if self.name is None:
            return self.module
        return self.module + ("" if self.module.endswith(".") else ".") + self.name

    @property
    def bound_to(self) -> str:
        """The dotted path that the bound name stands for: ``a`` for ``import a.b``."""
        return self.path if self.name or self.alias else self.root


def statement_text(imports: Sequence[Import]) -> str:
    """One statement for ``imports``, which are names of one module if they are several."""
    names = ", ".join(map(name_text, imports))
    return f"from {imports[0].module} import {names}" if imports[0].name else f"import {names}"


def name_text(new: Import) -> str:
    """The import as it stands in its statement's list of names."""
    name = new.name or new.module
    return name if new.alias in (None, name) else f"{name} as {new.alias}"


@dataclass(frozen=True, slots=True)
class Target:
    """One name of one import statement; both count from 0.

    ``statement`` counts all import statements of the file in source order, however nested.
    """

    statement: int
    alias: int


@dataclass(frozen=True, slots=True)
class Add:
    """Bind ``new`` at module level, unless it is bound there already."""

    new: Import


@dataclass(frozen=True, slots=True)
class Drop:
    """Take the name out of its statement, and the statement out when no name is left."""

    target: Target


@dataclass(frozen=True, slots=True)
class Replace:
    """Drop and add at module level; in place anywhere else, unless it is ``lifted`` to the top."""

    target: Target
    new: Import
    lifted: bool = False


@dataclass(frozen=True, slots=True)
class FoldTry:
    """Put the ``except ImportError`` body in the place of the ``try`` that holds the statement."""

    statement: int


Request: TypeAlias = Add | Drop | Replace | FoldTry


class ImportPlanError(Exception):
    """A request that cannot be carried out safely; ``line`` counts from 1."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


class Bindings:
    """What unconditional imports at one level bind."""

    def __init__(self, imports: Iterable[Import] = ()) -> None:
        self._paths: dict[str, set[str]] = {}
        self._loaded: set[str] = set()
        for new in imports:
            self.add(new)

    def add(self, new: Import) -> bool:
        """Whether ``new`` binds something that was not bound before."""
        if new in self:
            return False
        self._paths.setdefault(new.local, set()).add(new.bound_to)
        if not new.name and not new.alias:
            parts = new.module.split(".")
            self._loaded.update(accumulate(parts, lambda left, right: f"{left}.{right}"))
        return True

    def __contains__(self, new: Import) -> bool:
        if not new.name and not new.alias and "." in new.module:
            return new.module in self._loaded
        return new.bound_to in self._paths.get(new.local, ())

    def clashes(self, new: Import) -> bool:
        """Whether its name is bound to something else."""
        paths = self._paths.get(new.local)
        return paths is not None and new.bound_to not in paths
