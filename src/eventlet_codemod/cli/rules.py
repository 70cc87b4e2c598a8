"""``rules``: what rules there are."""

from __future__ import annotations

import click

from eventlet_codemod.cli.options import color_option


@click.command("rules", short_help="List the rules.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "text", "json"]),
    help="Default: table on a terminal, text elsewhere.",
)
@color_option
def command(form: str | None, color: str) -> int:
    """List the rules: code, name, family, step and what each does."""
    import sys

    from eventlet_codemod.cli.terminal import wants_color, width, write_out
    from eventlet_codemod.report import Style
    from eventlet_codemod.report.rulelist import render

    form = form or ("table" if sys.stdout.isatty() else "text")
    style = Style(color=wants_color(color, sys.stdout), width=width())
    write_out(render(form, style))
    return 0
