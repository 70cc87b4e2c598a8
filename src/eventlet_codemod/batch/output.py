"""The output directory of a campaign: who works in it, and where results are.

lock                   held by the runner
journal.sqlite3        what is done
campaign.lock.json     the commits that the refs stood for
repos/NAME/            a link to the results of that repository
results/NAME-KEY/      ledger.json, patches/, series.mbox, series.bundle, log.txt
unfinished/NAME-KEY/   what stages have made of it that is not finished
cache/, scratch/       mirrors; temporary files of jobs
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from eventlet_codemod.batch.job import Result
from eventlet_codemod.batch.journal import Known
from eventlet_codemod.source import is_temporary, write_atomic


class OutputError(Exception):
    """The output directory cannot be used; the text is one line."""


@dataclass(frozen=True, slots=True)
class Output:
    """An output directory."""

    root: Path

    @property
    def scratch(self) -> Path:
        """Where jobs keep what they need while they run."""
        return self.root / "scratch"

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Work in it alone. Raises OutputError while another runner does."""
        self.root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            if not _locked(descriptor):
                pid = os.read(descriptor, 32).decode(errors="replace").strip()
                who = f", process {pid}," if pid else ""
                said = f"{self.root}: another run{who} works there; `batch status` shows how far"
                raise OutputError(said)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
            yield
        finally:
            os.close(descriptor)

    def is_held(self) -> bool:
        """Whether a runner works in it."""
        try:
            descriptor = os.open(self.root / "lock", os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(descriptor)
        return False

    # --- results -------------------------------------------------------------------------------

    def keep(self, name: str, key: str, files: Mapping[str, bytes]) -> None:
        """Keep what a stage has made, for a later attempt."""
        _write(self._unfinished(name, key), files)

    def kept(self, name: str, key: str) -> dict[str, bytes]:
        """What stages of an earlier attempt have made, and written whole."""
        place = self._unfinished(name, key)
        return {
            path.relative_to(place).as_posix(): path.read_bytes()
            for path in sorted(place.rglob("*"))
            if path.is_file() and not is_temporary(path.name)
        }

    def finish(self, result: Result) -> str:
        """Put the files of a result where they stay, all at once; the directory, relative."""
        place = self.root / "results" / _slug(result.name, result.key)
        fresh = place.with_name(f"{place.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        _write(fresh, result.files)
        if place.exists():
            old = place.with_name(f"{place.name}.old")
            shutil.rmtree(old, ignore_errors=True)
            place.rename(old)
            fresh.rename(place)
            shutil.rmtree(old, ignore_errors=True)
        else:
            fresh.rename(place)
        self._link(result.name, place)
        return place.relative_to(self.root).as_posix()

    def forget_unfinished(self, name: str, key: str) -> None:
        """Remove what was kept of a repository that has its result."""
        shutil.rmtree(self._unfinished(name, key), ignore_errors=True)

    def _link(self, name: str, place: Path) -> None:
        """Let the repository's own name lead to its newest results."""
        link = self.root / "repos" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        fresh = link.with_name(f".{link.name}.new")  # the name of no repository begins so
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.path.relpath(place, link.parent))
        fresh.replace(link)

    def _unfinished(self, name: str, key: str) -> Path:
        return self.root / "unfinished" / _slug(name, key)

    def sweep(self, known: Iterable[Known]) -> None:
        """Remove what a runner that was killed left, and what no entry of the journal leads to."""
        from eventlet_codemod.batch.executors import sweep

        sweep(self.scratch)
        for place in (*self.root.glob(".*"), *self.root.glob("tables/.*")):
            if is_temporary(place.name):
                place.unlink(missing_ok=True)
        entries = list(known)
        keep = {entry.result for entry in entries}
        begun = {self._unfinished(entry.name, entry.key) for entry in entries}
        for place in (self.root / "unfinished").glob("*"):
            if place not in begun:
                shutil.rmtree(place, ignore_errors=True)
        for place in (self.root / "results").glob("*"):
            name = f"results/{place.name}"
            if place.suffix == ".old" and not place.with_suffix("").exists():
                place.rename(place.with_suffix(""))
            elif place.suffix in (".new", ".old") or name not in keep:
                shutil.rmtree(place, ignore_errors=True)


def _locked(descriptor: int) -> bool:
    """Lock a file, if nobody else has it for long: who looks on has it for a moment."""
    for last in (False,) * 9 + (True,):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise
        else:
            return True
        if not last:
            time.sleep(0.05)
    return False


def _slug(name: str, key: str) -> str:
    return f"{name.replace('/', '_')}-{key[:16]}"


def _write(place: Path, files: Mapping[str, bytes]) -> None:
    place.mkdir(parents=True, exist_ok=True)
    for path, data in files.items():
        parts = PurePosixPath(path)
        assert not parts.is_absolute() and ".." not in parts.parts
        target = place / parts
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(target, data)
