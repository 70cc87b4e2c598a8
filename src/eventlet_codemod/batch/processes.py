"""The processes that a job has begun, wherever they went: Linux alone tells of them.

They are known by their directory for temporary files, which is that of the job.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

_PROC = Path("/proc")


def by_directory() -> Mapping[Path, Sequence[int]]:
    """The ids of all processes that have a TMPDIR, by that; of those that may be looked at."""
    found: dict[Path, list[int]] = {}
    for place in _PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            for word in (place / "environ").read_bytes().split(b"\0"):
                if word.startswith(b"TMPDIR="):
                    directory = Path(os.fsdecode(word.removeprefix(b"TMPDIR=")))
                    found.setdefault(directory, []).append(int(place.name))
    return found


def kill_those_in(scratch: Path) -> None:
    """Kill what a job began in sessions of their own; elsewhere it ends when it wants to."""
    for number in by_directory().get(scratch, ()):
        with contextlib.suppress(OSError):
            os.kill(number, signal.SIGKILL)


def memory(number: int) -> int:
    """Bytes of memory that a process has; what it shares is divided among those who do."""
    with contextlib.suppress(OSError):
        told = (_PROC / str(number) / "smaps_rollup").read_bytes()
        if found := re.search(rb"^Pss:\s+(\d+) kB", told, re.MULTILINE):
            return int(found[1]) * 1024
    return 0
