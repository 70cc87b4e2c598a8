"""``diff``: the changes as a patch that ``git apply`` takes."""

from __future__ import annotations

import click

from eventlet_codemod.cli.options import Options, shared_options


@click.command("diff", short_help="Print the changes as a patch, proved by git.")
@shared_options
@click.option("--output-dir", metavar="DIR", help="One .patch for each source file, in its place.")
@click.option("--stat", is_flag=True, help="How much changes, instead of the patch.")
@click.option("--comments/--no-comments", default=True, help="Explain the hunks, or not.")
def command(options: Options, output_dir: str | None, stat: bool, comments: bool) -> int:
    """Print one patch of all changes, proved by git, with what to review in front of each file.

    Nothing is written. Apply it in the project's root: `eventlet-codemod diff | git apply`.
    """
    import sys
    from pathlib import Path

    from eventlet_codemod.cli import outcome, patches, session
    from eventlet_codemod.cli.terminal import wants_color, write_out
    from eventlet_codemod.patch import render

    done = session.work(options)
    if done is None:
        return 0
    people = options.people
    failures = {} if options.stdin else patches.prove(done.ledger.files, done.root, people)
    ledger = outcome.with_failures(done.ledger, failures)
    written = outcome.write_outputs(options, ledger)
    if output_dir is not None:
        written &= patches.write_all(ledger.files, Path(output_dir), people, comments=comments)
    color = wants_color(options.color, sys.stdout)
    if stat:
        write_out(patches.diffstat(ledger.files, outcome.style(options, color=color)))
    elif output_dir is None:
        text = render(ledger.files, comments=comments)
        write_out(patches.colored(text) if color else text)
    people.failures(outcome.failed_entries(ledger))
    outcome.tell_summary(options, ledger)
    if ledger.summary.files_changed and not options.stdin:
        people.tell(
            f"next: `git apply` takes the patch in {done.root}, or `eventlet-codemod apply`"
        )
    return outcome.exit_code(ledger, written=written)
