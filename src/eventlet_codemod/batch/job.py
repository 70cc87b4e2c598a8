"""What is done to one repository, as values: a job goes to a worker, events and a result come back.

A job carries all that its result depends on, so the same job gives the same bytes wherever it runs.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import eventlet_codemod
from eventlet_codemod.batch.model import Counts, Repo, StageRow, State

#: Fields of a repository that its result depends on; the others say when, how fast and where to.
_DECISIVE = (
    *("name", "settings", "split", "max_lines", "subject_prefix"),
    *("test_cmd", "test_block", "depends_on"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One repository at one commit.

    ``tool`` names the version and the code that is to do it, ``author`` is name and address for
    its commits, ``key`` what its result is known by. ``footers`` are lines at the end of each
    commit message, ``kept`` the files that stages of an earlier attempt made, by path, and ``done``
    these stages. ``data`` is the commit itself for a worker that cannot fetch it, b"" elsewhere.
    """

    repo: Repo
    commit: str
    campaign: str
    tool: str
    author: tuple[str, str]
    key: str
    footers: tuple[str, ...] = ()
    kept: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    done: tuple[str, ...] = ()
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a worker tells while it works: a stage began, or is done with the files that it made."""

    name: str
    stage: str
    state: Literal["began", "done", "skipped"]
    seconds: float = 0.0
    detail: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a job.

    ``files`` are its output by relative path: ``ledger.json``, ``patches/…``, ``series.mbox``,
    ``series.bundle``, ``log.txt``. ``stage`` and ``reason`` say where and why it failed; a reason
    without failure is what a person must know. ``head`` is the last commit of the series, ``needs``
    are the distributions that the project (called ``distribution``) requires. ``seconds`` is wall
    time, ``cpu_seconds`` that of all its processes, ``peak_memory`` bytes.
    """

    name: str
    key: str
    state: State
    stage: str = ""
    reason: str = ""
    counts: Counts | None = None
    head: str = ""
    tests: str = ""
    distribution: str = ""
    needs: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    stages: tuple[StageRow, ...] = ()
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory: int = 0


class Stopped(BaseException):
    """The process of a job is told to stop: nothing may hold it up, all may clean up."""

    def __str__(self) -> str:
        return "it was stopped"


def key_of(repo: Repo, commit: str, tool: str, author: tuple[str, str], campaign: str) -> str:
    """What a result is known by: the base, the tool and the settings, as hex digits."""
    settings = {name: getattr(repo, name) for name in _DECISIVE}
    parts = {"commit": commit, "tool": tool, "author": author, "campaign": campaign, **settings}
    text = json.dumps(parts, sort_keys=True, default=list)
    return hashlib.sha256(text.encode()).hexdigest()


@functools.cache
def tool_identity() -> str:
    """The version of this tool and a digest of its code: a checkout changes between versions.

    It is the same in a checkout and where the tool was installed from that.
    """
    from eventlet_codemod.codemods.loading import packs

    root = Path(eventlet_codemod.__file__).parent
    named = {path.relative_to(root).as_posix(): path for path in root.rglob("*")}
    code = {name: path for name, path in named.items() if not name.startswith("packs/")}
    code |= {f"packs/{path.name}": path for path in packs()}  # they may stand elsewhere
    digest = hashlib.sha256()
    for name, path in sorted(code.items()):
        if path.suffix in (".py", ".toml", ".json") and path.is_file():
            digest.update(name.encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{eventlet_codemod.__version__}+{digest.hexdigest()[:12]}"
