"""``batch plan``: what a run would do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from eventlet_codemod.cli.batch import campaign_options, read_manifest

if TYPE_CHECKING:
    from eventlet_codemod.cli.terminal import People


@click.command("plan", short_help="Resolve the refs, and say what a run would do.")
@campaign_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(manifest: str, output_dir: str, people: People, form: str) -> int:
    """Check the manifest, ask each server which commits its refs stand for, and say what would run.

    The commits are written to campaign.lock.json in the output directory, and runs work on these
    until the next plan. Nothing is fetched.
    """
    import json

    from eventlet_codemod.batch.git import Git
    from eventlet_codemod.batch.status import repositories
    from eventlet_codemod.batch.workspace import Workspace
    from eventlet_codemod.cli import batch_common as common
    from eventlet_codemod.cli.group import FAILED, LEFT, OK
    from eventlet_codemod.cli.terminal import write_out
    from eventlet_codemod.report.words import printable

    named = read_manifest(manifest)
    with common.opened(named, Path(output_dir)) as campaign:
        workspace = Workspace(common.cache_of(campaign, None), Git())
        locked, failed = common.resolve(campaign, workspace, everything=True)
        planned = campaign.planned(locked)
    if form == "json":
        told = [
            {
                "name": one.repo.name,
                "source": common.shown(one.repo.source),
                "ref": one.repo.ref,
                "commit": one.commit,
                "why": one.why,
                "runs": one.runs,
                "error": str(failed[one.repo.name]) if one.repo.name in failed else None,
            }
            for one in planned
        ]
        write_out(json.dumps({"schema": 1, "campaign": named.campaign, "repos": told}, indent=2))
        write_out("\n")
    else:
        for one in planned:
            if one.repo.name in failed:
                line = f"failed     {one.repo.name}: {failed[one.repo.name]}"
            else:
                said = "runs" if one.runs else "stays"
                ref = one.repo.ref or "HEAD"
                line = f"{said:10} {one.repo.name}: {ref} is {one.commit[:12]} ({one.why})"
            write_out(f"{printable(line)}\n")
    runs = sum(one.runs and one.repo.name not in failed for one in planned)
    told_failed = f"; {len(failed)} cannot be resolved" if failed else ""
    people.tell(f"{repositories(len(planned))}, {runs} to run{told_failed}", bold=True)
    return FAILED if failed else LEFT if runs else OK
