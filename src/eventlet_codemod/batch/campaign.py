"""A run of a campaign: from the manifest to a result for each repository, through the journal.

The journal is written before and after each stage and each repository, so the next run begins where
this one was stopped. A repository that has a result with its key (base, tool, settings) is not done
again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from eventlet_codemod.batch import journal as journals
from eventlet_codemod.batch import lock
from eventlet_codemod.batch.executors import Executor, Lost, Told
from eventlet_codemod.batch.job import Event, Job, Result, key_of, tool_identity
from eventlet_codemod.batch.journal import Entry, Journal, Known, Publication
from eventlet_codemod.batch.manifest import Manifest
from eventlet_codemod.batch.model import Point, Repo, Row, Snapshot
from eventlet_codemod.batch.output import Output
from eventlet_codemod.waves import waves

#: Stages whose files are kept for a later attempt.
_KEPT = ("scan", "rewrite")
_HEARTBEAT = 0.5  # seconds between two looks at what jobs tell


@dataclass(frozen=True, slots=True)
class Planned:
    """What a run would do with a repository: ``commit`` is "" where it has to be asked for.

    ``why``: new, changed (it has a result with another key), interrupted, cached, failed.
    """

    repo: Repo
    commit: str
    key: str
    why: str

    @property
    def runs(self) -> bool:
        """Whether a run takes it up."""
        return self.why not in ("cached", "failed")


@dataclass(slots=True)
class Campaign:
    """A campaign in its output directory. ``author`` is whose the commits are."""

    manifest: Manifest
    output: Output
    journal: Journal
    author: tuple[str, str]
    version: str = field(default_factory=tool_identity)

    def planned(
        self, locked: Mapping[str, lock.Locked], *, again: Collection[str] = ()
    ) -> list[Planned]:
        """What a run would do, in the order in which it would begin; ``again`` whatever is known.

        Repositories of a higher priority come first, then those of groups (or owners) in turn.
        """
        known = self.journal.known()
        found = []
        for repo in in_turn(self.manifest.repos):
            commit = lock.commit_of(repo, locked)
            key = self._key(repo, commit) if commit else ""
            why = _why(known.get(repo.name), key)
            if repo.name in again and why in ("cached", "failed"):
                why = "again"
            found.append(Planned(repo, commit, key, why))
        return found

    def _key(self, repo: Repo, commit: str) -> str:
        return key_of(repo, commit, self.version, self.author, self.manifest.campaign)

    def run(
        self,
        planned: Iterable[Planned],
        executor: Executor,
        *,
        unresolved: Mapping[str, Exception] = {},
        heard: Callable[[Row], None] = lambda _: None,
        tick: Callable[[], None] = lambda: None,
        sweep: Callable[[], object] = lambda: None,
    ) -> None:
        """Do what is planned. ``unresolved`` are those whose commit could not be found, and why.

        ``heard`` gets each row that has changed, and ``tick`` is called twice a second or so;
        ``sweep`` removes what jobs left that were killed, in this run or before.
        """
        sweep()
        self.output.sweep(self.journal.known().values())
        number = self.journal.begin_run(self.manifest.campaign, self.version, executor.capacity)
        todo = deque(one for one in planned if one.runs)
        running: dict[str, Planned] = {}
        try:
            while todo or running:
                while todo and len(running) < executor.capacity:
                    one = todo.popleft()
                    error = unresolved.get(one.repo.name)
                    if error is not None:
                        self._refuse(one, error, number)
                    else:
                        self._begin(one, executor, number)
                        running[one.repo.name] = one
                    heard(self._row(one.repo))
                for told in executor.told(_HEARTBEAT):
                    if told.name in running:  # else it has its result already
                        repo = running[told.name].repo
                        self._hear(told, running)
                        heard(self._row(repo))
                        if isinstance(told, Lost):
                            sweep()
                tick()
        finally:
            executor.close()
            self.journal.end_run(number, self._point())

    def _begin(self, one: Planned, executor: Executor, run: int) -> None:
        name, key = one.repo.name, one.key
        done = self.journal.stages_done(name, key) if one.why != "changed" else ()
        done = tuple(stage for stage in done if stage in _KEPT)
        kept = self.output.kept(name, key) if done else {}
        done = done if kept else ()
        self.journal.begin(name, key, one.commit, run, done)
        executor.start(replace(self._job(one), kept=kept, done=done))

    def _job(self, one: Planned) -> Job:
        return Job(
            repo=one.repo,
            commit=one.commit,
            campaign=self.manifest.campaign,
            tool=self.version,
            author=self.author,
            key=one.key,
            footers=tuple(f"Depends-On: {other}" for other in one.repo.depends_on),
        )

    def _refuse(self, one: Planned, error: Exception, run: int) -> None:
        """Note that a repository could not even be begun."""
        self.journal.begin(one.repo.name, one.key, one.commit, run)
        reason = " ".join(str(error).split())
        self._end(
            Result(
                name=one.repo.name,
                key=one.key,
                state="failed",
                stage="fetch",
                reason=reason,
                files={"log.txt": f"== fetch\nfailed: {reason}\n".encode()},
            )
        )

    def _row(self, repo: Repo) -> Row:
        return _row(repo, self.journal.entry(repo.name), self.output.root, running=True)

    def _hear(self, told: Told, running: dict[str, Planned]) -> None:
        one = running[told.name]
        if isinstance(told, Event):
            if told.stage in _KEPT and told.files:
                self.output.keep(told.name, one.key, told.files)
            self.journal.stage(one.key, told)
            return
        del running[told.name]
        if isinstance(told, Lost):
            told = self._lost(told, one)
        self._end(told)

    def _lost(self, told: Lost, one: Planned) -> Result:
        """The result of a job whose process ended, with what it had made until then."""
        from eventlet_codemod.batch.perform import result_of

        entry = self.journal.entry(told.name)
        rows = entry.stages if entry else ()
        stage = (entry.stage if entry else "") or "fetch"
        log = [f"== {row.stage}" for row in rows] + [f"failed: {told.reason}"]
        kept = self.output.kept(told.name, one.key)
        found = result_of(self._job(one), "failed", kept, log, rows)
        return replace(found, stage=stage, reason=told.reason)

    def _end(self, result: Result) -> None:
        began = Event(name=result.name, stage="export", state="began")
        self.journal.stage(result.key, began)
        directory = self.output.finish(result)
        self.journal.stage(result.key, replace(began, state="done"))
        self.journal.end(result, directory)
        if result.state != "failed":
            self.output.forget_unfinished(result.name, result.key)

    def _point(self) -> Point:
        known = self.journal.entries()
        entries = [known[repo.name] for repo in self.manifest.repos if repo.name in known]
        counts = [entry.counts for entry in entries if entry.counts is not None]
        return Point(
            when=journals.now(),
            repos=len(self.manifest.repos),
            done=sum(entry.state not in ("failed", "running") for entry in entries),
            failed=sum(entry.state == "failed" for entry in entries),
            uses=sum(one.uses for one in counts),
            rewritten=sum(one.rewritten for one in counts),
            manual=sum(one.manual for one in counts),
        )


def _why(entry: Known | None, key: str) -> str:
    if entry is None:
        return "new"
    if entry.key != key or not key:
        return "changed"
    if entry.state == "running":
        return "interrupted"
    return "failed" if entry.state == "failed" else "cached"


def in_turn(repos: Iterable[Repo]) -> list[Repo]:
    """Repositories by priority, and among equals one of each group or owner in turn."""
    by_priority: dict[int, dict[str, deque[Repo]]] = {}
    for repo in repos:
        groups = by_priority.setdefault(repo.priority, {})
        groups.setdefault(repo.group or repo.owner, deque()).append(repo)
    found = []
    for priority in sorted(by_priority, reverse=True):
        lines = deque(by_priority[priority].values())
        while lines:
            line = lines.popleft()
            found.append(line.popleft())
            if line:
                lines.append(line)
    return found


# --- as it is now --------------------------------------------------------------------------------


def snapshot(manifest: Manifest, output: Output, journal: Journal) -> Snapshot:
    """A campaign as it is now, from its journal."""
    entries = journal.entries()
    running = output.is_held()
    published = journal.publications()
    last = journal.last_run()
    number = wave_numbers(entries)
    rows = []
    for repo in manifest.repos:
        row = _row(repo, entries.get(repo.name), output.root, running=running)
        row = _with_publication(row, published.get(repo.name))
        cached = row.state not in ("waiting", "running") and last is not None
        entry = entries.get(repo.name)
        if cached and entry is not None and last is not None:
            row = replace(row, cached=entry.run != last.id)
        rows.append(replace(row, wave=number.get(repo.name, 0)))
    return Snapshot(
        campaign=manifest.campaign,
        version=last.version if last else tool_identity(),
        rows=tuple(rows),
        history=journal.points(),
        running=running,
        started=last.began if last else "",
        updated=journals.now(),
        jobs=last.jobs if last else 0,
    )


def _row(repo: Repo, entry: Entry | None, root: Path, *, running: bool) -> Row:
    row = Row(
        name=repo.name,
        state="waiting",
        source=repo.source,
        ref=repo.ref,
        base=repo.commit,
        group=repo.group,
        owner=repo.owner,
        priority=repo.priority,
    )
    if entry is None:
        return row
    row = replace(row, base=entry.base, attempts=entry.attempts)
    if entry.state == "running":
        if running:
            return replace(row, state="running", stage=entry.stage, stages=entry.stages)
        at = f" in the stage {entry.stage}" if entry.stage else ""
        return replace(row, reason=f"an earlier run was interrupted{at}")
    place = entry.result
    here = root / place if place else None

    def there(name: str) -> str:
        return f"{place}/{name}" if here is not None and (here / name).exists() else ""

    return replace(
        row,
        state=entry.state,  # type: ignore[arg-type]
        stage=entry.stage,
        reason=entry.reason,
        log=there("log.txt"),
        patches=there("patches"),
        ledger=there("ledger.json"),
        seconds=entry.seconds,
        peak_memory=entry.peak_memory,
        stages=entry.stages,
        counts=entry.counts,
        tests=entry.tests,
    )


def _with_publication(row: Row, known: Publication | None) -> Row:
    if known is None or row.state in ("waiting", "running", "failed"):
        return row
    if known.state == "failed":
        return replace(row, state="failed", stage="publish", reason=known.detail)
    return replace(row, published=known.addresses)


def wave_numbers(entries: Mapping[str, Entry]) -> dict[str, int]:
    """Which wave each repository goes in: libraries come before the services that need them."""
    of: dict[str, list[str]] = {}
    needs: dict[str, set[str]] = {}
    for entry in entries.values():
        if entry.distribution:
            of.setdefault(entry.distribution, []).append(entry.name)
            needs.setdefault(entry.distribution, set()).update(entry.needs)
    return {
        name: number
        for number, wave in enumerate(waves(needs), 1)
        for group in wave
        for distribution in group
        for name in of[distribution]
    }
