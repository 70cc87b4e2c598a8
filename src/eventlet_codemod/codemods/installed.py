"""The codemods that this process runs with.

Rules of codemods take their place in the registry of rules, so what is installed holds for the
process. `eventlet_codemod.cli` chooses what the user asked for; the worker of a pool that was not
forked does so by `ensure`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from eventlet_codemod import rules
from eventlet_codemod.codemods.base import Codemod, CodemodError
from eventlet_codemod.codemods.loading import load_codemod
from eventlet_codemod.declared import Declared, merged

_installed: tuple[Codemod, ...] = ()
_root: Path | None = None


def installed() -> tuple[Codemod, ...]:
    """What is installed, in the order in which it was asked for."""
    return _installed


def install(codemods: Sequence[Codemod], root: Path | None = None) -> None:
    """Run with these from now on. Raises CodemodError where two have one name or code.

    ``root`` is the project that their files were named in.
    """
    global _installed, _root
    _check_names(codemods)
    facts_of(codemods)
    rules.extend([rule for codemod in codemods for rule in codemod.rules])
    _installed, _root = tuple(codemods), root


def ensure(specs: Sequence[str], root: Path | None) -> None:
    """Run with the codemods that ``specs`` name, in a process that has none."""
    if not _installed:
        choose(specs, root)


def choose(specs: Sequence[str], root: Path | None) -> None:
    """Run with the codemods that ``specs`` name in the project at ``root``. Raises CodemodError."""
    known = tuple(codemod.spec for codemod in _installed)
    if (known, _root) != (tuple(specs), root):
        install([load_codemod(spec, root) for spec in specs], root)


@contextlib.contextmanager
def using(*codemods: Codemod) -> Iterator[None]:
    """Run with these for the time of a block: for tests."""
    before = _installed, _root
    install(codemods)
    try:
        yield
    finally:
        install(*before)


def facts_of(codemods: Sequence[Codemod]) -> Declared:
    """What they declare, all together. Raises CodemodError where they contradict each other."""
    try:
        return merged({codemod.name: codemod.declared for codemod in codemods})
    except ValueError as error:
        raise CodemodError(str(error)) from error


def _check_names(codemods: Sequence[Codemod]) -> None:
    named: dict[str, str] = {}
    taken: dict[str, str] = {}
    for rule in rules.built_in():
        taken[rule.code] = taken[rule.name] = "a built-in rule"
    for codemod in codemods:
        if codemod.name in named:
            raise CodemodError(
                f"two codemods are called {codemod.name}: {named[codemod.name]} and {codemod.spec}"
            )
        named[codemod.name] = codemod.spec
        for rule in codemod.rules:
            for word in (rule.code, rule.name):
                if word in taken:
                    raise CodemodError(f"{word} is also {taken[word]}", codemod.spec)
                taken[word] = f"in {codemod.spec}"
