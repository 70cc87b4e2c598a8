"""Classes of a project that derive from Timeout, in the files that take them from another."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.discovery import discover
from eventlet_codemod.run import Result, run

ERRORS = """
    from eventlet import Timeout


    class NoAnswer(Timeout):
        pass
"""
MORE = """
    from pkg import errors as known


    class NoLock(known.NoAnswer):
        def __str__(self):
            return "no lock"
"""
USER = """
    import threading

    from pkg import errors
    from .more import NoLock

    lock = threading.Lock()


    def take(limit):
        with NoLock(limit):
            lock.acquire()


    def attempt(limit):
        try:
            take(limit)
        except (ValueError, errors.NoAnswer) as error:
            return str(error)
        return "taken"
"""
MAIN = """
    import eventlet

    eventlet.monkey_patch()

    from pkg import user

    print(user.attempt(0.05), user.attempt(0.05))
    try:
        user.take(0.01)
    except eventlet.Timeout as error:
        print(type(error).__name__, error)
"""
FILES = {
    "pkg/__init__.py": "",
    "pkg/errors.py": ERRORS,
    "pkg/more.py": MORE,
    "pkg/user.py": USER,
    "main.py": MAIN,
}


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text).removeprefix("\n"))


def run_all(root: Path, *paths: str, jobs: int = 1) -> Result:
    settings = Settings()
    found = discover(root, [root / path for path in paths], settings)
    return run(root, found.files, settings, jobs=jobs, whole_project=not paths)


def put(root: Path, result: Result) -> None:
    for change in result.changes:
        if change.new is not None:
            (root / change.entry.path).write_bytes(change.new)


def kept(result: Result) -> dict[str, str]:
    """The first reason in each file why something in it stays."""
    left = [(c.entry.path, f) for c in result.changes for f in c.entry.findings]
    return {path: f.message for path, f in reversed(left) if f.status == "left"}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_second_run_finds_nothing(tmp_path: Path, jobs: int) -> None:
    write(tmp_path, FILES)
    result = run_all(tmp_path, jobs=jobs)
    assert kept(result) == {}
    put(tmp_path, result)
    assert run_all(tmp_path).ledger.files == ()


def test_a_class_whose_base_comes_through_another_module(tmp_path: Path) -> None:
    errors = """
        from pkg.green import Timeout


        class NoAnswer(Timeout):
            pass
    """
    green = "from eventlet import Timeout\n"
    write(tmp_path, {**FILES, "pkg/errors.py": errors, "pkg/green.py": green})
    result = run_all(tmp_path)
    assert kept(result) == {}
    put(tmp_path, result)
    assert (tmp_path / "pkg/errors.py").read_text() == "class NoAnswer(TimeoutError):\n    pass\n"
    assert "raise NoLock(" in (tmp_path / "pkg/user.py").read_text()


def test_a_limit_that_stays_holds_class_and_clauses_in_every_file(tmp_path: Path) -> None:
    user = textwrap.dedent(USER).replace("lock.acquire()", "limit()")
    write(tmp_path, {**FILES, "pkg/user.py": user})
    reasons = kept(run_all(tmp_path))
    assert reasons.pop("pkg/user.py").startswith("this Timeout stays: nothing in the block")
    where = "left: the Timeout in pkg/user.py:10 stays, where `limit()` (line 11) waits"
    assert set(reasons) == {"pkg/errors.py", "pkg/more.py", "main.py"}
    assert reasons["pkg/errors.py"] == where


def test_a_file_that_was_not_asked_for_holds_what_it_takes(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    reasons = kept(run_all(tmp_path, "pkg/errors.py"))
    assert "was not asked for" in reasons["pkg/errors.py"]


WORK = "    with {}(3):\n        work()\n"
PLAIN = "import eventlet\n\n\nclass NoAnswer(eventlet.Timeout):\n    pass\n"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            {
                "pkg/__init__.py": "from .errors import NoAnswer\n",
                "user.py": "from pkg import NoAnswer\n\n\ndef f(work):\n" + WORK.format("NoAnswer"),
            },
            id="a package hands it on",
        ),
        pytest.param(
            {
                "pkg/__init__.py": "from .errors import *\n",
                "user.py": "import pkg\n\n\ndef f(work):\n" + WORK.format("pkg.NoAnswer"),
            },
            id="a package hands on all",
        ),
        pytest.param(
            {
                "pkg/mid.py": "from . import errors\n",
                "user.py": "from pkg import mid\n\n\ndef f(work):\n"
                + WORK.format("mid.errors.NoAnswer"),
            },
            id="the namespace of another module",
        ),
        pytest.param(
            {
                "user.py": "from pkg import errors\n\n\ndef f(work):\n"
                + WORK.format("getattr(errors, 'NoAnswer')")
            },
            id="getattr",
        ),
        pytest.param(
            {
                "test_user.py": "from unittest import mock\n\n\n"
                "@mock.patch('pkg.errors.NoAnswer')\ndef test_it(limit):\n"
                "    limit.assert_called_once_with(3)\n"
            },
            id="a mock",
        ),
        pytest.param(
            {
                "user.py": "try:\n    from pkg.errors import NoAnswer\nexcept ImportError:\n"
                "    NoAnswer = None\n\n\ndef f(work):\n" + WORK.format("NoAnswer")
            },
            id="an import that is optional",
        ),
        pytest.param(
            {
                "lib/inner/errors.py": PLAIN,
                "pkg/errors.py": "",
                "lib/inner/user.py": "from inner.errors import NoAnswer\n\n\ndef f(work):\n"
                + WORK.format("NoAnswer"),
            },
            id="a directory that is put on the path",
        ),
    ],
)
def test_a_class_stays_that_may_be_named_by_a_way_that_is_not_followed(
    tmp_path: Path, files: dict[str, str]
) -> None:
    write(tmp_path, {"pkg/__init__.py": "", "pkg/errors.py": PLAIN, **files})
    result = run_all(tmp_path)
    assert all(change.new is None for change in result.changes)
    assert any("by a way that is not followed" in reason for reason in kept(result).values())


def test_a_class_is_known_through_a_star_import(tmp_path: Path) -> None:
    user = "from pkg.errors import *\n\n\ndef f(work):\n" + WORK.format("NoAnswer")
    write(tmp_path, {"pkg/__init__.py": "", "pkg/errors.py": PLAIN, "user.py": user})
    result = run_all(tmp_path)
    assert all(change.new is None for change in result.changes)
    assert kept(result)["pkg/errors.py"].startswith("left: the Timeout in user.py:5 stays")


def test_a_class_under_a_condition_is_known_to_other_files(tmp_path: Path) -> None:
    errors = "import eventlet\n\nif True:\n\n    class NoAnswer(eventlet.Timeout):\n        pass\n"
    user = "from pkg import errors\n\n\ndef f(work):\n" + WORK.format("errors.NoAnswer")
    write(tmp_path, {"pkg/__init__.py": "", "pkg/errors.py": errors, "user.py": user})
    reasons = kept(run_all(tmp_path))
    assert reasons["pkg/errors.py"].startswith("left: the Timeout in user.py:5 stays")


def test_a_class_in_a_file_that_does_not_mention_eventlet_is_known(tmp_path: Path) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/compat.py": "from eventlet import Timeout as Limit\n",
        "pkg/errors.py": "from pkg import compat\n\n\nclass NoAnswer(compat.Limit):\n    pass\n",
        "user.py": "from pkg.errors import NoAnswer\n\n\ndef f(work):\n" + WORK.format("NoAnswer"),
    }
    write(tmp_path, files)
    reasons = kept(run_all(tmp_path))
    assert reasons["pkg/errors.py"].startswith("left: the Timeout in user.py:5 stays")


def test_a_class_of_the_same_name_elsewhere_holds_nothing(tmp_path: Path) -> None:
    files = {
        "pkg/other.py": "class NoAnswer(Exception):\n    pass\n",
        "user.py": "import lib\nfrom pkg import other\nfrom pkg.errors import NoAnswer\n\n\n"
        "def f():\n    try:\n        return lib.NoAnswer(3)\n"
        "    except (other.NoAnswer, NoAnswer):\n        return None\n",
    }
    write(tmp_path, {"pkg/__init__.py": "", "pkg/errors.py": PLAIN, **files})
    assert kept(run_all(tmp_path)) == {}
