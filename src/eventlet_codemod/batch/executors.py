"""Where jobs run: a small interface, and the default: processes of this machine.

A process is made for each job, so that what it does to itself, and a limit that ends it, hurts no
other. They are forked from a server that has the engine imported already.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from eventlet_codemod.batch import processes
from eventlet_codemod.batch.job import Event, Job, Result, Stopped
from eventlet_codemod.batch.processes import kill_those_in

_WEIGHED = 1.0  # seconds between two looks at how much memory jobs take
_GRACE = 10.0  # seconds in which a process that is told to stop takes its files away


@dataclass(frozen=True, slots=True)
class Lost:
    """A job that came to no result: its process, or its machine, went. ``reason`` is one line."""

    name: str
    reason: str


Told = Event | Result | Lost


class Executor(Protocol):
    """Runs jobs somewhere."""

    @property
    def capacity(self) -> int:
        """How many jobs it is good to have begun at once."""

    def start(self, job: Job) -> None:
        """Begin a job."""

    def told(self, seconds: float) -> Iterator[Told]:
        """What jobs have told, after waiting at most so long for the first word."""

    def close(self) -> None:
        """End all that still runs; nothing of it is left."""


@dataclass(slots=True)
class _Running:
    job: Job
    process: Any
    connection: Connection
    lifeline: Connection
    scratch: Path
    deadline: float
    stage: str = ""
    ended: bool = False
    stopping: str = ""


@dataclass(slots=True)
class Processes:
    """Jobs in processes of this machine, at most ``jobs`` at once.

    ``work`` is called in each with the job, its scratch directory and what tells events; it gives
    the result. It must be importable. ``scratch`` is a directory for their temporary files.
    """

    jobs: int
    scratch: Path
    work: Callable[[Job, Path, Callable[[Event], None]], Result]
    _running: dict[str, _Running] = field(default_factory=dict)
    _weighed: float = 0.0

    @property
    def capacity(self) -> int:
        """How many jobs run at once."""
        return self.jobs

    def start(self, job: Job) -> None:
        """Begin a job in a process of its own."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["eventlet_codemod.batch.preloaded"])
        ours, theirs = context.Pipe(duplex=False)
        line_out, line_in = context.Pipe(duplex=False)
        place = self.scratch / f"job-{os.getpid()}-{job.key[:16]}"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        process = context.Process(
            target=_in_process, args=(self.work, job, place, theirs, line_out), daemon=True
        )
        with _undisturbed():  # the server of processes must not be left half way
            process.start()
        theirs.close()
        line_out.close()
        limit = job.repo.time_limit
        deadline = time.monotonic() + limit if limit else float("inf")
        self._running[job.repo.name] = _Running(job, process, ours, line_in, place, deadline)

    def told(self, seconds: float) -> Iterator[Told]:
        """What jobs have told; those that take too long are stopped."""
        for one in [one for one in self._running.values() if one.ended]:
            self._forget(one)
        if not self._running:
            return
        waiting = [one.connection for one in self._running.values()]
        nearest = min(one.deadline for one in self._running.values())
        left = max(min(seconds, nearest - time.monotonic()), 0.0)
        ready = set(multiprocessing.connection.wait(waiting, left))
        for one in list(self._running.values()):
            if one.connection in ready:
                yield from self._hear(one)
            if not one.ended and time.monotonic() >= one.deadline:
                limit = one.job.repo.time_limit
                self._stop(one, f"it took more than the time limit of {limit:g} s")
        self._weigh()

    def _weigh(self) -> None:
        """Stop jobs whose processes take too much memory together."""
        limited = [
            one for one in self._running.values() if one.job.repo.memory_limit and not one.stopping
        ]
        if not limited or time.monotonic() < self._weighed + _WEIGHED:
            return
        self._weighed = time.monotonic()
        begun = processes.by_directory()
        for one in limited:
            limit = one.job.repo.memory_limit
            numbers = (one.process.pid, *begun.get(one.scratch, ()))
            if sum(map(processes.memory, numbers)) > limit:
                self._stop(one, f"it took more than the memory limit of {limit} bytes")

    def _hear(self, one: _Running) -> Iterator[Told]:
        """Take one message of a job, or that there will be none."""
        try:
            said = one.connection.recv()
        except (EOFError, OSError):
            self._forget(one)
            yield Lost(one.job.repo.name, one.stopping or _why(one))
            return
        if isinstance(said, Event):
            one.stage = said.stage
        else:
            one.ended = True
            self._forget(one)
            if one.stopping and said.state == "failed":
                log = said.files.get("log.txt", b"") + f"{one.stopping}\n".encode()
                files = {**said.files, "log.txt": log}
                said = replace(said, reason=one.stopping, files=files)
        yield said

    def _stop(self, one: _Running, why: str) -> None:
        """Tell a job that took too much to stop; if it does not, kill it."""
        if one.stopping:
            _kill(one.process.pid)
            return
        one.stopping = f"{why}, in the stage {one.stage}" if one.stage else why
        one.deadline = time.monotonic() + _GRACE
        with contextlib.suppress(ProcessLookupError):
            os.kill(one.process.pid, signal.SIGTERM)

    def _forget(self, one: _Running) -> None:
        """See that nothing is left of a job: no process, no file."""
        one.process.join(_GRACE)
        _kill(one.process.pid)
        one.process.join()
        kill_those_in(one.scratch)
        one.connection.close()
        one.lifeline.close()
        shutil.rmtree(one.scratch, ignore_errors=True)
        self._running.pop(one.job.repo.name, None)

    def close(self) -> None:
        """Stop all jobs and wait until they are gone."""
        for one in self._running.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(one.process.pid, signal.SIGTERM)
            one.connection.close()  # nobody will read what it has to say
        for one in list(self._running.values()):
            self._forget(one)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals that stop the runner wait."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _why(one: _Running) -> str:
    one.process.join(_GRACE)
    code = one.process.exitcode
    stage = f" in the stage {one.stage}" if one.stage else ""
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        limit = one.job.repo.memory_limit
        memory = f" (its memory limit is {limit} bytes)" if limit else ""
        return f"its process was ended by {name}{stage}{memory}"
    return f"its process ended without a result{stage} (exit code {code})"


def _kill(pid: int) -> None:
    """Kill a process and its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def sweep(scratch: Path) -> list[Path]:
    """Remove what jobs of runners that were killed left, processes and files; what went."""
    gone = []
    for place in sorted(scratch.glob("job-*")) if scratch.is_dir() else ():
        kill_those_in(place)
        shutil.rmtree(place, ignore_errors=True)
        gone.append(place)
    return gone


# --- in the process ------------------------------------------------------------------------------


class _Line:
    """What a job says to its runner: whole messages, also when it is told to stop meanwhile."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._busy = False
        self._stopped = False

    def send(self, told: Event | Result) -> None:
        """Send a message. Raises Stopped after one during which the process was told to stop."""
        self._busy = True
        try:
            self._connection.send(told)
        finally:
            self._busy = False
        if self._stopped:
            raise Stopped

    def stop(self, _signal: int, _frame: object) -> None:
        """Handle SIGTERM."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        self._stopped = True
        if not self._busy:
            raise Stopped


def _in_process(
    work: Callable[[Job, Path, Callable[[Event], None]], Result],
    job: Job,
    scratch: Path,
    connection: Connection,
    lifeline: Connection,
) -> None:
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    line = _Line(connection)
    signal.signal(signal.SIGTERM, line.stop)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())  # not as it was in the runner: `_undisturbed`
    threading.Thread(target=_die_with, args=(lifeline,), daemon=True).start()
    os.environ["TMPDIR"] = str(scratch)
    import tempfile

    tempfile.tempdir = str(scratch)
    _limit_memory(job.repo.memory_limit)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nowhere, descriptor)
    try:
        line.send(work(job, scratch, line.send))
    except (Stopped, BrokenPipeError):
        sys.exit(1)


def _die_with(lifeline: Connection) -> None:
    """End this process when the one that began it is gone."""
    with contextlib.suppress(EOFError, OSError):
        lifeline.recv()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE)
    os.killpg(0, signal.SIGKILL)


def _limit_memory(limit: int) -> None:
    if limit:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
