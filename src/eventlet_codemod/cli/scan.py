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
@click.option(
    "--explain-flow",
    "place",
    metavar="FILE:LINE",
    help="Tell where the objects on a line are made, where they go, and what is done to them.",
)
def command(options: Options, statistics: bool, form: str | None, place: str | None) -> int:
    """Find every use of eventlet: its rule, its tier, and what would become of it.

    Nothing is written. A use is safe to rewrite, to review after it, or left for a person.
    """
    import sys

    from eventlet_codemod.cli import outcome, session
    from eventlet_codemod.cli.terminal import wants_color, write_out
    from eventlet_codemod.report import render

    if statistics and form in ("json", "jsonl"):
        raise click.UsageError("--statistics is for people; the counts are in the ledger's summary")
    if place is not None:
        return _explain_flow(options, place)
    done = session.work(options)
    if done is None:
        return 0
    ledger, terminal = done.ledger, sys.stdout.isatty()
    written = outcome.write_outputs(options, ledger)
    if statistics:
        form = "statistics"
    form = form or ("table" if terminal else "text")
    write_out(
        render(form, ledger, outcome.style(options, color=wants_color(options.color, sys.stdout)))
    )
    people = options.people
    if not (terminal and form in ("table", "text")):  # there it stands among the findings
        people.failures(outcome.failed_entries(ledger))
    outcome.tell_summary(options, ledger, would=True)
    if ledger.summary.rewritten and not options.stdin:
        people.tell("next: `eventlet-codemod diff` shows the changes, `apply` makes them")
    if ledger.summary.left and form == "text" and not options.verbose:
        people.tell("next: `-v` says why a use is left, and what to do about it")
    return outcome.exit_code(ledger, written=written)


def _explain_flow(options: Options, place: str) -> int:
    from pathlib import Path

    from eventlet_codemod.cli import session
    from eventlet_codemod.cli.terminal import write_out
    from eventlet_codemod.discovery import find_root
    from eventlet_codemod.flows import explain_flow
    from eventlet_codemod.source import SourceError

    name, _, line = place.rpartition(":")
    file = Path(name).resolve()
    if not name or not line.isdigit():
        raise click.UsageError(f"--explain-flow {place}: give a file and a line, as in a.py:12")
    if not file.is_file():
        raise click.UsageError(f"--explain-flow {place}: no such file")
    root = find_root(file.parent).resolve()
    settings = session.load_settings(options, root)
    try:
        text = explain_flow(root, file.relative_to(root).as_posix(), int(line), settings)
    except (SourceError, OSError, SyntaxError, ValueError, RecursionError) as error:
        raise click.UsageError(f"--explain-flow {place}: {error}") from error
    if not text:
        options.people.tell(f"no object of eventlet is made, kept or used on line {line}")
        return 1
    write_out(text)
    return 0
