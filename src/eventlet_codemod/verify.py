"""The project's own tests before and after a run, each in a clean copy of the project."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eventlet_codemod import blocking
from eventlet_codemod.results import Comparison, ResultsError, compare, read_results


class VerifyError(Exception):
    """The tests could not be run, or nothing is known of them; the text says why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of the test command: its exit code, the tests, and all that it printed."""

    code: int
    tests: Mapping[str, str]
    printed: bytes


@contextmanager
def copies(root: Path, files: Sequence[str]) -> Iterator[tuple[Path, Path]]:
    """A copy of the project (``files``, relative to it) to test, and a directory around it."""
    with tempfile.TemporaryDirectory(prefix="eventlet-codemod-verify-") as scratch:
        place = Path(scratch, root.name or "project")
        _copy(root, files, place)
        yield place, Path(scratch)


def _copy(root: Path, files: Sequence[str], place: Path) -> None:
    for name in files:
        target = place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (root / name).is_symlink() or (root / name).is_file():
            shutil.copy2(root / name, target, follow_symlinks=False)


def run_tests(
    place: Path,
    command: str,
    scratch: Path,
    *,
    block: str | None,
    seconds: float | None,
    told: Callable[[bytes], object] = lambda _: None,
) -> Outcome:
    """Run the test command in a copy. ``block``: "project", "all" or None. Raises VerifyError.

    ``told`` gets what was printed, also by a command that did not come to its end.
    """
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    # the copy comes before a project that is installed from its directory
    paths = [str(path) for path in (place / "src", place) if path.is_dir()]
    if block is not None:
        first = scratch / "blocked"
        first.mkdir(exist_ok=True)
        shutil.copyfile(blocking.__file__, first / "sitecustomize.py")
        paths.insert(0, str(first))
        environment["EVENTLET_CODEMOD_BLOCK"] = "all" if block == "all" else str(place)
    paths += filter(None, [environment.get("PYTHONPATH")])
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    process = subprocess.Popen(
        command,
        cwd=place,
        env=environment,
        shell=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        printed, _ = process.communicate(timeout=seconds)
    except BaseException as error:
        # The shell is not all of it: what it began holds the pipe, and must not live on.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        told(process.communicate()[0])
        if isinstance(error, subprocess.TimeoutExpired):
            raise VerifyError(f"the tests took more than {seconds:g} s") from error
        raise
    told(printed)
    return _outcome(process.returncode, printed)


def read_outcome(log: Path) -> Outcome:
    """What an earlier run printed, read again; its exit code is not known and taken for 0.

    Raises VerifyError.
    """
    return _outcome(0, log.read_bytes())


def _outcome(code: int, printed: bytes) -> Outcome:
    try:
        return Outcome(code, read_results(printed), printed)
    except ResultsError as error:
        raise VerifyError(str(error)) from error


def judge(before: Outcome, after: Outcome) -> Comparison:
    """Compare two runs. Raises VerifyError where the first one told of no test."""
    if not before.tests:
        lines = before.printed.decode(errors="replace").strip().splitlines()
        last = (lines or ["nothing was printed"])[-1]
        raise VerifyError(
            f"the test command told of no test (exit code {before.code}: {last}); "
            "let it name each one, as `pytest -v`, `python -m unittest -v` and `stestr run` do"
        )
    return compare(before.tests, after.tests)
