"""`verify`: the tests of small projects, run before and after for real."""

from __future__ import annotations

import sys

import pytest

PAUSE = "import eventlet\n\n\ndef pause(done):\n    eventlet.sleep(0.001)\n    done.append(1)\n"
STAYS = (
    "import eventlet\n\n\ndef limit(work):\n    with eventlet.Timeout(5):\n        return work()\n"
)
TEST = """\
import unittest
from unittest import mock

from pkg import pause


class Test(unittest.TestCase):
    def test_pause(self):
        done = []
        pause.pause(done)
        self.assertEqual([1], done)

    @mock.patch("pkg.pause.eventlet.sleep")
    def test_mocked(self, sleep):
        pause.pause([])
        self.assertTrue(sleep.called)

    def test_fails_anyway(self):
        self.fail("as before")
"""
OTHER = """\
import unittest


class Other(unittest.TestCase):
    def test_limit(self):
        from pkg import limit

        self.assertEqual(3, limit.limit(lambda: 3))
"""
FILES = {
    "pkg/__init__.py": "",
    "pkg/pause.py": PAUSE,
    "tests/__init__.py": "",
    "tests/test_pause.py": TEST,
    "eventlet-codemod.toml": 'monkey-patched = "yes"\n',
}
COMMAND = f"{sys.executable} -m unittest discover -v -t . -s tests"


def test_tests_that_pass_without_eventlet(make, cli):
    project = make(FILES)
    result = cli("verify", "--test-cmd", COMMAND, "--block", "all")
    assert result.exit_code == 0, result.stderr
    assert "2 tests passed before, 2 of them now (100.0 %)" in result.stderr
    assert project.git("status", "--porcelain") == b""


@pytest.mark.parametrize("block", ["project", "all"])
def test_a_test_that_needs_what_is_left(make, cli, block):
    make({**FILES, "pkg/limit.py": STAYS, "tests/test_limit.py": OTHER})
    result = cli("verify", "--test-cmd", COMMAND, "--block", block, "--logs", "../logs")
    assert result.exit_code == 1
    assert "3 tests passed before, 2 of them now (66.7 %)" in result.stderr
    assert "fail now: 1\n  tests.test_limit.Other.test_limit\n" in result.stderr
    assert cli("verify", "--test-cmd", COMMAND, "--block", "none").exit_code == 0


def test_logs_are_kept(make, cli):
    project = make({**FILES, "pkg/limit.py": STAYS, "tests/test_limit.py": OTHER})
    cli("verify", "--test-cmd", COMMAND, "--logs", "../logs")
    logs = project.root.parent / "logs"
    assert "No module named 'eventlet'" in (logs / "after.log").read_text()
    assert "test_limit" in (logs / "before.log").read_text()


def test_only_the_project_is_blocked(make, cli):
    """A library that imports eventlet by itself still may."""
    uses = "import library\n\n\ndef test():\n    assert library.sleep(0) is None\n"
    library = "import eventlet\n\nsleep = eventlet.sleep\n"
    project = make({**FILES, "tests/test_library.py": uses})
    place = project.root.parent / "site"
    place.mkdir()
    (place / "library.py").write_text(library)
    command = f"PYTHONPATH=$PYTHONPATH:{place} {sys.executable} -m pytest -v -p no:cacheprovider"
    result = cli("verify", "--test-cmd", command)
    assert result.exit_code == 0, result.stderr
    assert cli("verify", "--test-cmd", command, "--block", "all").exit_code == 1


def test_each_patch_is_tried(make, cli):
    broken = TEST.replace("self.assertTrue(sleep.called)", "self.assertIn('eventlet', dir(pause))")
    make({**FILES, "tests/test_pause.py": broken})
    result = cli("verify", "--each", "--block", "none", "--test-cmd", COMMAND)
    assert result.exit_code == 1
    assert "patch 1 is the first to break something: Eventlet's sleep becomes" in result.stderr


def test_a_command_that_tells_of_no_test(make, cli):
    make(FILES)
    result = cli("verify", "--test-cmd", "echo all is well")
    assert result.exit_code == 2
    assert "told of no test (exit code 0: all is well)" in result.stderr


def test_a_time_limit(make, cli):
    make(FILES)
    result = cli("verify", "--test-cmd", "sleep 60", "--time-limit", "0.2")
    assert result.exit_code == 2 and "more than 0.2 s" in result.stderr


def test_a_time_limit_ends_what_the_command_began(make, cli):
    """A shell that waits for another process holds a pipe that nobody would ever close."""
    make(FILES)
    result = cli("verify", "--test-cmd", "sleep 60 & wait", "--time-limit", "0.2")
    assert result.exit_code == 2 and "more than 0.2 s" in result.stderr


def test_untracked_and_ignored_files(make, cli):
    project = make({**FILES, ".gitignore": "*.log\n"})
    project.write({"tests/test_new.py": OTHER.replace("pkg import limit", "pkg import pause")})
    project.write({"big.log": "x"})
    command = f"ls *.log; {COMMAND}"
    result = cli("verify", "--test-cmd", command, "--logs", "../logs")
    log = (project.root.parent / "logs/before.log").read_text()
    assert "test_new" in log and "big.log" not in log.replace("*.log", "")
    assert result.exit_code == 0


def test_another_command_after_the_changes(make, cli):
    project = make(FILES)
    result = cli(
        "verify", "--test-cmd", f"echo the old one; {COMMAND}", "--logs", "../logs",
        "--test-cmd-after", f"echo the new one; {COMMAND}",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    logs = project.root.parent / "logs"
    first = [(logs / f"{name}.log").read_text().splitlines()[0] for name in ("before", "after")]
    assert first == ["the old one", "the new one"]


def test_the_run_before_is_read_from_its_log(make, cli):
    project = make(FILES)
    logs = project.root.parent / "logs"
    assert cli("verify", "--test-cmd", COMMAND, "--logs", str(logs)).exit_code == 0
    log = logs / "before.log"
    log.write_text(log.read_text() + "test_old (tests.test_pause.Test.test_old) ... ok\n")
    result = cli("verify", "--test-cmd", COMMAND, "--before", str(log))
    assert result.exit_code == 1
    assert "running the tests: before" not in result.stderr
    assert "3 tests passed before, 2 of them now" in result.stderr
    assert "not run any more: 1\n  tests.test_pause.Test.test_old" in result.stderr


def test_a_log_that_tells_of_no_test(make, cli):
    project = make(FILES)
    log = project.root.parent / "empty.log"
    log.write_text("nothing\n")
    result = cli("verify", "--test-cmd", COMMAND, "--before", str(log))
    assert result.exit_code == 2 and "told of no test" in result.stderr
