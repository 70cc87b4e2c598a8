"""Campaigns over real repositories: what comes of each, and what is done only once."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from stand import SLEEP, TREES, Stand, commit, git, rows

from eventlet_codemod.batch import lock
from eventlet_codemod.batch.campaign import in_turn
from eventlet_codemod.batch.journal import Known
from eventlet_codemod.batch.model import Repo
from eventlet_codemod.batch.output import Output, OutputError
from eventlet_codemod.batch.perform import StageFailed, _check_file
from eventlet_codemod.config import ConfigError
from eventlet_codemod.ledger import FileEntry


@pytest.fixture
def stand(tmp_path: Path) -> Stand:
    return Stand(tmp_path)


def everything(root: Path) -> dict[str, bytes]:
    """All files below a directory."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_each_repository_has_what_came_of_it(stand: Stand) -> None:
    repos = [stand.repo(name) for name in ("changed", "left", "clean", "broken")]
    before = [everything(Path(repo.path)) for repo in repos]
    gone = Repo(name="gone", path=str(stand.root / "nowhere"))
    seen = rows(stand.run(*repos, gone))
    states = {name: row.state for name, row in seen.items()}
    assert states == {
        "changed": "changed",
        "left": "left",
        "clean": "clean",
        "broken": "changed",
        "gone": "failed",
    }
    assert seen["broken"].reason.startswith("pkg/bad.py:2: ")
    assert (seen["gone"].stage, seen["gone"].attempts) == ("fetch", 1)
    assert "nowhere" in seen["gone"].reason
    assert [everything(Path(repo.path)) for repo in repos] == before
    changed = seen["changed"]
    assert changed.counts is not None
    assert (changed.counts.uses, changed.counts.left, changed.counts.patches) == (2, 0, 2)
    assert [row.stage for row in changed.stages if row.state == "done"] == [
        "fetch",
        "scan",
        "rewrite",
        "checks",
        "commit",
        "export",
    ]
    place = stand.output / "repos/changed"
    git(Path(repos[0].path), "am", "--quiet", *map(str, sorted((place / "patches").iterdir())))
    assert "time.sleep(1)" in (stand.root / "repos/changed/pkg/pause.py").read_text()
    assert not list((stand.output / "scratch").iterdir())
    assert not list((stand.output / "cache/worktrees").iterdir())


def test_what_has_its_result_is_not_done_again(stand: Stand) -> None:
    repos = [stand.repo(name) for name in ("changed", "clean")]
    first = rows(stand.run(*repos))
    again = rows(stand.run(*repos))
    assert all(row.cached and row.attempts == 1 for row in again.values())
    assert [row.counts for row in first.values()] == [row.counts for row in again.values()]
    commit(Path(repos[1].path), {"pkg/more.py": "import eventlet\neventlet.sleep(2)\n"})
    after = rows(stand.run(*repos))
    assert (after["changed"].cached, after["clean"].cached) == (True, False)
    assert after["clean"].state == "changed"
    other = stand.repo("changed", settings={"select": ["monkey-patch"]})
    assert not rows(stand.run(other, repos[1]))["changed"].cached


def test_a_failure_stays_until_it_is_tried_again(stand: Stand) -> None:
    hanging = stand.repo("changed", test_cmd="echo so far; sleep 60 & wait", time_limit=3.0)
    failed = rows(stand.run(hanging))["changed"]
    assert (failed.state, failed.stage) == ("failed", "tests")
    assert "more than the time limit of 3 s" in failed.reason
    assert failed.patches and failed.ledger
    log = (stand.output / failed.log).read_text()
    assert "-- before: echo so far; sleep 60 & wait\nso far\n" in log
    assert log.endswith(f"{failed.reason}\n")
    assert failed.counts is not None and failed.counts.uses > 0 and failed.cached is False
    assert rows(stand.run(hanging))["changed"].attempts == 1
    longer = replace(hanging, time_limit=4.0)
    again = rows(stand.run(longer, again=("changed",)))["changed"]
    assert (again.attempts, again.state) == (2, "failed")
    assert "time limit of 4 s" in again.reason


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="Linux alone tells")
def test_processes_of_a_job_share_its_memory_limit(stand: Stand) -> None:
    hold = "import signal; x = bytes(range(256)) * 400_000; signal.pause()"  # 100 MB each
    command = f'{sys.executable} -c "{hold}" & ' * 4 + "wait"
    repo = stand.repo("changed", test_cmd=command, memory_limit=300_000_000)
    greedy = rows(stand.run(repo))["changed"]
    assert (greedy.state, greedy.stage) == ("failed", "tests")
    limit = "it took more than the memory limit of 300000000 bytes, in the stage tests"
    assert greedy.reason == limit


def test_what_a_job_had_made_whose_process_is_gone(stand: Stand) -> None:
    repo = stand.repo("changed", test_cmd="kill -KILL $PPID; sleep 60")
    lost = rows(stand.run(repo))["changed"]
    assert (lost.state, lost.stage) == ("failed", "tests")
    assert lost.reason == "its process was ended by SIGKILL in the stage tests"
    log = (stand.output / lost.log).read_text()
    wanted = ["== fetch", "== scan", "== rewrite", "== checks", "== tests"]
    assert log.splitlines() == [*wanted, f"failed: {lost.reason}"]
    whole = rows(stand.run(replace(repo, test_cmd="")))["changed"]
    assert whole.counts is not None and lost.counts == whole.counts
    assert sorted(path.name for path in (stand.output / lost.ledger).parent.iterdir()) == [
        *("ledger.json", "log.txt", "patches", "series.mbox"),
    ]


def test_tests_are_run_before_and_after(stand: Stand) -> None:
    test = """
        import time
        import unittest
        from unittest import mock
        from pkg import pause


        class Test(unittest.TestCase):
            def test_pause(self):
                with mock.patch("time.sleep") as sleep, mock.patch("eventlet.sleep", sleep):
                    pause.pause()
                sleep.assert_called_once_with(1)

            def test_name(self):
                with open(pause.__file__) as file:
                    self.assertIn("import eventlet", file.read())
    """
    command = f"{sys.executable} -m unittest -v tests"
    patched = {"monkey-patched": "yes"}
    files = {
        "pkg/__init__.py": "",
        "pkg/pause.py": SLEEP.replace("eventlet.monkey_patch()", ""),
        "tests.py": test,
    }
    repo = stand.repo("tested", files, test_cmd=command, settings=patched)
    found = rows(stand.run(repo))["tested"]
    assert (found.state, found.stage) == ("failed", "tests")
    assert "test_name passed before the series and not after it" in found.reason
    log = (stand.output / found.log).read_text()
    assert "-- before: " in log and "FAILED (failures=1)" in log


def test_fair_order() -> None:
    repos = [
        Repo(name=name, path="/x", group=group, priority=priority)
        for name, group, priority in (
            ("a1", "a", 0),
            ("a2", "a", 0),
            ("a3", "a", 0),
            ("b1", "b", 0),
            ("c1", "c", 5),
            ("b2", "b", 0),
        )
    ]
    assert [repo.name for repo in in_turn(repos)] == ["c1", "a1", "b1", "a2", "b2", "a3"]


def test_no_password_is_written_into_the_lock_file(tmp_path: Path) -> None:
    repo = Repo(name="a/b", url="https://me:pass-word@example.org/a/b", ref="main")
    found, failed = lock.resolve([repo], lambda _: "0" * 40)
    assert not failed
    lock.write(tmp_path, found)
    assert "pass-word" not in (tmp_path / lock.NAME).read_text()
    assert lock.commit_of(repo, lock.read(tmp_path)) == "0" * 40
    other = replace(repo, url="https://me:another@example.org/a/b")
    assert lock.commit_of(other, lock.read(tmp_path)) == "0" * 40
    assert lock.commit_of(replace(repo, ref="old"), lock.read(tmp_path)) == ""


def test_who_looks_on_keeps_no_run_from_beginning(tmp_path: Path) -> None:
    output = Output(tmp_path)
    with output.held(), pytest.raises(OutputError, match=f"another run, process {os.getpid()},"):
        output.held().__enter__()
    looking = os.open(tmp_path / "lock", os.O_RDONLY)
    fcntl.flock(looking, fcntl.LOCK_SH)  # as `is_held` does
    timer = threading.Timer(0.1, os.close, [looking])
    timer.start()
    with output.held():
        assert output.is_held()
    timer.join()


_KILLED = """
import os, pathlib, signal, sys
from eventlet_codemod.source import write_atomic

def pieces():
    yield b"half"
    os.kill(os.getpid(), signal.SIGKILL)

write_atomic(pathlib.Path(sys.argv[1]), pieces())
"""


def test_a_file_that_a_killed_runner_was_writing_is_none_of_a_result(tmp_path: Path) -> None:
    output, key = Output(tmp_path), "1" * 16
    output.keep("a", key, {"ledger.json": b"{}"})
    (kept,) = (tmp_path / "unfinished").iterdir()
    for place in (kept, tmp_path):
        done = subprocess.run([sys.executable, "-c", _KILLED, str(place / "log.txt")])
        assert done.returncode == -signal.SIGKILL
        assert [path.read_bytes() for path in place.glob("*.tmp")] == [b"half"]
    assert output.kept("a", key) == {"ledger.json": b"{}"}
    output.sweep([Known("a", key, "running", "")])
    assert not list(tmp_path.glob("*.tmp"))
    assert output.kept("a", key) == {"ledger.json": b"{}"}


@pytest.mark.parametrize("text", ["[]", "{", "{}", '{"schema": 1, "repos": ["a"]}', "null"])
def test_a_lock_file_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / lock.NAME).write_text(text)
    with pytest.raises(ConfigError, match="it is no lock file"):
        lock.read(tmp_path)


def test_a_bug_is_no_failure_of_a_repository() -> None:
    def ask(_: Repo) -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        lock.resolve([Repo(name="a", path="/a")], ask)


def test_a_file_that_the_series_lacks_is_told(tmp_path: Path) -> None:
    changed = FileEntry(path="a.py", status="changed", sha256_after="0" * 64, patch="+x\n")
    deleted = replace(changed, patch="diff --git a/a.py b/a.py\ndeleted file mode 100644\n")
    with pytest.raises(StageFailed, match=r"a\.py: the series gives another file"):
        _check_file(tmp_path, changed)
    _check_file(tmp_path, deleted)
    (tmp_path / "a.py").write_text("x = 1\n")
    with pytest.raises(StageFailed, match="the run deletes it"):
        _check_file(tmp_path, deleted)


def test_a_name_that_is_another_with_a_suffix_keeps_its_link(stand: Stand) -> None:
    repos = [stand.repo("a.new", TREES["clean"]), stand.repo("a", TREES["clean"])]
    stand.run(*repos, jobs=1)
    assert (stand.output / "repos/a/log.txt").is_file()
    assert (stand.output / "repos/a.new/log.txt").is_file()


def test_what_no_entry_leads_to_goes(stand: Stand) -> None:
    repo = stand.repo("changed", test_cmd="exit 1")
    assert rows(stand.run(repo))["changed"].stage == "tests"
    assert [place.name[:8] for place in (stand.output / "unfinished").iterdir()] == ["changed-"]
    before = list((stand.output / "results").iterdir())
    assert rows(stand.run(replace(repo, test_cmd="")))["changed"].state == "changed"
    stand.run(replace(repo, test_cmd=""))
    assert list((stand.output / "unfinished").iterdir()) == []
    after = list((stand.output / "results").iterdir())
    assert len(after) == 1 and after != before
