"""What runs in a worker of Dask: it hands a job to a program, and stops that when it is given up.

The scheduler imports this as well, as it does with all that is submitted.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
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


def answered(packed: bytes, directory: str, wanted: Callable[[], bool]) -> bytes:
    """What the program of a job answers. Raises OSError when it does not."""
    command = [sys.executable, "-P", "-m", "eventlet_codemod.batch.dask_job", directory]
    with subprocess.Popen(
        command,
        cwd=directory,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the worker, which then tells it
    ) as program:
        assert program.stdin and program.stdout
        try:
            program.stdin.write(len(packed).to_bytes(8, "big") + packed)
            program.stdin.flush()
            parts = []
            while wanted():
                if wait([program.stdout.fileno()], _HEARTBEAT):
                    part = os.read(program.stdout.fileno(), 1 << 20)
                    if not part:
                        break
                    parts.append(part)
        finally:
            with contextlib.suppress(BrokenPipeError):
                program.stdin.close()
            try:
                program.wait(_GRACE)
            except subprocess.TimeoutExpired:
                program.kill()
    if program.returncode:
        raise OSError(f"the program of the job ended without a result ({program.returncode})")
    return b"".join(parts)
