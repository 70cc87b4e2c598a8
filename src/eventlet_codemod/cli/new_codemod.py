"""``new-codemod``: the beginning of a codemod."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from eventlet_codemod.codemods.base import Kind

#: The option for each kind.
_KINDS: dict[str, Kind] = {
    "bowler": "bowler",
    "libcst": "libcst",
    "facts": "facts",
    "rule": "rules",
}


@click.command("new-codemod", short_help="Begin a codemod of your own.")
@click.argument("name")
@click.option("--bowler", is_flag=True, help="A Bowler query.")
@click.option("--libcst", is_flag=True, help="A libcst codemod command.")
@click.option("--facts", is_flag=True, help="Facts in TOML, without any code.")
@click.option("--rule", is_flag=True, help="A rule (the default).")
@click.option(
    "--directory", metavar="DIR", default="codemods", help="Where it goes; codemods without this."
)
def command(name: str, directory: str, **kinds: bool) -> int:
    """Write the codemod NAME and a table of cases that fails until it is written."""
    from pathlib import Path

    from eventlet_codemod.cli.terminal import write_out
    from eventlet_codemod.codemods.scaffold import begin_codemod

    asked = [kind for kind in _KINDS if kinds[kind]]
    if len(asked) > 1:
        raise click.UsageError(f"--{asked[0]} and --{asked[1]} are two kinds of codemod: take one")
    path, cases = begin_codemod(name, _KINDS[asked[0] if asked else "rule"], Path(directory))
    write_out(f"{path}\n{cases}\n")
    click.echo(f"next: fill in the TODOs until `pytest {cases}` passes", err=True)
    return 0
