"""`benchmarks/migrate_and_test.py`: its runner of suites, the causes it names, and a whole run."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from eventlet_codemod.results import read_results

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
SUITE = BENCHMARKS / "migrate_and_test" / "suite.py"
sys.path[:0] = [str(BENCHMARKS), str(SUITE.parent)]

bench = importlib.import_module("migrate_and_test")
outcomes = importlib.import_module("outcomes")

TESTS = """\
import os
import pathlib
import sys
import unittest


class Plain(unittest.TestCase):
    def test_passes(self):
        print("{0} not.a.Result [0.1s] ... ok")

    def test_fails(self):
        raise KeyError("gone")

    @unittest.skip("later")
    def test_skipped(self):
        pass

    @unittest.expectedFailure
    def test_known(self):
        self.fail("known")

    @unittest.expectedFailure
    def test_mended(self):
        pass

    def test_parts(self):
        for number in range(2):
            with self.subTest(number=number):
                self.assertEqual(0, number)


class Fixture(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise OSError("no room")

    def test_never_run(self):
        pass


class Flaky(unittest.TestCase):
    def test_second_try(self):
        mark = pathlib.Path("tried")
        if not mark.exists():
            mark.touch()
            self.fail("busy")


class Named(unittest.TestCase):
    def id(self):
        return super().id() + "(on a disk)"

    def test_scenario(self):
        pass


class Scenarios(unittest.TestCase):
    # as testscenarios has it: one test that is found, and several that are run
    scenario = ""

    def id(self):
        return super().id() + (f"({self.scenario})" if self.scenario else "")

    def run(self, result=None):
        if self.scenario:
            return super().run(result)
        for name in ("one", "two"):
            test = type(self)(self._testMethodName)
            test.scenario = name
            test.run(result)

    def test_each(self):
        self.assertNotEqual("two", self.scenario)
"""
BREAKS = """\
import os
import threading
import unittest


class Breaks(unittest.TestCase):
    def test_1_before(self):
        pass

    def test_2_hangs(self):
        threading.Event().wait()

    def test_3_dies(self):
        os._exit(3)

    def test_4_behind(self):
        thread = threading.Thread(target=threading.Event().wait)
        thread.start()  # which nobody waits for
"""


def suite(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SUITE), *arguments, "tests"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=100)


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.parametrize("workers", ["1", "3"])
def test_the_outcome_of_each_test(tmp_path: Path, workers: str) -> None:
    files = {"test_it.py": TESTS, "test_import.py": "import not_there\n", "__init__.py": ""}
    write(tmp_path / "tests", files)
    done = suite(tmp_path, "--workers", workers)
    found = read_results(done.stdout.encode())
    assert found == {
        "tests.test_it.Plain.test_passes": "passed",
        "tests.test_it.Plain.test_fails": "failed",
        "tests.test_it.Plain.test_skipped": "skipped",
        "tests.test_it.Plain.test_known": "passed",
        "tests.test_it.Plain.test_mended": "failed",
        "tests.test_it.Plain.test_parts": "failed",
        "tests.test_it.Fixture.test_never_run": "failed",
        "tests.test_it.Flaky.test_second_try": "passed",
        "tests.test_it.Named.test_scenario_on_a_disk": "passed",
        "tests.test_it.Scenarios.test_each_one": "passed",
        "tests.test_it.Scenarios.test_each_two": "failed",
        "unittest.loader._FailedTest.tests.test_import": "failed",
    }
    assert done.returncode == 1
    told = dict(outcomes.failures(done.stdout))
    assert told["tests.test_it.Plain.test_fails"] == "KeyError: 'gone'"
    assert told["tests.test_it.Fixture.test_never_run"] == "OSError: no room"
    missing = told["unittest.loader._FailedTest.tests.test_import"]
    assert missing == "ModuleNotFoundError: No module named 'not_there'"


def test_what_breaks_takes_nothing_with_it(tmp_path: Path) -> None:
    write(tmp_path / "tests", {"test_breaks.py": BREAKS, "__init__.py": ""})
    done = suite(tmp_path, "--workers", "1", "--limit", "1")
    found = read_results(done.stdout.encode())
    assert [found[f"tests.test_breaks.Breaks.test_{name}"] for name in
            ("1_before", "2_hangs", "3_dies", "4_behind")] == [
        "passed", "failed", "failed", "passed",
    ]  # fmt: skip
    assert 'test_breaks.py", line 11 in test_2_hangs' in done.stdout  # where it hung


def test_only_some_tests(tmp_path: Path) -> None:
    write(tmp_path / "tests", {"test_it.py": TESTS, "__init__.py": ""})
    done = suite(tmp_path, "--match", r"\.test_passes$")
    assert done.returncode == 0
    assert read_results(done.stdout.encode()) == {"tests.test_it.Plain.test_passes": "passed"}
    assert suite(tmp_path, "--match", "nothing").stderr == "no test was found\n"


LOG = """\
{0} pkg.test_a.Case.test_one [0.1s] ... ok
{1} pkg.test_a.Case.test_two [0.2s] ... FAILED
    Traceback (most recent call last):
      File "a.py", line 1, in test_two
    oslo_service.backend.exceptions.UnsupportedBackendError: no server
    with more text
{0} unittest.loader._FailedTest.pkg.test_b [0.0s] ... FAILED
    ImportError: Failed to import test module: pkg.test_b
    Traceback (most recent call last):
    ModuleNotFoundError: No module named 'eventlet'
"""


def test_causes() -> None:
    causes = [outcomes.Cause(("pkg.test_c.*",), "it tests eventlet itself")]
    reasons = outcomes.Reasons(causes, LOG)
    assert reasons.of("pkg.test_c.Case.test_x") == "it tests eventlet itself"
    two = "oslo_service.backend.exceptions.UnsupportedBackendError: no server"
    assert reasons.of("pkg.test_a.Case.test_two") == two
    assert reasons.of("pkg.test_b.Case.test_y") == (
        "its module cannot be imported: ModuleNotFoundError: No module named 'eventlet'"
    )
    assert reasons.of("pkg.test_d.Case.test_z") == "it is not run any more"


def test_the_table() -> None:
    lost = {"pkg.test_two": "it tests eventlet itself"}
    good = outcomes.Result("a-1", "all", before=100, after=99, uses=7, left=1, lost=lost)
    bad = outcomes.Result("b-2", "project", error="it was not run yet")
    lines = "\n".join(outcomes.table([good, bad])).splitlines()
    assert "| a-1 | all | 100 | 99 | 1 | 1.0% | 7 | 1 | 0 |" in lines
    assert "| b-2 | project | it was not run yet | | | | | | |" in lines
    assert "At most 1% lost: 1 of 2." in lines
    assert "- 1: it tests eventlet itself" in lines


def test_the_projects() -> None:
    """The file that ships can be read, and pins what it names."""
    _, projects = bench.read_projects(bench.PROJECTS)
    assert len({project.name for project in projects}) == len(projects)
    assert all(len(project.sha256) == 64 for project in projects)
    assert all(project.block in ("all", "project") for project in projects)


def test_an_edit_by_hand_must_match_once(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import re\nx = 1\n")
    bench.Edit("a.py", r"(?m)^x = (\d)", r"y = \1").make(tmp_path)
    assert (tmp_path / "a.py").read_text() == "import re\ny = 1\n"
    for find in ("z", "."):
        with pytest.raises(bench.RunError, match="matches"):
            bench.Edit("a.py", find, "").make(tmp_path)
    assert (tmp_path / "a.py").read_text() == "import re\ny = 1\n"


# --- a whole run ----------------------------------------------------------------------------------

PROJECTS = """\
[after]
day = "2025-10-02"
requirements = []

[[project]]
name = "pauses"
version = "1.0"
sha256 = "not looked at, for the tree is there already"
day = "2025-04-03"
tests = "tests"
options = ["--config", "monkey-patched=yes"]
edits_why = "it is faster than the clock"

[[project.edit]]
file = "pkg/pause.py"
find = "0.001"
put = "0.002"

[[project]]
name = "unmade"
version = "1.0"
sha256 = "not reached"
day = "no day"
tests = "tests"

[[project.cause]]
tests = ["tests.*"]
why = "none"
"""
FILES = {
    "requirements.txt": "eventlet\n",
    "test-requirements.txt": "",
    "pkg/__init__.py": "",
    "pkg/pause.py": "import eventlet\n\n\ndef pause():\n    eventlet.sleep(0.001)\n    return 1\n",
    "pkg/limit.py": "import eventlet\n\n\ndef limit():\n    return eventlet.Timeout\n",
    "tests/__init__.py": "",
    "tests/test_pause.py": (
        "import unittest\n\nfrom pkg import pause\n\n\nclass Case(unittest.TestCase):\n"
        "    def test_pause(self):\n        self.assertEqual(1, pause.pause())\n"
    ),
    "tests/test_limit.py": (
        "import unittest\n\nfrom pkg import limit\n\n\nclass Case(unittest.TestCase):\n"
        "    def test_limit(self):\n        self.assertTrue(limit.limit())\n"
    ),
}


@pytest.mark.slow
def test_a_run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Environments are made, tests run, and what is done is kept; the other project hurts none."""
    for name in ("pauses", "unmade"):
        bench.sdists.as_repository(write(tmp_path / "work" / f"{name}-1.0" / "sdist", FILES))
    listing = tmp_path / "projects.toml"
    listing.write_text(PROJECTS)
    told = tmp_path / "told.json"
    arguments = ["--work", str(tmp_path / "work"), "--projects-file", str(listing), "--lost"]
    assert bench.main(["unmade", "pauses", *arguments, "--json", str(told)]) == 1
    pauses, unmade = json.loads(told.read_text())
    assert "no day" in unmade["error"]
    assert (pauses["before"], pauses["after"], pauses["left"]) == (2, 1, 2)
    assert pauses["edits"] == 2  # a line taken away, and one added
    why = "its module cannot be imported: ModuleNotFoundError: No module named 'eventlet'"
    assert pauses["lost"] == {"tests.test_limit.Case.test_limit": why}
    capfd.readouterr()

    assert bench.main(["pauses", *arguments]) == 0
    out, err = capfd.readouterr()
    assert "| pauses-1.0 | all | 2 | 1 | 1 | 50.0% |" in out and err == ""
    assert bench.main(["pauses", "--again", "after", *arguments]) == 0
    err = capfd.readouterr().err
    assert "pauses: testing\n" in err and "environment" not in err
