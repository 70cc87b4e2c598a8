"""The command line: options in, one call, output. Commands are loaded when they are asked for."""

from __future__ import annotations

import click

from eventlet_codemod import __version__
from eventlet_codemod.cli.group import LazyGroup

__all__ = ["main"]


@click.group(
    cls=LazyGroup,
    commands_in={
        "scan": "eventlet_codemod.cli.scan",
        "diff": "eventlet_codemod.cli.diff",
        "plan": "eventlet_codemod.cli.plan",
        "apply": "eventlet_codemod.cli.apply",
        "series": "eventlet_codemod.cli.series",
        "verify": "eventlet_codemod.cli.verify",
        "batch": "eventlet_codemod.cli.batch",
        "new-codemod": "eventlet_codemod.cli.new_codemod",
        "explain": "eventlet_codemod.cli.explain",
        "rules": "eventlet_codemod.cli.rules",
    },
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="eventlet-codemod", message="%(prog)s %(version)s")
def main() -> None:
    """Take Python code off eventlet, by rewrites that can be reviewed.

    \b
    Exit codes:
      0  nothing left to do
      1  something would change, or is left for a person
      2  wrong usage or configuration
      3  finished, but some files failed
      70 a bug in this tool; 130 interrupted; 141 the reader of the output went away
    """
