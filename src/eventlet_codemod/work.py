"""A run over one project from its settings on, with the stages of codemods: what commands share.

root, paths -> Scope -> discovery -> run, with stages around it -> Work
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from eventlet_codemod.around import is_mentioned_around
from eventlet_codemod.config import ConfigError, detect_line_length
from eventlet_codemod.discovery import Discovered, discover, holding, project_files
from eventlet_codemod.ledger import Clock, Ledger

if TYPE_CHECKING:
    from eventlet_codemod.config import Settings
    from eventlet_codemod.engine import FileChange
    from eventlet_codemod.remembered import Memory
    from eventlet_codemod.run import Progress, Result


@dataclass(frozen=True, slots=True)
class Scope:
    """Where in a project a run works: at ``paths``, and there at the files of ``only`` if given.

    ``only`` holds paths relative to the ``root``.
    """

    root: Path
    paths: tuple[str, ...]
    only: frozenset[str] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is every file of the project."""
        return self.only is None and any(Path(p).resolve() == self.root for p in self.paths)

    def files(
        self, settings: Settings, wanted: Callable[[bytes], bool] | None = None
    ) -> Discovered:
        """The files in it that mention eventlet, or whose bytes are ``wanted``."""
        only = set(self.only) if self.only is not None else None
        return discover(self.root, self.paths, settings, only=only, wanted=wanted)


@dataclass(frozen=True, slots=True)
class Work:
    """A run that is done, and what it was done on and with; no ``scope`` where that was stdin."""

    root: Path
    ledger: Ledger
    changes: tuple[FileChange, ...]
    settings: Settings
    scope: Scope | None = None
    found: Discovered | None = None

    def again(
        self,
        codes: Sequence[str],
        *,
        jobs: int,
        memory: Memory,
        progress: Progress | None = None,
    ) -> Work:
        """The same run with only some rules (codes)."""
        assert self.scope is not None and self.found is not None
        settings = replace(self.settings, select=tuple(codes))
        return run_in(self.scope, settings, self.found, jobs=jobs, progress=progress, memory=memory)


def run_in(
    scope: Scope,
    settings: Settings,
    found: Discovered,
    *,
    jobs: int = 1,
    progress: Progress | None = None,
    memory: Memory | None = None,
) -> Work:
    """Run the rules, and the codemods that are installed, over what was ``found`` in a scope.

    ``memory`` holds what earlier runs of this process made of the same files.
    """
    root, whole = scope.root, scope.is_whole
    staged = bool(settings.codemods) and has_stages()
    if not staged and not found.files and not (whole and is_mentioned_around(root, settings)):
        # the engine need not even be imported
        ledger = Clock().ledger(
            str(root), settings.as_dict(), found.failed, files_seen=found.seen, files_parsed=0
        )
        return Work(root, ledger, (), settings, scope, found)
    from eventlet_codemod.run import run

    def run_rules(place: Path, files: Sequence[str]) -> Result:
        return run(
            place,
            files,
            settings,
            jobs=jobs,
            files_seen=found.seen,
            unreadable=found.failed,
            progress=progress,
            whole_project=whole,
            covers=_Covered(scope, place, settings),
            memory=memory,
        )

    result = (
        _in_stages(scope, settings, found, run_rules, jobs, memory)
        if staged
        else run_rules(root, found.files)
    )
    return Work(root, result.ledger, result.changes, settings, scope, found)


def has_stages() -> bool:
    """Whether a codemod that is installed works on whole files."""
    from eventlet_codemod.codemods.installed import installed

    return any(codemod.make_stage is not None for codemod in installed())


def _in_stages(
    scope: Scope,
    settings: Settings,
    found: Discovered,
    run_rules: Callable[[Path, Sequence[str]], Result],
    jobs: int,
    memory: Memory | None,
) -> Result:
    """Run the stages of codemods and, between them, the engine."""
    from eventlet_codemod import pipeline

    def search(words: tuple[str, ...]) -> Sequence[str]:
        return scope.files(settings, holding(words)).files

    return pipeline.run(
        scope.root,
        found.files,
        settings,
        search=search,
        run_rules=run_rules,
        jobs=jobs,
        memory=memory,
    )


class _Covered:
    """Whether a file that mentions no eventlet lies where the run was asked to work."""

    def __init__(self, scope: Scope, root: Path, settings: Settings) -> None:
        """``root`` is that of the scope, or a copy of it."""
        self._asked = scope.root.resolve()
        self._narrowed = scope.only is not None
        self._places = [Path(path).resolve() for path in scope.paths]
        self._root, self._settings = root, settings

    @functools.cached_property
    def _files(self) -> frozenset[str]:
        return frozenset(project_files(self._root, self._settings))

    def __call__(self, path: str) -> bool:
        if self._narrowed or path not in self._files:
            return False
        full = self._asked / path
        return any(full == place or place in full.parents for place in self._places)


def cores() -> int:
    """How many processes can run at once, where the system can tell what this one may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# --- settings that need the project, or codemods ---------------------------------------------


def completed(
    settings: Settings, root: Path, *, given: Collection[str] = (), allowed: bool = False
) -> Settings:
    """Settings with the codemods loaded that they name, checked against the rules there are.

    ``given`` are codemods that the user named; those in Python that only the project names are not
    run unless ``allowed``. Raises CodemodError, ConfigError, UnknownRule.
    """
    settings = _with_codemods(settings, root, given, allowed)
    _check_selectors(settings)
    if settings.line_length is None:
        settings = replace(settings, line_length=detect_line_length(root))
    return settings


def _with_codemods(
    settings: Settings, root: Path, given: Collection[str], allowed: bool
) -> Settings:
    if not settings.codemods:
        if "eventlet_codemod.codemods.installed" in sys.modules:
            from eventlet_codemod.codemods.installed import install

            install(())
        return settings
    from eventlet_codemod.codemods.installed import choose, facts_of, installed
    from eventlet_codemod.codemods.loading import needs_permission

    once: dict[str, str] = {}
    for spec in settings.codemods:
        once.setdefault(_spelled(spec), spec)
    settings = replace(settings, codemods=tuple(once.values()))
    named = set(map(_spelled, given))
    for spec in settings.codemods:
        if _spelled(spec) not in named and needs_permission(spec) and not allowed:
            raise ConfigError(
                f"{spec} is a program that the configuration of {root} asks to run; "
                "--allow-codemods runs it, --isolated does without"
            )
    choose(settings.codemods, root)
    own = tuple(f"/{spec}" for spec in settings.codemods if (root / spec).is_file())
    return replace(  # the codemods themselves name what they are about
        settings,
        declared=facts_of(installed()),
        extend_exclude=(*settings.extend_exclude, *own),
    )


def _spelled(spec: str) -> str:
    """One spelling for a codemod that two places name, each in its way."""
    if spec.endswith((".py", ".toml")):
        return os.path.normpath(spec).replace(os.sep, "/")
    return spec if ":" in spec else spec.replace("_", "-")


def check_modules(root: Path, settings: Settings) -> None:
    """Raise ConfigError where a module to write would have no package to stand in."""
    given = {"helpers": settings.helpers, "monkey-patch-module": settings.monkey_patch_module}
    for key, module in given.items():
        package = (module or "").rpartition(".")[0].replace(".", "/")
        if package and not any((base / package).is_dir() for base in (root, root / "src")):
            raise ConfigError(
                f"{key}: {module} has no place, since there is no package {package} here"
            )


def _check_selectors(settings: Settings) -> None:
    if not (settings.select or settings.ignore or settings.per_file_ignores):
        return
    from eventlet_codemod.rules import UnknownRule, expand

    chosen: dict[str, Iterable[str]] = {"select": settings.select, "ignore": settings.ignore}
    ignored = tuple(item for items in settings.per_file_ignores.values() for item in items)
    for key, selectors in {**chosen, "per-file-ignores": ignored}.items():
        try:
            expand(selectors)
        except UnknownRule as error:
            origin = settings.origins.get(key, "")
            place = f"--{key}" if origin == "command line" else f"{origin}: {key}"
            raise UnknownRule(f"{place}: {error}") from None
