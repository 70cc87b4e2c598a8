"""The stages of a series, for commands that go through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventlet_codemod.cli.terminal import Progress
from eventlet_codemod.work import cores

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from eventlet_codemod.cli.options import Options
    from eventlet_codemod.engine import FileChange
    from eventlet_codemod.remembered import Memory
    from eventlet_codemod.series import Patch
    from eventlet_codemod.work import Work


def of(
    options: Options, done: Work, memory: Memory, split: str = "rule", most: int = 100
) -> list[Patch]:
    """The patches of a run that is done already, with that ``memory``."""
    from eventlet_codemod import series

    def run_with(codes: Sequence[str] | None) -> Sequence[FileChange]:
        if codes is None:
            return done.changes
        jobs = options.jobs or cores()
        with Progress(options.people) as progress:
            return done.again(codes, jobs=jobs, memory=memory, progress=progress).changes

    return series.plan(run_with, split, most)


def write(place: Path, files: Mapping[str, bytes | None]) -> None:
    """Put the files of a patch into a copy of the project."""
    for path, data in files.items():
        target = place / path
        if data is None:
            target.unlink(missing_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
