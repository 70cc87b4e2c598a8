"""From options to a run: root, settings, files, engine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eventlet_codemod.cli.outcome import check_outputs
from eventlet_codemod.cli.terminal import Progress, read_in, write_out
from eventlet_codemod.config import ConfigError, explain, load, parse_overrides
from eventlet_codemod.discovery import (
    DiscoveryError,
    files_changed_since,
    find_root,
    mentions_eventlet,
    parse_file_list,
)
from eventlet_codemod.ledger import Clock, FileEntry
from eventlet_codemod.work import Scope, Work, check_modules, completed, cores, has_stages, run_in

if TYPE_CHECKING:
    from eventlet_codemod.cli.options import Options
    from eventlet_codemod.config import Settings
    from eventlet_codemod.engine import FileChange
    from eventlet_codemod.remembered import Memory

#: What a source from stdin is called when nobody says.
STDIN_NAME = "stdin.py"


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
    check_modules(root, settings)
    scope = _scope(options, root)
    found = scope.files(settings)
    if options.show_files:
        _show(found.files)
        return None
    if found.note:
        options.people.tell(f"note: {found.note}")
    jobs = options.jobs or cores()
    with Progress(options.people) as progress:
        return run_in(scope, settings, found, jobs=jobs, progress=progress, memory=memory)


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
    given_codemods = {_codemod_from(spec, root) for spec in options.codemod}
    return completed(settings, root, given=given_codemods, allowed=options.allow_codemods)


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


def _scope(options: Options, root: Path) -> Scope:
    only: set[str] | None = None
    if options.changed_since is not None:
        only = set(files_changed_since(root, options.changed_since))
    if options.files_from is not None:
        listed = set(parse_file_list(_read_list(options.files_from), root))
        only = listed if only is None else only & listed
    return Scope(root, options.paths, frozenset(only) if only is not None else None)


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

    if settings.codemods and has_stages():
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
    return Work(root or Path.cwd(), ledger, (change,), settings)
