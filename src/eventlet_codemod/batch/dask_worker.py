"""What runs in a worker of Dask: it hands a job to a program, and stops that when it is given up.

The scheduler imports this as well, as it does with all that is submitted.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import wait

from distributed import Worker, get_worker

from eventlet_codemod.batch.executors import Lost
from eventlet_codemod.batch.job import Result, tool_identity

_HEARTBEAT = 0.5  # seconds between two looks at whether the result is still wanted
_GRACE = 30.0  # seconds in which a program that is told to stop takes all its files away


class Unlike(Exception):
    """A machine of the cluster would not give the same results as others; the text is one line."""


def identity() -> tuple[str, str]:
    """What must be the same everywhere: the tool and the minor version of Python."""
    return tool_identity(), f"{sys.version_info.major}.{sys.version_info.minor}"


def perform(packed: bytes, wanted: tuple[str, str], topic: str) -> Result | Lost:
    """Do a pickled job. Raises Unlike, and OSError when its program came to no answer."""
    worker = get_worker()
    if difference := unlike(worker.address, identity(), wanted):
        raise Unlike(difference)
    key = worker.get_current_task()
    worker.log_event(topic, key)  # its time begins now, not when it was queued
    answer = answered(packed, worker.local_directory, lambda: _is_wanted(worker, key))
    told = pickle.loads(answer)
    assert isinstance(told, Result | Lost)
    return told


def unlike(place: str, here: tuple[str, str], wanted: tuple[str, str]) -> str:
    """In what a machine is not as the driver, "" when it is."""
    for what, its, ours in zip(("eventlet-codemod", "Python"), here, wanted, strict=True):
        if its != ours:
            return f"{place} has {what} {its}, and this machine {ours}: they must be the same"
    return ""


def _is_wanted(worker: Worker, key: object) -> bool:
    # Dask does not stop a thread whose task was cancelled or whose client is gone: it only forgets
    state = worker.state.tasks.get(key)
    return state is not None and state.state != "cancelled"


class _Program:
    """A ``dask_job`` that does one job after the other."""

    def __init__(self, directory: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "eventlet_codemod.batch.dask_job", directory],
            cwd=directory,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the worker, which then tells it
        )

    @property
    def code(self) -> int | None:
        """Its exit code, None while it is there."""
        return self._process.poll()

    def ask(self, packed: bytes, wanted: Callable[[], bool]) -> bytes | None:
        """Its answer to a job, None when it went before it gave one. Raises OSError."""
        source, sink = self._process.stdout, self._process.stdin
        assert source and sink
        try:
            sink.write(len(packed).to_bytes(8, "big") + packed)
            sink.flush()
        except BrokenPipeError:
            return None
        told = bytearray()
        while len(told) < 8 or len(told) < 8 + int.from_bytes(told[:8], "big"):
            if not wanted():
                raise OSError("nobody wants the result any more")
            if wait([source.fileno()], _HEARTBEAT):
                part = os.read(source.fileno(), 1 << 20)
                if not part:
                    return None
                told += part
        return bytes(told[8:])

    def end(self) -> None:
        """Let it stop what it does, and wait until it is gone."""
        sink = self._process.stdin
        assert sink
        with contextlib.suppress(BrokenPipeError):
            sink.close()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout
        self._process.stdout.close()


def answered(packed: bytes, directory: str, wanted: Callable[[], bool]) -> bytes:
    """What the program of a job answers. Raises OSError when it does not.

    A program that has answered is kept for the next job, since it takes long to begin.
    """
    program = _idle(directory) or _Program(directory)
    while (answer := _asked(program, packed, wanted)) is None:
        if program.code:
            raise OSError(f"the program of the job ended without a result ({program.code})")
        program = _Program(directory)  # that one had had nothing to do for long, and was going
    with _LOCK:
        _IDLE.setdefault(directory, []).append(program)
    return answer


def _asked(program: _Program, packed: bytes, wanted: Callable[[], bool]) -> bytes | None:
    try:
        answer = program.ask(packed, wanted)
    except BaseException:
        program.end()
        raise
    if answer is None:
        program.end()
    return answer


_LOCK = threading.Lock()
_IDLE: dict[str, list[_Program]] = {}


def _idle(directory: str) -> _Program | None:
    with _LOCK:
        while programs := _IDLE.get(directory):
            program = programs.pop()
            if program.code is None:
                return program
    return None
