"""``rules``: what rules and codemods there are."""

from __future__ import annotations

import click

from eventlet_codemod.cli.options import codemod_option, color_option


@click.command("rules", short_help="List the rules.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "text", "json"]),
    help="Default: table on a terminal, text elsewhere.",
)
@codemod_option
@color_option
def command(form: str | None, codemod: tuple[str, ...], color: str) -> int:
    """List the rules: code, name, family, step, what each does and where it comes from.

    With them stand the codemods that ship with the tool, those of installed packages, and those
    named by --codemod. Only these are run with.
    """
    import sys

    from eventlet_codemod.cli.terminal import tell_error, wants_color, width, write_out
    from eventlet_codemod.codemods.base import Codemod, CodemodError
    from eventlet_codemod.codemods.bowler import BowlerMissing
    from eventlet_codemod.codemods.loading import available, load_codemod
    from eventlet_codemod.report import Style
    from eventlet_codemod.report.rulelist import render

    form = form or ("table" if sys.stdout.isatty() else "text")
    style = Style(color=wants_color(color, sys.stdout), width=width())
    found, broken = [load_codemod(spec) for spec in codemod], False
    for name in available():
        try:
            found.append(load_codemod(name))
        except BowlerMissing:
            needs = "needs Bowler: pip install 'eventlet-codemod[bowler]'"
            found.append(Codemod(name=name, spec=name, origin=needs, kind="bowler"))
        except CodemodError as error:
            tell_error(str(error), color=wants_color(color, sys.stderr))
            broken = True
    write_out(render(form, style, found))
    return 3 if broken else 0
