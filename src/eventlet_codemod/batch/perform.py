"""The stages of one repository, from a tree that has its commit checked out to a finished series.

    scan -> rewrite -> checks -> tests -> commit

Each stage takes files that those before it made and adds its own, so that a later attempt can begin
with any of them. Nothing is written outside the tree and a scratch directory.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import resource
import shlex
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from eventlet_codemod.batch.git import Git, GitError
from eventlet_codemod.batch.job import Event, Job, Result, Stopped
from eventlet_codemod.batch.model import Counts, StageRow
from eventlet_codemod.batch.publish.trailers import change_ids, with_footers
from eventlet_codemod.batch.workspace import WorkspaceError, bundle_of
from eventlet_codemod.config import ConfigError, load
from eventlet_codemod.ledger import FileEntry, Ledger

if TYPE_CHECKING:
    from eventlet_codemod.engine import FileChange
    from eventlet_codemod.remembered import Memory
    from eventlet_codemod.work import Work

Tell = Callable[[Event], None]

LEDGER, MAILBOX, BUNDLE, LOG = "ledger.json", "series.mbox", "series.bundle", "log.txt"
PATCHES = "patches/"
_FACTS = "facts.json"  # what later stages need of the scan


class StageFailed(Exception):
    """A stage could not be done; the text is one line."""


@dataclass(slots=True)
class Stages:
    """Runs stages one after the other, tells of each, and remembers what they made."""

    job: Job
    tell: Tell
    files: dict[str, bytes] = field(default_factory=dict)
    rows: list[StageRow] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    current: str = ""

    def note(self, line: str) -> None:
        """Write a line into the log."""
        self.log.append(line)

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[dict[str, bytes]]:
        """Do a stage: what it puts into the dictionary are the files that it makes."""
        self.current = name
        self.tell(Event(name=self.job.repo.name, stage=name, state="began"))
        start = time.monotonic()
        made: dict[str, bytes] = {}
        self.note(f"== {name}")
        try:
            yield made
        except BaseException as error:
            seconds = round(time.monotonic() - start, 3)
            detail = described(error)
            self.note(f"failed: {detail}")
            self.rows.append(StageRow(name, "failed", seconds, detail))
            raise
        seconds = round(time.monotonic() - start, 3)
        self.files.update(made)
        self.rows.append(StageRow(name, "done", seconds))
        self.tell(
            Event(name=self.job.repo.name, stage=name, state="done", seconds=seconds, files=made)
        )

    def skip(self, name: str, why: str) -> None:
        """Note that a stage has nothing to do."""
        self.note(f"== {name}\n{why}")
        self.rows.append(StageRow(name, "skipped", 0.0, why))
        self.tell(Event(name=self.job.repo.name, stage=name, state="skipped", detail=why))

    def attempt(self, work: Callable[[], Result]) -> Result:
        """The result of ``work``, or one that says which stage failed, and why."""
        try:
            return work()
        except MemoryError:
            limit = self.job.repo.memory_limit
            reason = f"it needs more than the memory limit of {limit} bytes"
        except (StageFailed, GitError, WorkspaceError, ConfigError, Stopped) as error:
            reason = described(error)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            reason = f"{place}{error.strerror or error}"
        except Exception as error:
            reason = _usage_error(error) or f"a bug of this tool: {_place(error)}"
        return self.result("failed", stage=self.current, reason=reason)

    def result(self, state: str, **more: object) -> Result:
        """The result with all that was made so far."""
        found = result_of(self.job, state, self.files, self.log, self.rows)
        return replace(
            found,
            seconds=round(time.monotonic() - self.began, 3),
            cpu_seconds=_cpu_seconds(),
            peak_memory=_peak_memory(),
            **more,  # type: ignore[arg-type]
        )


def result_of(
    job: Job, state: str, files: Mapping[str, bytes], log: Sequence[str], rows: Sequence[StageRow]
) -> Result:
    """The result of a job that has made these files, with what they count up to."""
    counts = None
    facts = json.loads(files.get(_FACTS, b"{}"))
    if LEDGER in files:
        counts = counts_of(files)
    shown = {path: data for path, data in files.items() if path != _FACTS}
    return Result(
        name=job.repo.name,
        key=job.key,
        state=state,  # type: ignore[arg-type]
        counts=counts,
        distribution=facts.get("name", ""),
        needs=tuple(facts.get("needs", ())),
        files={**shown, LOG: "".join(f"{line}\n" for line in log).encode()},
        stages=tuple(rows),
    )


def perform(stages: Stages, tree: Path, git: Git) -> Result:
    """Take a repository through the stages in a ``tree`` that has its commit checked out.

    Never raises for what the repository holds: a failure is a result.
    """
    stages.files.update(stages.job.kept)
    return stages.attempt(lambda: _perform(stages, tree, git))


def _perform(stages: Stages, tree: Path, git: Git) -> Result:
    job = stages.job
    memory, done = None, None
    if "scan" not in job.done:
        with stages.stage("scan") as made:
            memory, done = _scan(job, tree, made)
    ledger = Ledger.from_json(stages.files[LEDGER].decode())
    for line in _said(ledger):
        stages.note(line)
    if not any(entry.status == "changed" for entry in ledger.files):
        for name in ("rewrite", "checks", "tests", "commit"):
            stages.skip(name, "there is nothing to rewrite")
        state = "left" if ledger.summary.uses else "clean"
        return stages.result(state, reason=_failures(ledger))
    if "rewrite" not in job.done:
        with stages.stage("rewrite") as made:
            if done is None or memory is None:
                memory, done = _scan(job, tree, {})
            _rewrite(job, tree, done, memory, made)
    with stages.stage("checks"):
        head = _check(job, tree, git, stages.files, ledger)
    tests = ""
    if not job.repo.test_cmd:
        stages.skip("tests", "no test command is given")
    else:
        with stages.stage("tests") as made:
            tests = _test(job, tree, git, stages)
    with stages.stage("commit") as made:
        made[BUNDLE] = bundle_of(git, tree, job.commit, head)
    return stages.result("changed", head=head, tests=tests, reason=_failures(ledger))


# --- scan ----------------------------------------------------------------------------------------


def _scan(job: Job, tree: Path, made: dict[str, bytes]) -> tuple[Memory, Work]:
    from eventlet_codemod.packaging.identity import identity
    from eventlet_codemod.remembered import Memory
    from eventlet_codemod.work import Scope, check_modules, completed, run_in

    settings = load(tree, overrides=job.repo.settings)
    given = {str(spec) for spec in job.repo.settings.get("codemods", ())}
    settings = completed(settings, tree, given=given)
    check_modules(tree, settings)
    scope = Scope(tree, (str(tree),))
    memory = Memory()
    done = run_in(scope, settings, scope.files(settings), memory=memory)
    made[LEDGER] = _without_clock(done.ledger, job).to_json().encode()
    known = identity(tree)
    made[_FACTS] = json.dumps({"name": known.name, "needs": sorted(known.needs)}).encode()
    return memory, done


def _without_clock(ledger: Ledger, job: Job) -> Ledger:
    """The ledger as it is on every machine at any time; the journal knows about time."""
    run = replace(ledger.run, root=job.repo.name, started="", seconds=0.0)
    return replace(ledger, run=run)


def counts_of(files: Mapping[str, bytes]) -> Counts:
    """What the ledger and the patches of a result count up to."""
    from eventlet_codemod.patches import Patch

    ledger = Ledger.from_json(files[LEDGER].decode())
    found = [finding for entry in ledger.files for finding in entry.findings]
    rewritten = [finding for finding in found if finding.status == "rewritten"]
    review = sum(finding.tier == "review" for finding in rewritten)
    whole = Patch.of(ledger)
    return Counts(
        uses=ledger.summary.uses,
        safe=len(rewritten) - review,
        review=review,
        manual=sum(f.status == "left" for f in found),
        suppressed=ledger.summary.suppressed,
        hazards=ledger.summary.hazards,
        files_changed=ledger.summary.files_changed,
        files_failed=ledger.summary.files_failed,
        patches=sum(path.startswith(PATCHES) for path in files),
        lines=whole.added + whole.removed,
        by_rule={code: sum(told.values()) for code, told in ledger.summary.by_rule.items()},
    )


def _said(ledger: Ledger) -> Iterator[str]:
    from eventlet_codemod.report.words import count

    counts = ledger.summary
    yield f"{count(counts.uses, 'use')}: {counts.rewritten} rewritten, {counts.left} left"
    yield from _failed_files(ledger)


def _failed_files(ledger: Ledger) -> Iterator[str]:
    for entry in ledger.files:
        if entry.error is not None:
            line = f":{entry.error.line}" if entry.error.line else ""
            yield f"{entry.path}{line}: {entry.error.message}"
        for failure in entry.failures:
            yield f"{entry.path}: codemod {failure.stage}: {failure.message}"


def _failures(ledger: Ledger) -> str:
    """The first file that failed, and how many more there are."""
    failed = list(_failed_files(ledger))
    more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
    return f"{failed[0]}{more}" if failed else ""


# --- rewrite -------------------------------------------------------------------------------------


def _rewrite(job: Job, tree: Path, done: Work, memory: Memory, made: dict[str, bytes]) -> None:
    from eventlet_codemod import __version__, mailbox, series

    def run_with(codes: Sequence[str] | None) -> Sequence[FileChange]:
        if codes is None:
            return done.changes
        return done.again(codes, jobs=1, memory=memory).changes

    patches = series.plan(run_with, job.repo.split, job.repo.max_lines)

    command, prefix = _command(job), job.repo.subject_prefix
    texts = [
        series.message(patch, command=command, version=__version__, prefix=prefix)
        for patch in patches
    ]
    texts = change_ids(texts, project=job.repo.name, campaign=job.campaign)
    texts = [with_footers(text, job.footers) for text in texts]
    commits = [(text, patch.files) for text, patch in zip(texts, patches, strict=True)]
    try:
        found = mailbox.patches_of(tree, commits, job.author)
    except mailbox.GitError as error:
        raise StageFailed(str(error)) from None
    made.update({f"{PATCHES}{name}": data for name, data in found.items()})
    made[MAILBOX] = b"".join(found.values())


def _command(job: Job) -> str:
    """What gives the same series in a checkout."""
    words = []
    for key, value in sorted(job.repo.settings.items()):
        shown = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        words += ["--config", f"{key}={shown}"]
    words += ["--split", job.repo.split]
    return f"eventlet-codemod series {shlex.join(words)}"


# --- checks --------------------------------------------------------------------------------------


def _check(job: Job, tree: Path, git: Git, files: Mapping[str, bytes], ledger: Ledger) -> str:
    """Take the series with `git am`, and see that it gives the files of the ledger. The commit."""
    git.run(tree, "reset", "--quiet", "--hard", job.commit)
    patches = [data for path, data in sorted(files.items()) if path.startswith(PATCHES)]
    name, address = job.author
    when = git.text(tree, "log", "-1", "--format=%cI", job.commit)
    environment = {
        "GIT_COMMITTER_NAME": name,
        "GIT_COMMITTER_EMAIL": address,
        "GIT_COMMITTER_DATE": when,
    }
    mailbox = b"".join(patches)
    # --keep-non-patch: else it takes a prefix in brackets off the subjects
    words = ("am", "--quiet", "--keep-cr", "--keep-non-patch")
    git.run(tree, *words, data=mailbox, environment=environment)
    for entry in ledger.files:
        if entry.status == "changed":
            _check_file(tree, entry)
    return git.text(tree, "rev-parse", "HEAD")


def _check_file(tree: Path, entry: FileEntry) -> None:
    path, place = entry.path, tree / entry.path
    if "\ndeleted file mode " in entry.patch:
        if place.exists():
            raise StageFailed(f"{path}: the run deletes it and the series does not")
        return
    data = place.read_bytes() if place.exists() else None
    if data is None or hashlib.sha256(data).hexdigest() != entry.sha256_after:
        raise StageFailed(f"{path}: the series gives another file than the run")
    if path.endswith(".py"):
        try:
            ast.parse(data, path)
        except (SyntaxError, ValueError) as error:
            raise StageFailed(f"{path}: it does not compile any more: {error}") from None


# --- tests ---------------------------------------------------------------------------------------


def _test(job: Job, tree: Path, git: Git, stages: Stages) -> str:
    """Run the project's tests before and after the series. What is to be said of them."""
    from eventlet_codemod import verify

    repo = job.repo
    head = git.text(tree, "rev-parse", "HEAD")
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="tests-") as scratch:
        for name, commit, block in (
            ("before", job.commit, None),
            ("after", head, None if repo.test_block == "none" else repo.test_block),
        ):
            git.run(tree, "checkout", "--quiet", "--detach", commit)
            stages.note(f"-- {name}: {repo.test_cmd}")
            try:
                found = verify.run_tests(
                    tree,
                    repo.test_cmd,
                    Path(scratch),
                    block=block,
                    seconds=repo.time_limit or None,
                    told=lambda printed: stages.note(printed.decode(errors="replace").rstrip()),
                )
            except verify.VerifyError as error:
                raise StageFailed(str(error)) from None
            outcomes.append(found)
            git.run(tree, "reset", "--quiet", "--hard", commit)
            git.run(tree, "clean", "-ffdqx")
    try:
        told = verify.judge(*outcomes)
    except verify.VerifyError as error:
        raise StageFailed(str(error)) from None
    if told.lost:
        first = (*told.broken, *told.missing)[0]
        more = f" and {told.lost - 1} more" if told.lost > 1 else ""
        raise StageFailed(f"{first}{more} passed before the series and not after it")
    return f"{told.before} passed before, {told.passing} of them after"


# --- what went wrong -----------------------------------------------------------------------------


def described(error: BaseException) -> str:
    """An error on one line."""
    return " ".join(str(error).split()) or type(error).__name__


def _usage_error(error: Exception) -> str | None:
    from eventlet_codemod.codemods.base import CodemodError
    from eventlet_codemod.discovery import DiscoveryError
    from eventlet_codemod.rules import UnknownRule

    known = (CodemodError, DiscoveryError, UnknownRule)
    return described(error) if isinstance(error, known) else None


def _place(error: Exception) -> str:
    trace = error.__traceback__
    place = ""
    while trace is not None:
        place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}: {described(error)} ({place})"


def _cpu_seconds() -> float:
    """What this process and those that it began have computed."""
    told = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round(sum(one.ru_utime + one.ru_stime for one in told), 3)


def _peak_memory() -> int:
    """Bytes that this process, or the largest of those that it began, had at most."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == "darwin" else 1024
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) * unit
