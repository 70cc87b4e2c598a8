"""``new-codemod``: the beginning of a codemod."""

from __future__ import annotations

import click


@click.command("new-codemod", short_help="Begin a codemod of your own.")
@click.argument("name")
@click.option("--bowler", "kind", flag_value="bowler", help="A Bowler query.")
@click.option("--libcst", "kind", flag_value="libcst", help="A libcst codemod command.")
@click.option("--facts", "kind", flag_value="facts", help="Facts in TOML, without any code.")
@click.option("--rule", "kind", flag_value="rules", default=True, help="A rule (the default).")
@click.option(
    "--directory", metavar="DIR", default="codemods", help="Where it goes; codemods without this."
)
def command(name: str, kind: str, directory: str) -> int:
    """Write the codemod NAME and a table of cases that fails until it is written."""
    from pathlib import Path
    from typing import cast

    from eventlet_codemod.cli.terminal import write_out
    from eventlet_codemod.codemods.base import Kind
    from eventlet_codemod.codemods.scaffold import begin_codemod

    path, cases = begin_codemod(name, cast("Kind", kind), Path(directory))
    write_out(f"{path}\n{cases}\n")
    click.echo(f"next: fill in the TODOs until `pytest {cases}` passes", err=True)
    return 0
