"""``python -m eventlet_codemod.batch.dask_job DIRECTORY``: jobs, for a worker of Dask.

A worker with a nanny is daemonic and may not have processes of `multiprocessing`; a program of its
own may, and what it does to itself hurts no worker. A job comes on standard input, after its size
in 8 bytes; the result goes to standard output in the same way, and then comes the next job.
Standard input stays open for as long as the result is wanted, so nothing is left of a job whose
worker is killed. A program that has no job for a minute ends.
"""

from __future__ import annotations

import multiprocessing.connection
import os
import pickle
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from eventlet_codemod.batch.executors import Lost, Processes
from eventlet_codemod.batch.job import Event, Job, Result
from eventlet_codemod.batch.worker import Carried

_IDLE = 60.0  # seconds without a job
_HEARTBEAT = 0.5  # seconds between two looks at whether the result is still wanted


def run(job: Job, directory: Path, wanted: Callable[[], bool]) -> Result | Lost | None:
    """Do a job with a process and files below ``directory``; None when it is not wanted."""
    scratch = Path(tempfile.mkdtemp(prefix="eventlet-codemod-", dir=directory))
    executor = Processes(1, scratch, Carried())
    try:
        executor.start(job)
        while wanted():
            for told in executor.told(_HEARTBEAT):
                if not isinstance(told, Event):
                    return told
        return None
    finally:
        executor.close()
        shutil.rmtree(scratch, ignore_errors=True)


def _main() -> int:
    directory = Path(sys.argv[1])
    source = sys.stdin.buffer
    # what is printed by mistake must not get into the answer
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))

    def wanted() -> bool:
        return not multiprocessing.connection.wait([source.fileno()], 0)

    with answer:
        while multiprocessing.connection.wait([source.fileno()], _IDLE):
            size = source.read(8)
            if not size:
                break
            told = run(pickle.loads(source.read(int.from_bytes(size, "big"))), directory, wanted)
            if told is None:
                return 1
            packed = pickle.dumps(told, pickle.HIGHEST_PROTOCOL)
            answer.write(len(packed).to_bytes(8, "big") + packed)
            answer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(_main())
