"""From options to a run: root, settings, files, engine."""

from __future__ import annotations

import functools
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eventlet_codemod.around import is_mentioned_around
from eventlet_codemod.cli.outcome import check_outputs
from eventlet_codemod.cli.terminal import Progress, read_in, write_out
from eventlet_codemod.config import (
    ConfigError,
    detect_line_length,
    explain,
    load,
    parse_overrides,
)
from eventlet_codemod.discovery import (
    Discovered,
    DiscoveryError,
    discover,
    files_changed_since,
    find_root,
    holding,
    mentions_eventlet,
    parse_file_list,
    project_files,
)
from eventlet_codemod.ledger import Clock, FileEntry, Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from eventlet_codemod.cli.options import Options
    from eventlet_codemod.config import Settings
    from eventlet_codemod.engine import FileChange
    from eventlet_codemod.remembered import Memory

#: What a source from stdin is called when nobody says.
STDIN_NAME = "stdin.py"


@dataclass(frozen=True, slots=True)
class Work:
    """A run that is done, and what it was done on."""

    root: Path
    ledger: Ledger
    changes: tuple[FileChange, ...]


def work(options: Options, memory: Memory | None = None) -> Work | None:
    """Run the engine as the options say; None when they only ask what it would run on.

    ``memory`` holds what earlier runs of this process made of the same files.
    """
    check_outputs(options)
    if options.stdin:
        root, path = _stdin_place(options)
        settings = load_settings(options, root or find_root("."))
        if options.show_settings or options.show_files:
            _show(settings if options.show_settings else (path,))
            return None
        return _work_on_stdin(root, path, settings)
    root = common_root(options.paths)
    settings = load_settings(options, root)
    if options.show_settings:
        _show(settings)
        return None
    _check_modules(root, settings)
    found = _discover(options, root, settings)
    if options.show_files:
        _show(found.files)
        return None
    if found.note:
        options.people.tell(f"note: {found.note}")
    whole = _is_whole(options, root)
    if settings.codemods and _has_stages():
        return _work_in_stages(options, root, settings, found, whole, memory)
    if not found.files and not (whole and is_mentioned_around(root, settings)):
        # the engine need not even be imported
        ledger = Clock().ledger(
            str(root), settings.as_dict(), found.failed, files_seen=found.seen, files_parsed=0
        )
        return Work(root, ledger, ())
    from eventlet_codemod.run import run

    with Progress(options.people) as progress:
        result = run(
            root,
            found.files,
            settings,
            jobs=options.jobs or _cores(),
            files_seen=found.seen,
            unreadable=found.failed,
            progress=progress,
            whole_project=whole,
            covers=_Covered(options, root, settings),
            memory=memory,
        )
    return Work(root, result.ledger, result.changes)


def _has_stages() -> bool:
    from eventlet_codemod.codemods.installed import installed

    return any(codemod.make_stage is not None for codemod in installed())


def _work_in_stages(
    options: Options,
    root: Path,
    settings: Settings,
    found: Discovered,
    whole: bool,
    memory: Memory | None,
) -> Work:
    """Run the stages of codemods and, between them, the engine."""
    from eventlet_codemod import pipeline
    from eventlet_codemod.run import Result, run

    jobs = options.jobs or _cores()
    with Progress(options.people) as progress:

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
                covers=_Covered(options, place, settings, root),
                memory=memory,
            )

        def search(words: tuple[str, ...]) -> Sequence[str]:
            return _discover(options, root, settings, holding(words)).files

        result = pipeline.run(
            root,
            found.files,
            settings,
            search=search,
            run_rules=run_rules,
            jobs=jobs,
            memory=memory,
        )
    return Work(root, result.ledger, result.changes)


def _is_whole(options: Options, root: Path) -> bool:
    """Whether the run covers every file of the project."""
    narrowed = options.files_from or options.changed_since
    return not narrowed and any(Path(path).resolve() == root for path in options.paths)


class _Covered:
    """Whether a file that mentions no eventlet lies where the run was asked to work."""

    def __init__(
        self, options: Options, root: Path, settings: Settings, asked: Path | None = None
    ) -> None:
        """``asked`` is the project that the paths are in, where ``root`` is a copy of it."""
        self._asked = (asked or root).resolve()
        self._narrowed = bool(options.files_from or options.changed_since)
        self._places = [Path(path).resolve() for path in options.paths]
        self._root, self._settings = root, settings

    @functools.cached_property
    def _files(self) -> frozenset[str]:
        return frozenset(project_files(self._root, self._settings))

    def __call__(self, path: str) -> bool:
        if self._narrowed or path not in self._files:
            return False
        full = self._asked / path
        return any(full == place or place in full.parents for place in self._places)


def _cores() -> int:
    """How many processes can run at once, where the system can tell what this one may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _show(what: Settings | tuple[str, ...]) -> None:
    """Print settings or files."""
    if isinstance(what, tuple):
        lines = list(what)
    else:
        shown = explain(what)
        keys = max(len(item.key) for item in shown)
        lines = [f"{item.key:{keys}} = {item.value}  # {item.origin}" for item in shown]
    write_out("".join(f"{line}\n" for line in lines))


# --- where and how ---------------------------------------------------------------------------


def common_root(paths: tuple[str, ...]) -> Path:
    """Find the one project that all ``paths`` belong to. Raises DiscoveryError."""
    found = paths_by_root(paths)
    root, *others = found
    if others:
        raise DiscoveryError(
            f"{found[root][0]} belongs to {root} and {found[others[0]][0]} to {others[0]}; "
            "run once for each project"
        )
    return root


def paths_by_root(paths: tuple[str, ...]) -> dict[Path, tuple[str, ...]]:
    """The paths by the project that they belong to. Raises DiscoveryError."""
    found: dict[Path, tuple[str, ...]] = {}
    for path in paths:
        if not os.path.lexists(path):
            raise DiscoveryError(f"{path}: no such file or directory")
        root = find_root(path)
        found[root] = (*found.get(root, ()), path)
    return found


def load_settings(options: Options, root: Path) -> Settings:
    """Find the settings for a run. Raises ConfigError, UnknownRule."""
    given = {
        "select": options.select,
        "ignore": options.ignore,
        "safe-only": options.safe_only or None,
        "steps": ",".join(options.step) or None,
        "force": options.force or None,
        "profile": options.profile,
        "extend-exclude": options.exclude,
        "codemods": tuple(_codemod_from(spec, root) for spec in options.codemod),
    }
    try:
        settings = load(
            root,
            config_file=Path(options.config_file) if options.config_file else None,
            isolated=options.isolated,
            overrides=parse_overrides(options.config),
            cli=given,
        )
    except ConfigError as error:
        # Settings and options differ in name here.
        for key, option in _OPTIONS.items():
            if error.message.startswith(key):
                message = option + error.message.removeprefix(key)
                raise ConfigError(message, error.file, error.line, error.suggestion) from None
        raise
    settings = with_codemods(options, settings, root)
    _check_selectors(settings)
    if settings.line_length is None:
        settings = replace(settings, line_length=detect_line_length(root))
    return settings


#: Settings and options that differ in name, as errors begin with them.
_OPTIONS = {
    "--steps ": "--step ",
    "--extend-exclude ": "--exclude ",
    "--codemods ": "--codemod ",
}


def _codemod_from(spec: str, root: Path) -> str:
    """A codemod that the command line names: a file is meant relative to where the user is."""
    if not spec.endswith((".py", ".toml")):
        return spec
    path = Path(spec).resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def with_codemods(options: Options, settings: Settings, root: Path) -> Settings:
    """Load the codemods that are asked for. Raises CodemodError, UsageError.

    Those in Python that only the project names are not run unless the user says so.
    """
    if not settings.codemods:
        if "eventlet_codemod.codemods.installed" in sys.modules:
            from eventlet_codemod.codemods.installed import install

            install(())
        return settings
    from eventlet_codemod.codemods.installed import choose, facts_of, installed
    from eventlet_codemod.codemods.loading import needs_permission

    given = {_codemod_from(spec, root) for spec in options.codemod}
    for spec in settings.codemods:
        if spec not in given and needs_permission(spec) and not options.allow_codemods:
            raise click.UsageError(
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


def _check_modules(root: Path, settings: Settings) -> None:
    """Raise UsageError where a module to write would have no package to stand in."""
    given = {"helpers": settings.helpers, "monkey-patch-module": settings.monkey_patch_module}
    for key, module in given.items():
        package = (module or "").rpartition(".")[0].replace(".", "/")
        if package and not any((base / package).is_dir() for base in (root, root / "src")):
            raise click.UsageError(
                f"{key}: {module} has no place, since there is no package {package} here"
            )


def _check_selectors(settings: Settings) -> None:
    if not (settings.select or settings.ignore or settings.per_file_ignores):
        return
    from eventlet_codemod.rules import UnknownRule, expand

    chosen = {"select": settings.select, "ignore": settings.ignore}
    ignored = (item for items in settings.per_file_ignores.values() for item in items)
    for key, selectors in {**chosen, "per-file-ignores": tuple(ignored)}.items():
        try:
            expand(selectors)
        except UnknownRule as error:
            origin = settings.origins.get(key, "")
            place = f"--{key}" if origin == "command line" else f"{origin}: {key}"
            raise UnknownRule(f"{place}: {error}") from None


def _discover(
    options: Options,
    root: Path,
    settings: Settings,
    wanted: Callable[[bytes], bool] | None = None,
) -> Discovered:
    only: set[str] | None = None
    if options.changed_since is not None:
        only = set(files_changed_since(root, options.changed_since))
    if options.files_from is not None:
        listed = set(parse_file_list(_read_list(options.files_from), root))
        only = listed if only is None else only & listed
    return discover(root, options.paths, settings, only=only, wanted=wanted)


def _read_list(name: str) -> bytes:
    if name == "-":
        return read_in()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise click.UsageError(f"--files-from {name}: {error.strerror}") from error


# --- stdin -----------------------------------------------------------------------------------


def _stdin_place(options: Options) -> tuple[Path | None, str]:
    if options.stdin_filename is None:
        return None, STDIN_NAME
    path = Path(os.path.realpath(options.stdin_filename))
    root = find_root(path.parent)
    return root, path.relative_to(root).as_posix()


def _work_on_stdin(root: Path | None, path: str, settings: Settings) -> Work:
    from eventlet_codemod.engine import FileChange
    from eventlet_codemod.run import rewrite_one

    clock = Clock()
    data = read_in()

    def by_rules(given: bytes) -> FileChange:
        if mentions_eventlet(given, settings):
            return rewrite_one(given, path, settings, root=root)
        return FileChange(FileEntry(path=path, status="unchanged"), given)

    if settings.codemods and _has_stages():
        from eventlet_codemod import pipeline

        change = pipeline.rewrite_one(data, path, settings, by_rules, root=root)
    else:
        change = by_rules(data)
    ledger = clock.ledger(
        str(root or Path.cwd()),
        settings.as_dict(),
        [change.entry],
        files_seen=1,
        files_parsed=int(mentions_eventlet(data, settings)),
    )
    return Work(root or Path.cwd(), ledger, (change,))
