"""``batch report``: the dashboard and the tables, anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from eventlet_codemod.cli.batch import campaign_options, read_manifest

if TYPE_CHECKING:
    from eventlet_codemod.cli.terminal import People


@click.command("report", short_help="Write the dashboard and the tables.")
@campaign_options
def command(manifest: str, output_dir: str, people: People) -> int:
    """Write dashboard.html, campaign.json and tables/*.csv as the journal has them now."""
    from eventlet_codemod.cli import batch_common as common

    seen = common.seen(read_manifest(manifest), Path(output_dir))
    place = common.write_reports(seen, Path(output_dir).absolute())
    people.tell(f"written: {place}")
    return 0
