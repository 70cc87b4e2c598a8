"""``batch``: a campaign over many repositories."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eventlet_codemod.cli.group import LazyGroup
from eventlet_codemod.cli.options import color_option
from eventlet_codemod.cli.terminal import People

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventlet_codemod.batch.manifest import Manifest


@click.group(
    "batch",
    cls=LazyGroup,
    commands_in={
        "plan": "eventlet_codemod.cli.batch_plan",
        "run": "eventlet_codemod.cli.batch_run",
        "status": "eventlet_codemod.cli.batch_status",
        "retry": "eventlet_codemod.cli.batch_retry",
        "report": "eventlet_codemod.cli.batch_report",
    },
    short_help="Run over many repositories.",
)
def command() -> None:
    """Make a series of patches for each of many repositories.

    MANIFEST is a file in TOML, a list with an address or a path on each line, what GitHub, GitLab
    or Gerrit list as JSON, a pattern of local directories in quotes ('checkouts/*'), or - for a
    list on stdin. All that is made goes to --output-dir; nothing is pushed anywhere without
    --publish.
    """


def campaign_options(run: Callable[..., int]) -> Callable[..., int]:
    """Give a command MANIFEST, ``--output-dir``, ``--quiet`` and ``--color``."""

    @functools.wraps(run)
    def with_people(quiet: bool, color: str, **given: Any) -> int:
        return run(people=People(quiet=quiet, color=color), **given)

    decorated: Callable[..., int] = with_people
    for option in reversed(
        (
            click.argument("manifest"),
            click.option(
                "--output-dir", metavar="DIR", required=True, help="Where all that is made goes."
            ),
            click.option("-q", "--quiet", is_flag=True, help="Say nothing to people but errors."),
            color_option,
        )
    ):
        decorated = option(decorated)
    return decorated


def read_manifest(name: str) -> Manifest:
    """Read a manifest as MANIFEST names it. Raises ConfigError."""
    from eventlet_codemod.batch import manifest
    from eventlet_codemod.config import ConfigError

    if name == "-":
        return manifest.read("stdin", sys.stdin.buffer.read(), Path.cwd())
    path = Path(name)
    if any(c in name for c in "*?[") and not path.exists():
        return manifest.in_directories(name)
    try:
        data = path.read_bytes()
    except OSError as error:
        hint = ": did you mean '*' behind it, for the repositories in it?" if path.is_dir() else ""
        raise ConfigError(f"{error.strerror}{hint}", name) from None
    return manifest.read(name, data, path.resolve().parent)
