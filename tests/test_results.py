"""What test runners print, read back: each runner is run here, but for stestr."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from eventlet_codemod.results import Comparison, compare, read_results

SUITE = '''\
import unittest


class Case(unittest.TestCase):
    def test_a(self):
        pass

    def test_b(self):
        """Told in one line."""
        self.fail("no")

    def test_c(self):
        raise KeyError("x")

    @unittest.skip("later")
    def test_d(self):
        pass

    @unittest.expectedFailure
    def test_e(self):
        self.fail("known")
'''
OUTCOMES = {"a": "passed", "b": "failed", "c": "failed", "d": "skipped", "e": "passed"}


def printed(root: Path, *command: str) -> str:
    (root / "test_it.py").write_text(SUITE)
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=root, capture_output=True, text=True, timeout=60
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("command", "form"),
    [
        (("unittest", "-v"), "test_it.Case.test_{}"),
        (("pytest", "-v", "-p", "no:cacheprovider"), "test_it.py::Case::test_{}"),
        (("pytest", "-rA", "-p", "no:cacheprovider"), "test_it.py::Case::test_{}"),
        (("pytest", "-v", "-n", "1", "-p", "no:cacheprovider"), "test_it.py::Case::test_{}"),
    ],
    ids=["unittest", "pytest -v", "pytest -rA", "pytest -n"],
)
def test_a_runner(tmp_path: Path, command: tuple[str, ...], form: str) -> None:
    found = read_results(printed(tmp_path, *command))
    told = {form.format(name): outcome for name, outcome in OUTCOMES.items()}
    if "-rA" in command:
        del told[form.format("d")]  # pytest folds what is skipped
    assert found == told


def test_stestr() -> None:
    output = """\
{0} pkg.tests.test_a.Case.test_one [0.001234s] ... ok
{1} pkg.tests.test_a.Case.test_two [0.5s] ... FAILED
{1} pkg.tests.test_a.Case.test_three [0.0s] ... SKIPPED: not today
printed by another{0} pkg.tests.test_a.Case.test_four [0.0s] ... ok
"""
    assert read_results(output) == {
        "pkg.tests.test_a.Case.test_one": "passed",
        "pkg.tests.test_a.Case.test_two": "failed",
        "pkg.tests.test_a.Case.test_three": "skipped",
        "pkg.tests.test_a.Case.test_four": "passed",
    }


def test_what_a_test_prints_may_stand_before_its_outcome() -> None:
    output = """\
test_a (pkg.Case.test_a) ... /x/a.py:1: Warning:
It is old.

ok
test_b (pkg.Case.test_b) ... printed
FAIL
test_c (pkg.Case.test_c) ... Segmentation fault
"""
    names = {f"pkg.Case.test_{name}": outcome for name, outcome in zip("abc", _ABC, strict=True)}
    assert read_results(output) == names


_ABC = ("passed", "failed", "failed")


def test_prose_is_no_result() -> None:
    assert read_results("ok\nerror: a (b) happened ... somewhere\nPASSED\nE   x PASSED\n") == {}


def test_a_test_that_failed_once_failed() -> None:
    assert read_results("a.py::b PASSED\na.py::b FAILED\na.py::b PASSED\n") == {"a.py::b": "failed"}


def test_a_comparison() -> None:
    before = {"a": "passed", "b": "passed", "c": "failed", "d": "passed", "e": "passed"}
    after = {"a": "passed", "b": "failed", "c": "passed", "d": "skipped", "f": "passed"}
    assert compare(before, after) == Comparison(
        broken=("b",), mended=("c",), missing=("d", "e"), new=("f",), passing=1, before=4
    )
    assert compare(before, after).lost == 3
