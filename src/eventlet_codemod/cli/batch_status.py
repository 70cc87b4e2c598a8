"""``batch status``: how far a campaign is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from eventlet_codemod.cli.batch import campaign_options, read_manifest

if TYPE_CHECKING:
    from eventlet_codemod.cli.terminal import People


@click.command("status", short_help="Say how far a campaign is.")
@campaign_options
@click.option("--format", "form", type=click.Choice(["table", "text", "json"]), default=None)
@click.option("-v", "--verbose", is_flag=True, help="Name each repository.")
def command(manifest: str, output_dir: str, people: People, form: str | None, verbose: bool) -> int:
    """Say how far a campaign is, also while another process runs it."""
    import sys

    from eventlet_codemod.batch import tables
    from eventlet_codemod.batch.status import render_status
    from eventlet_codemod.cli import batch_common as common
    from eventlet_codemod.cli.group import FAILED, LEFT, OK
    from eventlet_codemod.cli.terminal import wants_color, width, write_out
    from eventlet_codemod.report import Style

    seen = common.seen(read_manifest(manifest), Path(output_dir))
    if form == "json":
        write_out(tables.as_json(seen))
    else:
        tty = sys.stdout.isatty()
        style = Style(color=wants_color(people.mode, sys.stdout), width=width(), verbose=verbose)
        chosen: Literal["table", "text"] = "table" if form == "table" or tty else "text"
        if form == "text":
            chosen = "text"
        write_out(render_status(seen, style, verbose=verbose, form=chosen))
    if any(row.has_failure for row in seen.rows):
        return FAILED
    return OK if all(row.state == "clean" for row in seen.rows) else LEFT
