"""``verify``: the project's own tests, before and after."""

from __future__ import annotations

import click

from eventlet_codemod.cli.options import Options, shared_options


@click.command("verify", short_help="Run the project's tests before and after.")
@shared_options
@click.option("--test-cmd", metavar="CMD", required=True, help="Runs the tests, naming each.")
@click.option(
    "--test-cmd-after", metavar="CMD", help="Runs them after the changes, if in another way."
)
@click.option(
    "--before",
    "log",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    help="What a run before the changes printed, as --logs keeps it: it is not run again.",
)
@click.option(
    "--block",
    type=click.Choice(["project", "all", "none"]),
    default="project",
    help="Who may not import eventlet afterwards: the project's own code, all, or nobody.",
)
@click.option("--each", is_flag=True, help="Also after every patch of the series.")
@click.option("--time-limit", type=click.FloatRange(min=0), metavar="SECONDS", help="Of one run.")
@click.option("--logs", metavar="DIR", help="Keep what the test runs print.")
def command(
    options: Options,
    test_cmd: str,
    test_cmd_after: str | None,
    log: str | None,
    block: str,
    each: bool,
    time_limit: float | None,
    logs: str | None,
) -> int:
    """Run the tests in clean copies of the project, and compare them test by test.

    The copies hold what git knows, or every file outside of git. The command is a shell's, and runs
    in the copy: as `python -m pytest -v`, `python -m unittest -v` or `stestr run`; subunit is read
    as well. The second run has the changes, and code that still imports eventlet finds none;
    --test-cmd-after is for one that needs an environment of its own, with dependencies that the
    changes ask for. With --each the series is applied patch by patch, eventlet allowed until the
    last, and the first patch that breaks something is named. The exit code is 1 if a test that
    passed does not any more.
    """
    from pathlib import Path

    from eventlet_codemod import verify
    from eventlet_codemod.cli import outcome, session, stages
    from eventlet_codemod.discovery import every_file
    from eventlet_codemod.remembered import Memory

    if options.stdin:
        raise click.UsageError("tests are run on files, not on stdin")
    memory = Memory()
    done = session.work(options, memory)
    if done is None:
        return 0
    people = options.people
    people.failures(outcome.failed_entries(done.ledger))
    outcome.tell_summary(options, done.ledger)
    final = {c.entry.path: c.result for c in done.changes if c.new is not None}
    names = every_file(done.root)
    keep = Path(logs) if logs is not None else None
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)

    def tests(
        place: Path, scratch: Path, name: str, blocked: str | None, run: str = test_cmd
    ) -> verify.Outcome:
        people.tell(f"running the tests: {name}")
        found = verify.run_tests(place, run, scratch, block=blocked, seconds=time_limit)
        if keep is not None:
            (keep / f"{name.replace(' ', '-')}.log").write_bytes(found.printed)
        return found

    try:
        with verify.copies(done.root, names) as (place, scratch):
            if log is not None:
                before = verify.read_outcome(Path(log))
            else:
                before = tests(place, scratch, "before", None)
            for number, patch in enumerate(stages.of(options, done, memory) if each else (), 1):
                stages.write(place, patch.files)
                told = verify.judge(before, tests(place, scratch, f"patch {number}", None))
                if told.lost:
                    people.tell(f"patch {number} is the first to break something: {patch.subject}")
                    return _tell(told, options, outcome)
            stages.write(place, final)
            blocked = None if block == "none" else block
            after = tests(place, scratch, "after", blocked, test_cmd_after or test_cmd)
            told = verify.judge(before, after)
    except verify.VerifyError as error:
        raise click.UsageError(str(error)) from error
    return _tell(told, options, outcome)


def _tell(told: object, options: Options, outcome: object) -> int:
    from eventlet_codemod.results import Comparison

    assert isinstance(told, Comparison)
    people = options.people
    share = 100 * told.passing / told.before if told.before else 100.0
    people.tell(
        f"{told.before} tests passed before, {told.passing} of them now ({share:.1f} %)", bold=True
    )
    for label, names in (
        ("fail now", told.broken),
        ("not run any more", told.missing),
        ("pass now", told.mended),
        ("new", told.new),
    ):
        if names:
            people.tell(f"{label}: {len(names)}")
            shown = names if options.verbose else names[:10]
            for name in shown:
                people.tell(f"  {name}")
            if len(names) > len(shown):
                people.tell(f"  and {len(names) - len(shown)} more; -v lists all")
    return 1 if told.lost else 0
