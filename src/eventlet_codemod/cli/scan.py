"""``scan``: every use of eventlet, and what would become of it."""

from __future__ import annotations

import click

from eventlet_codemod.cli.options import Options, shared_options


@click.command("scan", short_help="Find every use of eventlet and say what would become of it.")
@shared_options
@click.option("--statistics", is_flag=True, help="Counts instead of findings.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "text", "json", "jsonl"]),
    help="Default: table on a terminal, text elsewhere.",
)
def command(options: Options, statistics: bool, form: str | None) -> int:
    """Find every use of eventlet: its rule, its tier, and what would become of it.

    Nothing is written. A use is safe to rewrite, to review after it, or left for a person.
    """
    import sys

    from eventlet_codemod.cli import session
    from eventlet_codemod.cli.terminal import wants_color, write_out
    from eventlet_codemod.report import render

    if statistics and form in ("json", "jsonl"):
        raise click.UsageError("--statistics is for people; the counts are in the ledger's summary")
    done = session.work(options)
    if done is None:
        return 0
    ledger, terminal = done.ledger, sys.stdout.isatty()
    written = session.write_outputs(options, ledger)
    if statistics:
        form = "statistics"
    form = form or ("table" if terminal else "text")
    write_out(
        render(form, ledger, session.style(options, color=wants_color(options.color, sys.stdout)))
    )
    people = options.people
    if not (terminal and form in ("table", "text")):  # there it stands among the findings
        people.failures(session.failed_entries(ledger))
    session.tell_summary(options, done, ledger, would=True)
    if ledger.summary.rewritten and not options.stdin:
        people.tell("next: `eventlet-codemod diff` shows the changes, `apply` makes them")
    return session.exit_code(ledger, written=written)
