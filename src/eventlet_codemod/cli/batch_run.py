"""``batch run``: the campaign itself."""

from __future__ import annotations

import contextlib
import signal
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eventlet_codemod.cli.batch import campaign_options, read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from eventlet_codemod.batch.campaign import Campaign
    from eventlet_codemod.batch.executors import Executor
    from eventlet_codemod.batch.model import Repo, Row, Snapshot
    from eventlet_codemod.batch.workspace import Workspace
    from eventlet_codemod.cli.terminal import People


def _size(_context: click.Context, _option: click.Parameter, text: str | None) -> int | None:
    """A number of bytes, such as 64M."""
    from eventlet_codemod.batch.manifest import size

    try:
        return None if text is None else size(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How jobs run: the values of `run_options`. Raises UsageError for those that do not agree."""

    only: tuple[str, ...]
    groups: tuple[str, ...]
    jobs: int | None
    cache_dir: str | None
    disk_limit: int
    publish: bool
    last_wave: int | None
    where: str
    scheduler: str | None
    carry_limit: int | None

    def __post_init__(self) -> None:
        if (self.where == "dask") != bool(self.scheduler):
            raise click.UsageError("--executor dask and --scheduler ADDRESS go together")
        if self.scheduler and self.jobs:
            raise click.UsageError("--jobs is for this machine: a Dask cluster has its own number")
        if self.carry_limit is not None and not self.scheduler:
            raise click.UsageError("--carry-limit goes with --executor dask")
        if self.last_wave and not self.publish:
            raise click.UsageError("--last-wave goes with --publish")

    def workspace(self, campaign: Campaign) -> Workspace:
        """The mirrors, with a git of its own."""
        from eventlet_codemod.batch.git import Git
        from eventlet_codemod.batch.workspace import Workspace
        from eventlet_codemod.cli.batch_common import cache_of

        return Workspace(cache_of(campaign, self.cache_dir), Git(), disk_limit=self.disk_limit)

    def executor(self, campaign: Campaign, people: People) -> Executor:
        """Where jobs run. Raises DaskError."""
        if self.scheduler:
            from eventlet_codemod.batch.dask import CARRIED, Carry, Dask

            most = CARRIED if self.carry_limit is None else self.carry_limit
            return Dask(self.scheduler, Carry(self.workspace(campaign), most), people.tell)
        from eventlet_codemod.batch.executors import Processes
        from eventlet_codemod.batch.worker import Local
        from eventlet_codemod.work import cores

        work = Local(self.workspace(campaign).directory, self.disk_limit)
        return Processes(self.jobs or cores(), campaign.output.scratch, work)


def run_options(run: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options that say how jobs run."""
    for option in reversed(
        (
            click.option("--only", multiple=True, metavar="NAME", help="Only these repositories."),
            click.option(
                "--group", "groups", multiple=True, metavar="NAME", help="Only those of a group."
            ),
            click.option(
                "--jobs",
                type=click.IntRange(min=1),
                metavar="N",
                help="Repositories at once; default: one per core.",
            ),
            click.option("--cache-dir", metavar="DIR", help="Where mirrors are kept."),
            click.option(
                "--disk-limit",
                callback=_size,
                default="0",
                metavar="SIZE",
                help="What mirrors may take, such as 50G; those not used for longest go first.",
            ),
            click.option(
                "--publish",
                is_flag=True,
                help="Push what has a series, as the manifest says of each repository.",
            ),
            click.option(
                "--last-wave",
                type=click.IntRange(min=1),
                metavar="N",
                help="Publish the first N waves only: libraries come before what needs them.",
            ),
            click.option(
                "--executor",
                "where",
                type=click.Choice(["local", "dask"]),
                default="local",
                help="Where jobs run: here (the default), or on a Dask cluster.",
            ),
            click.option("--scheduler", metavar="ADDRESS", help="Of the Dask cluster."),
            click.option(
                "--carry-limit",
                callback=_size,
                metavar="SIZE",
                help="Larger commits are fetched by the workers of the cluster, with 0 all; "
                "default: 64M.",
            ),
        )
    ):
        run = option(run)
    return run


@click.command("run", short_help="Run, or go on with, a campaign.")
@campaign_options
@run_options
def command(manifest: str, output_dir: str, people: People, **how: Any) -> int:
    """Fetch each repository, rewrite it, check the series, and write all that is to be seen of it.

    What has its result already (the same commit, tool and settings) is not done again, and what an
    earlier run was killed in is finished. What failed stays so until `batch retry --failed`.
    """
    return carry_out(manifest, output_dir, people, How(**how), again=lambda _: ())


def carry_out(
    manifest: str,
    output_dir: str,
    people: People,
    how: How,
    *,
    again: Callable[[Snapshot], Collection[str]],
) -> int:
    """Run a campaign; ``again`` gives those that are done again whatever is known of them."""
    from eventlet_codemod.batch.campaign import snapshot
    from eventlet_codemod.batch.status import LiveProgress
    from eventlet_codemod.cli import batch_common as common

    named = read_manifest(manifest)
    wanted = _wanted(named.repos, how.only, how.groups)
    with (
        common.opened(named, Path(output_dir)) as campaign,
        _Stops().handled() as stops,
        cluster_errors(bool(how.scheduler)),
    ):
        workspace = how.workspace(campaign)
        locked, failed = common.resolve(campaign, workspace, everything=False, names=wanted)
        before = snapshot(named, campaign.output, campaign.journal)
        planned = campaign.planned(locked, again=again(before))
        planned = [one for one in planned if one.repo.name in wanted]
        executor = how.executor(campaign, people)
        progress = LiveProgress(
            before.rows, jobs=executor.capacity, quiet=people.quiet, color=people.color
        )
        del before  # it may be large, and a run long

        def tick() -> None:
            stops.check()
            progress.tick()

        with progress, stops.waiting():
            campaign.run(
                planned,
                executor,
                unresolved=failed,
                heard=lambda row: progress.update([row]),
                tick=tick,
                sweep=workspace.sweep,
            )
        stops.check()
        if how.publish:
            common.publish(campaign, workspace, people, wanted, how.last_wave or 0)
        after = snapshot(named, campaign.output, campaign.journal)
        after = replace(after, running=False)  # it is this process that still holds the directory
        dashboard = common.write_reports(after, campaign.output.root)
    return tell(people, after, dashboard, [row for row in after.rows if row.name in wanted])


@contextlib.contextmanager
def cluster_errors(used: bool) -> Iterator[None]:
    """Say in one line what is wrong with a cluster, if one is used. Raises ClickException."""
    if not used:
        yield
        return
    try:
        from eventlet_codemod.batch.dask import DaskError
    except ImportError as error:
        needs = "pip install 'eventlet-codemod[dask]'"
        raise click.UsageError(f"--executor dask needs distributed ({error}): {needs}") from None
    try:
        yield
    except DaskError as error:
        raise click.ClickException(str(error)) from None


def _wanted(
    repos: tuple[Repo, ...], only: tuple[str, ...], groups: tuple[str, ...]
) -> frozenset[str]:
    """The names that are asked for. Raises UsageError for those that there are not."""
    import difflib

    known = {"--only": {repo.name for repo in repos}, "--group": {repo.group for repo in repos}}
    for option, given in (("--only", only), ("--group", groups)):
        for name in given:
            if name not in known[option]:
                near = difflib.get_close_matches(name, known[option], 1)
                hint = f" (did you mean {near[0]!r}?)" if near else ""
                raise click.UsageError(f"{option} {name}: there is none in the manifest{hint}")
    return frozenset(
        repo.name
        for repo in repos
        if (not only or repo.name in only) and (not groups or repo.group in groups)
    )


class _Stops:
    """Ctrl-C and SIGTERM, which end a run alike: jobs are stopped, and the journal is closed.

    While ``waits``, they are only noted until somebody calls `check`: what is raised just anywhere,
    such as in a destructor, is lost. One that comes again is not held up.
    """

    def __init__(self) -> None:
        self.waits = False
        self._came = False

    def check(self) -> None:
        """Raise KeyboardInterrupt if one came."""
        if self._came:
            raise KeyboardInterrupt

    def _handle(self, _signal: int, _frame: object) -> None:
        again, self._came = self._came, True
        if again or not self.waits:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def handled(self) -> Iterator[_Stops]:
        """Handle both."""
        signals = (signal.SIGINT, signal.SIGTERM)
        before = [signal.signal(number, self._handle) for number in signals]
        try:
            yield self
        finally:
            for number, handler in zip(signals, before, strict=True):
                signal.signal(number, handler)

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Let them wait for a `check`."""
        self.waits = True
        try:
            yield
        finally:
            self.waits = False


def tell(people: People, seen: Snapshot, dashboard: Path, rows: list[Row]) -> int:
    """Say what came of a run; the exit code."""
    from eventlet_codemod.batch.status import repositories
    from eventlet_codemod.cli.group import FAILED, LEFT, OK

    names = {row.name for row in rows}
    failed = [row for row in seen.rows if row.has_failure and row.name in names]
    for row in failed:
        stage = f" in the stage {row.stage}" if row.state == "failed" and row.stage else ""
        log = f"; see {row.log}" if row.log else ""
        people.error(f"{row.name}: failed{stage}: {row.reason}{log}")
    number = {state: sum(row.state == state for row in rows) for state in _STATES}
    parts = [f"{number[state]} {word}" for state, word in _STATES.items() if number[state]]
    people.tell(f"{repositories(len(rows))}: {', '.join(parts)}", bold=True)
    people.tell(f"next: open {dashboard}")
    if any(row.state == "failed" for row in failed):
        people.tell("next: `batch retry --failed` tries again what failed")
    if failed:
        return FAILED
    return OK if all(row.state == "clean" for row in rows) else LEFT


_STATES = {
    "changed": "with a series",
    "left": "with uses that are left to a person",
    "clean": "without eventlet",
    "failed": "failed",
    "running": "running",
    "waiting": "not tried",
}
