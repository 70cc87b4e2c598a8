"""``apply``: make the changes."""

from __future__ import annotations

import click

from eventlet_codemod.cli.options import Options, shared_options


@click.command("apply", short_help="Make the changes.")
@shared_options
@click.option("--allow-dirty", is_flag=True, help="Also change files that are not committed.")
def command(options: Options, allow_dirty: bool) -> int:
    """Rewrite the files, each at once or not at all.

    Files with changes that git has no commit of are refused without --allow-dirty, all files
    together, before anything is written.
    """
    from eventlet_codemod.cli import outcome, session, tree
    from eventlet_codemod.cli.terminal import write_out

    done = session.work(options)
    if done is None:
        return 0
    people = options.people
    if options.stdin:
        (change,) = done.changes
        ledger = done.ledger
        write_out(change.old if change.new is None else change.new)
    else:
        if not allow_dirty:
            tree.refuse_uncommitted(done.root, done.changes)
        failures = tree.write(done.root, done.changes, people)
        ledger = outcome.with_failures(done.ledger, failures)
    written = outcome.write_outputs(options, ledger)
    people.failures(outcome.failed_entries(ledger))
    outcome.tell_summary(options, ledger)
    tree.tell_left(ledger, people)
    if ledger.summary.files_changed and not options.stdin:
        people.tell("next: `git diff` shows what changed")
    return outcome.exit_code(ledger, written=written, applied=True)
