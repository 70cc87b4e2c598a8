"""A campaign that is disturbed in every way that is known: nothing is lost or done twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from stand import SLEEP, Stand, commit, git, make

pytestmark = pytest.mark.slow

BATCH = [sys.executable, "-m", "eventlet_codemod", "batch"]
CLEAN = {"pkg/__init__.py": "print('nothing')\n"}
TEST = """
    import unittest
    from pkg import pause


    class Test(unittest.TestCase):
        def test_name(self):
            self.assertTrue(pause.pause)
"""


def batch(stand: Stand, *arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*BATCH, *arguments],
        cwd=stand.root,
        capture_output=True,
        text=True,
        timeout=300,
        **more,  # type: ignore[call-overload]
    )


@pytest.fixture
def stand(tmp_path: Path) -> Stand:
    """Six repositories: four that change, one of them with tests, one without eventlet."""
    made = Stand(tmp_path)
    for number in range(4):
        files = {"pkg/__init__.py": "", "pkg/pause.py": SLEEP, "pkg/more.py": SLEEP * (number + 1)}
        make(tmp_path / f"repos/r{number}", {**files, "tests.py": TEST})
    make(tmp_path / "repos/clean", CLEAN)
    make(tmp_path / "repos/broken", {"pkg/pause.py": SLEEP, "pkg/bad.py": "import eventlet\n(\n"})
    command = f"{sys.executable} -m unittest -v tests"
    (tmp_path / "m.toml").write_text(
        "[[source]]\nglob = 'repos/*'\n"
        f"[[repo]]\nname = 'r1'\ntest-cmd = '{command}'\n"
        f"[[repo]]\nname = 'r2'\ntest-cmd = '{command}'\n"
    )
    return made


def results(out: Path) -> dict[str, bytes]:
    """What a campaign has made, without what tells of time."""
    found = {}
    for path in sorted((out / "results").rglob("*")):
        if path.is_file() and path.name != "log.txt":
            found[path.relative_to(out).as_posix()] = path.read_bytes()
    return found


def files_of(out: Path) -> dict[str, tuple[int, int]]:
    """Every file of results that are there, with what changes when it is written again."""
    return {
        path.relative_to(out).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in sorted((out / "repos").rglob("*"))
        for path in (path.resolve().rglob("*") if path.is_symlink() else ())
    }


def finished(out: Path) -> set[str]:
    """The repositories that have a result in the journal."""
    import sqlite3

    path = out / "journal.sqlite3"
    if not path.exists():
        return set()
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        rows = database.execute("select result from repo where state != 'running'")
        return {row[0] for row in rows}
    except sqlite3.OperationalError:
        return set()  # it is about to be made
    finally:
        database.close()


def processes_in(directory: Path) -> Iterator[str]:
    """What still runs with its temporary files in a directory, or has it as an argument."""
    wanted = os.fsencode(directory)
    for place in Path("/proc").glob("[0-9]*"):
        try:
            said = (place / "environ").read_bytes() + (place / "cmdline").read_bytes()
        except OSError:
            continue
        if wanted in said and int(place.name) != os.getpid():
            yield f"{place.name}: {(place / 'cmdline').read_bytes()!r}"


def nothing_left(stand: Stand, out: Path) -> None:
    assert not list((out / "scratch").iterdir())
    assert not list((out / "cache/worktrees").iterdir())
    assert not list((out / "cache/fetching").iterdir())
    assert not [place for place in (out / "results").iterdir() if place.suffix]


def test_a_runner_that_is_killed_goes_on(stand: Stand) -> None:
    """At 20 moments that nobody has chosen."""
    done = batch(stand, "run", "m.toml", "--output-dir", "whole", "--jobs", "2")
    assert done.returncode == 3, done.stderr  # pkg/bad.py
    whole = results(stand.root / "whole")
    assert len([path for path in whole if path.endswith(".patch")]) == 9
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    out = stand.root / "out"
    kills = 0
    before: dict[str, tuple[int, int]] = {}
    while kills < 20:
        process = subprocess.Popen(
            [*BATCH, "run", "m.toml", "--output-dir", "out", "--jobs", "2"],
            cwd=stand.root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            # Time is what is drawn here: a kill at any point of the run.
            _, said = process.communicate(timeout=chance.uniform(0.3, 4.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            kills += 1
            kept = finished(out)
            written = files_of(out) if out.exists() else {}
            before = {path: at for path, at in written.items() if path.rpartition("/")[0] in kept}
            again = batch(stand, "status", "m.toml", "--output-dir", "out")
            assert again.returncode in (1, 2, 3), again.stderr
            continue
        assert process.returncode == 3, said
        assert results(out) == whole
        after = files_of(out)
        assert all(after[path] == at for path, at in before.items())
        shutil.rmtree(out)
        before = {}
    done = batch(stand, "run", "m.toml", "--output-dir", "out", "--jobs", "2")
    assert done.returncode == 3, done.stderr
    assert results(out) == whole
    nothing_left(stand, out)
    assert not list(processes_in(out))


def test_a_worker_that_is_killed_hurts_no_other(stand: Stand) -> None:
    """The second process that a job begins writes who its worker is, and waits to be killed."""
    (stand.root / "kill.toml").write_text(
        "[[source]]\nglob = 'repos/*'\n"
        "[[repo]]\nname = 'r1'\ntest-cmd = 'kill -9 $PPID; sleep 60'\n"
    )
    done = batch(stand, "run", "kill.toml", "--output-dir", "out", "--jobs", "2")
    assert done.returncode == 3
    assert "r1: failed in the stage tests: its process was ended by SIGKILL" in done.stderr
    assert "5 with a series" not in done.stderr and "1 failed" in done.stderr
    nothing_left(stand, stand.root / "out")
    assert not list(processes_in(stand.root / "out"))


def test_a_test_command_that_hangs(stand: Stand) -> None:
    (stand.root / "hang.toml").write_text(
        "[[source]]\nglob = 'repos/*'\n"
        "[[repo]]\nname = 'r1'\ntest-cmd = 'trap \"\" TERM; sleep 1000 & wait'\ntime-limit = '4s'\n"
    )
    done = batch(stand, "run", "hang.toml", "--output-dir", "out", "--jobs", "2")
    assert done.returncode == 3
    assert "r1: failed in the stage tests: " in done.stderr and "4 s" in done.stderr
    nothing_left(stand, stand.root / "out")
    assert not list(processes_in(stand.root / "out"))


def test_too_much_memory(stand: Stand) -> None:
    big = "import eventlet\nx = [\n" + "    1,\n" * 3_000_000 + "]\n"
    commit(stand.root / "repos/r1", {"pkg/big.py": big})
    (stand.root / "big.toml").write_text(
        "[[source]]\nglob = 'repos/*'\n[[repo]]\nname = 'r1'\nmemory-limit = '600M'\n"
    )
    done = batch(stand, "run", "big.toml", "--output-dir", "out", "--jobs", "2")
    assert done.returncode == 3
    line = next(line for line in done.stderr.splitlines() if line.startswith("error: r1: "))
    assert "memory" in line
    assert "r2: " in done.stderr and "error: r2" not in done.stderr


def test_an_address_that_nobody_answers_and_a_hostile_repository(stand: Stand) -> None:
    hostile = stand.root / "repos/hostile"
    marker = stand.root / "it-ran"
    make(hostile, {"pkg/pause.py": SLEEP, ".gitattributes": "*.py filter=evil diff=evil\n"})
    for name, value in {
        "core.fsmonitor": f"touch {marker}",
        "core.sshCommand": f"touch {marker}",
        "filter.evil.smudge": f"touch {marker}; cat",
        "filter.evil.clean": f"touch {marker}; cat",
        "diff.evil.textconv": f"touch {marker}; cat",
        "uploadpack.packObjectsHook": f"touch {marker}",
        "alias.fetch": f"!touch {marker}",
    }.items():
        git(hostile, "config", name, value)
    for name in ("post-checkout", "pre-commit", "post-commit", "pre-auto-gc", "applypatch-msg"):
        hook = hostile / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {marker}\n")
        hook.chmod(0o755)
    (stand.root / "bad.toml").write_text(
        "[[source]]\nglob = 'repos/*'\n"
        "[[repo]]\nurl = 'https://127.0.0.1:1/nobody/there'\n"
        "[[repo]]\nurl = 'https://user:secret@127.0.0.1:1/nobody/else'\n"
    )
    done = batch(stand, "run", "bad.toml", "--output-dir", "out", "--jobs", "2")
    assert done.returncode == 3
    assert not marker.exists()
    assert "error: nobody/there: failed in the stage fetch: " in done.stderr
    assert (stand.root / "out/repos/hostile/patches").is_dir()
    told = b"".join(p.read_bytes() for p in (stand.root / "out").rglob("*") if p.is_file())
    assert b"secret" not in told.replace(b"secrets", b"") and "secret" not in done.stderr


def test_two_runners_at_once(stand: Stand) -> None:
    first = subprocess.Popen(
        [*BATCH, "run", "m.toml", "--output-dir", "out", "--jobs", "1"],
        cwd=stand.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert first.stderr is not None
    line = first.stderr.readline()  # it has finished its first repository
    second = batch(stand, "run", "m.toml", "--output-dir", "out")
    assert second.returncode == 2, line
    assert f"another run, process {first.pid}, works there" in second.stderr
    status = batch(stand, "status", "m.toml", "--output-dir", "out", "-v")
    assert status.returncode in (1, 3) and "not tried" in status.stdout
    first.communicate()
    assert first.returncode == 3


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_interrupted(stand: Stand, signal_number: int) -> None:
    process = subprocess.Popen(
        [*BATCH, "run", "m.toml", "--output-dir", "out", "--jobs", "1"],
        cwd=stand.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal_number)
    _, said = process.communicate(timeout=180)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert not list(processes_in(stand.root / "out"))
    assert batch(stand, "run", "m.toml", "--output-dir", "out").returncode == 3
    nothing_left(stand, stand.root / "out")


def test_a_disk_that_is_full(stand: Stand) -> None:
    """A file system of 3 MB, in a namespace of its own."""
    script = (
        "mkdir -p small && mount -t tmpfs -o size=1500k none small || exit 99\n"
        f"{sys.executable} -m eventlet_codemod batch run m.toml --output-dir small/out --jobs 1\n"
        "echo code $?\n"
        "mount -o remount,size=200m small || exit 99\n"
        f"{sys.executable} -m eventlet_codemod batch retry m.toml --failed --output-dir small/out\n"
        f"{sys.executable} -m eventlet_codemod batch run m.toml --output-dir small/out\n"
        "echo code $?; cp -r small/out kept\n"
    )
    words = ["unshare", "--mount", *([] if os.getuid() == 0 else ["--map-root-user"])]
    try:
        done = subprocess.run(
            [*words, "sh", "-c", script],
            cwd=stand.root,
            capture_output=True,
            text=True,
            timeout=300,
        )
    except FileNotFoundError:
        pytest.skip("there is no unshare")
    if done.returncode == 99 or "unshare" in done.stderr:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    assert "No space left on device" in done.stderr or "full" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and "a bug" not in done.stderr, done.stderr
    codes = [line for line in done.stdout.splitlines() if line.startswith("code")]
    assert codes[0] in ("code 2", "code 3") and codes[1] == "code 3", done.stderr
    batch(stand, "run", "m.toml", "--output-dir", "whole")
    assert results(stand.root / "kept") == results(stand.root / "whole")
