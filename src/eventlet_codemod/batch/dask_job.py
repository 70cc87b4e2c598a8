"""``python -m eventlet_codemod.batch.dask_job DIRECTORY``: one job, for a worker of Dask.

A worker with a nanny is daemonic and may not have processes of `multiprocessing`; a program of its
own may, and what it does to itself hurts no worker. The job comes on standard input, after its size
in 8 bytes; the result goes to standard output. Standard input then stays open for as long as the
result is wanted, so nothing is left of a job whose worker is killed.
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
    source = sys.stdin.buffer
    # what is printed by mistake must not get into the answer
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    job = pickle.loads(source.read(int.from_bytes(source.read(8), "big")))

    def wanted() -> bool:
        return not multiprocessing.connection.wait([source.fileno()], 0)

    told = run(job, Path(sys.argv[1]), wanted)
    if told is None:
        return 1
    with answer:
        pickle.dump(told, answer)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
