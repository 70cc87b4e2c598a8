"""The options that every command with paths shares."""

from __future__ import annotations

import functools
import shlex
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import click

from eventlet_codemod.cli.terminal import People

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The shared options as given."""

    paths: tuple[str, ...] = (".",)
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    safe_only: bool = False
    step: tuple[str, ...] = ()
    force: bool = False
    profile: str | None = None
    config: tuple[str, ...] = ()
    config_file: str | None = None
    isolated: bool = False
    exclude: tuple[str, ...] = ()
    codemod: tuple[str, ...] = ()
    allow_codemods: bool = False
    files_from: str | None = None
    changed_since: str | None = None
    stdin_filename: str | None = None
    ledger: str | None = None
    report: tuple[str, ...] = ()
    jobs: int | None = None
    quiet: bool = False
    verbose: bool = False
    color: str = "auto"
    show_settings: bool = False
    show_files: bool = False

    def as_given(self) -> str:
        """The options that decide what is rewritten, as they stand on a command line."""
        flags = ("safe_only", "force", "isolated", "allow_codemods")
        words = [f"--{name.replace('_', '-')}" for name in flags if getattr(self, name)]
        for name in ("profile", "config_file", "changed_since", "files_from"):
            if getattr(self, name) is not None:
                words += [f"--{name.replace('_', '-')}", getattr(self, name)]
        for name in ("select", "ignore", "step", "config", "exclude", "codemod"):
            for value in getattr(self, name):
                words += [f"--{name}", value]
        words += [] if self.paths == (".",) else self.paths
        return "".join(f" {shlex.quote(word)}" for word in words)

    @property
    def stdin(self) -> bool:
        """Whether the source to work on comes from stdin."""
        return self.paths == ("-",)

    @property
    def people(self) -> People:
        """Whom to tell, and how."""
        return People(quiet=self.quiet, color=self.color)


def color_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--color``."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="Colour on a terminal; NO_COLOR and FORCE_COLOR are honoured.",
    )(command)


def codemod_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--codemod``."""
    return click.option(
        "--codemod",
        multiple=True,
        metavar="FILE|NAME",
        help="Run with this codemod: a file, a name that `rules` lists, or module:attribute.",
    )(command)


_SHARED = (
    click.argument("paths", nargs=-1, metavar="[PATH]..."),
    click.option(
        "--select",
        multiple=True,
        metavar="RULES",
        help="Only these rules: codes, prefixes of codes, names or families, with commas between.",
    ),
    click.option("--ignore", multiple=True, metavar="RULES", help="All but these rules."),
    click.option("--safe-only", is_flag=True, help="Only rewrites that need no review."),
    click.option(
        "--step",
        multiple=True,
        metavar="STEP",
        help="Only this step of the migration, by number or name.",
    ),
    click.option(
        "--force", is_flag=True, help="Take steps even while uses of earlier steps are left."
    ),
    click.option("--profile", type=click.Choice(["stdlib", "openstack"]), help="Policy preset."),
    click.option(
        "--config", multiple=True, metavar="KEY=VALUE", help="Set a setting, as in the file."
    ),
    click.option("--config-file", metavar="FILE", help="Take settings from FILE."),
    click.option("--isolated", is_flag=True, help="Take settings from no file."),
    click.option(
        "--exclude",
        multiple=True,
        metavar="PATTERN",
        help="Skip these as well; patterns are those of .gitignore.",
    ),
    codemod_option,
    click.option(
        "--allow-codemods",
        is_flag=True,
        help="Run codemods that only the project's configuration names: they are programs.",
    ),
    click.option("--files-from", metavar="FILE", help="Only files that FILE lists (- for stdin)."),
    click.option("--changed-since", metavar="REF", help="Only files that git sees changed."),
    click.option(
        "--stdin-filename", metavar="NAME", help="What the source from stdin (PATH -) is called."
    ),
    click.option("--ledger", metavar="FILE", help="Write the ledger of the run, as JSON."),
    click.option(
        "--report",
        multiple=True,
        metavar="FORMAT=FILE",
        help="Write a report: table, text, json, jsonl or statistics.",
    ),
    click.option(
        "--jobs", type=click.IntRange(min=1), metavar="N", help="Processes; default: one per core."
    ),
    click.option("-q", "--quiet", is_flag=True, help="Say nothing to people but errors."),
    click.option("-v", "--verbose", is_flag=True, help="Say more: reasons and advice."),
    color_option,
    click.option("--show-settings", is_flag=True, help="Print every setting and its origin."),
    click.option("--show-files", is_flag=True, help="Print the files that would be looked at."),
)


def shared_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give ``command`` the shared options, as one `Options` in front of its own."""
    names = [field.name for field in fields(Options)]

    @functools.wraps(command)
    def run(**given: Any) -> int:
        shared = {name: given.pop(name) for name in names}
        for name in ("select", "ignore", "step"):
            shared[name] = tuple(_split(shared[name]))
        options = Options(**{**shared, "paths": shared["paths"] or (".",)})
        _refuse_contradictions(options)
        return command(options, **given)

    decorated: Callable[..., int] = run
    for option in reversed(_SHARED):
        decorated = option(decorated)
    return decorated


def _split(texts: tuple[str, ...]) -> list[str]:
    return [item.strip() for text in texts for item in text.split(",") if item.strip()]


def _refuse_contradictions(options: Options) -> None:
    if "-" in options.paths and not options.stdin:
        raise click.UsageError("the path - (stdin) stands alone")
    if options.stdin and (options.files_from or options.changed_since):
        raise click.UsageError("the path - (stdin) takes no list of files")
    if options.stdin_filename is not None and not options.stdin:
        raise click.UsageError("--stdin-filename goes with the path - (stdin)")
    if options.quiet and options.verbose:
        raise click.UsageError("--quiet and --verbose contradict each other")
