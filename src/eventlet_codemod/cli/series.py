"""``series``: the changes as small patches for ``git am``."""

from __future__ import annotations

import click

from eventlet_codemod.cli.options import Options, shared_options


@click.command("series", short_help="Write the changes as small patches for git am.")
@shared_options
@click.option("--output-dir", metavar="DIR", required=True, help="Where the patches go.")
@click.option(
    "--split",
    type=click.Choice(["rule", "owner", "file", "size"]),
    default="rule",
    help="What a patch is about.",
)
@click.option(
    "--max-lines",
    type=click.IntRange(min=1),
    default=100,
    help="Changed lines of a patch, where its files can be parted; 100 without this.",
)
@click.option("--subject-prefix", metavar="TEXT", default="", help="Begins each subject.")
def command(
    options: Options, output_dir: str, split: str, max_lines: int, subject_prefix: str
) -> int:
    """Write a numbered series of patches: one idea each, in an order in which each works.

    They are ordered by step, then by rule. Files that share an object, and tests that follow the
    code, stay in one patch. `git am DIR/*.patch` gives exactly the files of `apply`; this is tried
    out before a patch is written.
    """
    from pathlib import Path

    from eventlet_codemod import __version__, mailbox, series
    from eventlet_codemod.cli import outcome, session, stages, tree
    from eventlet_codemod.remembered import Memory
    from eventlet_codemod.report.words import count

    if options.stdin:
        raise click.UsageError("a series is made of files, not of stdin")
    target = Path(output_dir)
    strange = sorted(target.iterdir()) if target.is_dir() else []
    if strange or target.is_file():
        raise click.UsageError(f"--output-dir {output_dir}: it is there already, and not empty")
    memory = Memory()
    done = session.work(options, memory)
    if done is None:
        return 0
    people, ledger = options.people, done.ledger
    if not (done.root / ".git").exists():
        raise click.UsageError(f"{done.root} is no git repository; `diff` makes a patch without")
    tree.refuse_uncommitted(done.root, done.changes)
    patches = stages.of(options, done, memory, split, max_lines)
    written = outcome.write_outputs(options, ledger)
    if patches:
        said = f"eventlet-codemod series{options.as_given()} --split {split}"
        commits = [
            (
                series.message(patch, command=said, version=__version__, prefix=subject_prefix),
                patch.files,
            )
            for patch in patches
        ]
        try:
            files = mailbox.write_series(done.root, commits, target)
        except (mailbox.GitError, OSError) as error:
            people.error(f"the series was not written: {error}")
            return outcome.exit_code(ledger, written=False)
        for patch, file in zip(patches, files, strict=True):
            size = f"{count(len(patch.files), 'file')}, {count(patch.lines, 'line')}"
            people.tell(f"{file.name}: {size}")
        for patch in series.large(patches):
            people.tell(f"note: {patch.lines} lines change together in «{patch.subject}»")
    people.failures(outcome.failed_entries(ledger))
    outcome.tell_summary(options, ledger)
    if patches:
        # git takes what stands in brackets off a subject otherwise
        keep = "--keep-non-patch " if subject_prefix.startswith("[") else ""
        people.tell(f"next: `git am {keep}{output_dir}/*.patch` in {done.root}")
    return outcome.exit_code(ledger, written=written)
