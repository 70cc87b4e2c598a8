"""``plan``: what stands between the project and the next step."""

from __future__ import annotations

import click

from eventlet_codemod.cli.options import Options, shared_options


@click.command("plan", short_help="Say what stands before the next step.")
@shared_options
def command(options: Options) -> int:
    """Print what goes now, what holds the rest, and which files are clean when that is gone.

    Nothing is written. Reasons stand in the order of the uses that they hold, files in that of
    what is left in them.
    """
    from eventlet_codemod.cli import outcome, session
    from eventlet_codemod.cli.terminal import write_out
    from eventlet_codemod.report.words import printable
    from eventlet_codemod.roadmap import render, roadmap

    done = session.work(options)
    if done is None:
        return 0
    written = outcome.write_outputs(options, done.ledger)
    text = render(roadmap(done.ledger), most=None if options.verbose else 10)
    write_out("".join(f"{printable(line)}\n" for line in text.splitlines()))
    options.people.failures(outcome.failed_entries(done.ledger))
    outcome.tell_summary(options, done.ledger, would=True)
    return outcome.exit_code(done.ledger, written=written)
