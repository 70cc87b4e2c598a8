"""``batch retry``: once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from eventlet_codemod.cli.batch import campaign_options
from eventlet_codemod.cli.batch_run import How, carry_out, run_options

if TYPE_CHECKING:
    from eventlet_codemod.cli.terminal import People


@click.command("retry", short_help="Try again what failed.")
@campaign_options
@run_options
@click.option("--failed", is_flag=True, help="All that failed.")
def command(manifest: str, output_dir: str, people: People, failed: bool, **how: Any) -> int:
    """Run repositories once more whatever is known of them: those that failed, or --only some."""
    if not failed and not how["only"]:
        raise click.UsageError("say which: --failed, or --only NAME")
    if failed:
        return carry_out(
            manifest,
            output_dir,
            people,
            How(**how),
            # a push that failed is tried again by --publish, on the series that is there
            again=lambda seen: {
                row.name for row in seen.rows if row.state == "failed" and row.stage != "publish"
            },
        )
    return carry_out(manifest, output_dir, people, How(**how), again=lambda _: how["only"])
