"""What test runners print, read back: each runner is run here."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import subunit

from eventlet_codemod.results import Comparison, ResultsError, compare, read_results

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


def printed(root: Path, *command: str) -> bytes:
    (root / "test_it.py").write_text(SUITE)
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=root, capture_output=True, timeout=300
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


@pytest.fixture
def stestr(tmp_path: Path) -> Callable[..., bytes]:
    """Run stestr on the suite and return what it prints."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/__init__.py").write_text("")
    (tmp_path / "tests/test_it.py").write_text(SUITE)
    (tmp_path / ".stestr.conf").write_text("[DEFAULT]\ntest_path=./tests\ntop_dir=./\n")

    def stestr(*command: str) -> bytes:
        done = subprocess.run(
            [str(Path(sys.executable).parent / "stestr"), *command],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=300,
        )
        return done.stdout

    return stestr


STREAMED = {f"tests.test_it.Case.test_{name}": outcome for name, outcome in OUTCOMES.items()}


@pytest.mark.parametrize(
    "command", [("run",), ("run", "--subunit"), ("run", "--serial", "--subunit")]
)
def test_stestr_itself(stestr: Callable[..., bytes], command: tuple[str, ...]) -> None:
    assert read_results(stestr(*command)) == STREAMED


def test_the_last_run_of_stestr(stestr: Callable[..., bytes]) -> None:
    stestr("run")
    assert read_results(stestr("last", "--subunit")) == STREAMED


def test_subunit_by_its_own_runner(tmp_path: Path) -> None:
    found = read_results(printed(tmp_path, "subunit.run", "test_it"))
    assert found == {f"test_it.Case.test_{name}": told for name, told in OUTCOMES.items()}


def stream(*told: tuple[str | None, str | None]) -> bytes:
    written = io.BytesIO()
    result = subunit.StreamResultToBytes(written)
    for name, status in told:
        result.status(test_id=name, test_status=status)
    return written.getvalue()


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("success", "passed"),
        ("xfail", "passed"),
        ("skip", "skipped"),
        ("fail", "failed"),
        ("uxsuccess", "failed"),
        ("inprogress", "failed"),  # nothing ends it
    ],
)
def test_what_a_stream_tells(status: str, outcome: str) -> None:
    assert read_results(stream(("a.b", "inprogress"), ("a.b", status))) == {"a.b": outcome}


def test_a_listed_test_was_not_run() -> None:
    assert read_results(stream(("a.b", "exists"))) == {}


def test_a_stream_that_is_cut() -> None:
    whole = stream(("a.a", "success"), ("a.b", "inprogress"), ("a.b", "success"))
    found = read_results(whole[:-3])
    assert (found["a.a"], found["a.b"]) == ("passed", "failed")


def test_what_stands_between_the_packets_of_a_stream() -> None:
    output = b"building\n" + stream(("a.a", "success")) + b"\nb.py::test_b PASSED\n"
    assert read_results(output) == {"a.a": "passed", "b.py::test_b": "passed"}


def test_a_stream_that_nobody_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "subunit", None)
    with pytest.raises(ResultsError, match=r"pip install 'eventlet-codemod\[subunit\]'"):
        read_results(stream(("a.a", "success")))


def test_letters_that_are_no_packet() -> None:
    polish = "trzy kr\u00f3 lowe".encode()
    assert b"\xb3 " in polish  # as a packet begins
    assert read_results(polish + b"\na.py::b PASSED\n\xb3 ") == {"a.py::b": "passed"}


def test_what_stestr_prints() -> None:
    output = """\
{0} pkg.tests.test_a.Case.test_one [0.001234s] ... ok
{1} pkg.tests.test_a.Case.test_two [0.5s] ... FAILED
{1} pkg.tests.test_a.Case.test_three [0.0s] ... SKIPPED: not today
printed by another{0} pkg.tests.test_a.Case.test_four [0.0s] ... ok
"""
    assert read_results(output.encode()) == {
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
    assert read_results(output.encode()) == names


_ABC = ("passed", "failed", "failed")


def test_prose_is_no_result() -> None:
    assert read_results(b"ok\nerror: a (b) happened ... somewhere\nPASSED\nE   x PASSED\n") == {}


def test_a_test_that_failed_once_failed() -> None:
    assert read_results(b"a.py::b PASSED\na.py::b FAILED\na.py::b PASSED\n") == {
        "a.py::b": "failed"
    }


def test_a_comparison() -> None:
    before = {"a": "passed", "b": "passed", "c": "failed", "d": "passed", "e": "passed"}
    after = {"a": "passed", "b": "failed", "c": "passed", "d": "skipped", "f": "passed"}
    assert compare(before, after) == Comparison(
        broken=("b",), mended=("c",), missing=("d", "e"), new=("f",), passing=1, before=4
    )
    assert compare(before, after).lost == 3
