"""What the commands of ``batch`` share: a campaign opened, its refs resolved, its reports."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eventlet_codemod.batch import lock
from eventlet_codemod.batch.campaign import Campaign, snapshot
from eventlet_codemod.batch.git import Git, redacted
from eventlet_codemod.batch.journal import NAME as JOURNAL
from eventlet_codemod.batch.journal import Journal, JournalError
from eventlet_codemod.batch.output import Output, OutputError
from eventlet_codemod.batch.workspace import Workspace
from eventlet_codemod.mailbox import author_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from eventlet_codemod.batch.manifest import Manifest
    from eventlet_codemod.batch.model import Snapshot
    from eventlet_codemod.cli.terminal import People


@contextlib.contextmanager
def opened(manifest: Manifest, directory: Path) -> Iterator[Campaign]:
    """A campaign that this process alone works on. Raises UsageError."""
    output = Output(directory.absolute())
    try:
        with output.held():
            journal = Journal(output.root)
            try:
                yield Campaign(manifest, output, journal, author_in(Path(output.root.anchor)))
            finally:
                journal.close()
    except (OutputError, JournalError) as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise click.UsageError(f"{error.filename or directory}: {error.strerror}") from None


def seen(manifest: Manifest, directory: Path) -> Snapshot:
    """A campaign as it is now, whoever works on it. Raises UsageError."""
    output = Output(directory.absolute())
    if not (output.root / JOURNAL).exists():
        raise click.UsageError(f"{directory}: no run has worked there")
    try:
        journal = Journal(output.root, read_only=True)
        try:
            return snapshot(manifest, output, journal)
        finally:
            journal.close()
    except JournalError as error:
        raise click.UsageError(str(error)) from None


def cache_of(campaign: Campaign, given: str | None) -> Path:
    """Where mirrors are."""
    return Path(given).absolute() if given else campaign.output.root / "cache"


def resolve(
    campaign: Campaign,
    workspace: Workspace,
    *,
    everything: bool,
    names: Collection[str] | None = None,
) -> tuple[Mapping[str, lock.Locked], Mapping[str, Exception]]:
    """The commits of repositories, asked for where they are not known, and what failed.

    ``everything`` asks anew also for those that are locked; ``names`` are those that are asked
    about, None all.
    """
    root = campaign.output.root
    known = {} if everything else lock.read(root)
    repos = [r for r in campaign.manifest.repos if names is None or r.name in names]
    wanted = [repo for repo in repos if not lock.commit_of(repo, known)]
    found, failed = lock.resolve(wanted, workspace.resolve)
    locked = {**known, **found}
    if found:
        lock.write(root, locked)
    return locked, failed


def publish(
    campaign: Campaign,
    workspace: Workspace,
    people: People,
    names: Collection[str],
    last_wave: int,
) -> None:
    """Publish what has a series, and tell of each."""
    from eventlet_codemod.batch.publishing import Outcome, publish
    from eventlet_codemod.batch.tally import duration

    def told(done: Outcome) -> None:
        if not done.error:
            people.tell(f"{done.name}: published, {done.said}")

    def waits(host: str, seconds: float) -> None:
        people.tell(f"{host}: its limit is reached; going on in {duration(seconds)}")

    publish(campaign, workspace, Git(), names=names, last_wave=last_wave, told=told, waits=waits)


def shown(source: str) -> str:
    """An address without what lets somebody in."""
    return redacted(source)


def write_reports(snapshot: Snapshot, root: Path) -> Path:
    """Write the dashboard and the tables of a campaign; where the dashboard is."""
    from eventlet_codemod.batch import dashboard, tables
    from eventlet_codemod.source import write_atomic

    logs = {}
    for row in snapshot.rows:
        if row.state == "failed" and row.log:
            with contextlib.suppress(OSError):
                logs[row.log] = (root / row.log).read_text("utf-8", "replace")[-20_000:]
    (root / "tables").mkdir(exist_ok=True)
    for name, table in (
        ("repos", tables.repos_csv),
        ("stages", tables.stages_csv),
        ("rules", tables.rules_csv),
        ("failures", tables.failures_csv),
        ("history", tables.history_csv),
    ):
        write_atomic(root / f"tables/{name}.csv", _encoded(table(snapshot)))
    write_atomic(root / "campaign.json", map(_encoded, tables.json_lines(snapshot)))
    write_atomic(root / "dashboard.html", _encoded(dashboard.render(snapshot, logs=logs)))
    return root / "dashboard.html"


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
