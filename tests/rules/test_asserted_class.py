"""Assertions on the class of an object, when the code under test makes another."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from eventlet_codemod import testing
from eventlet_codemod.config import Settings
from eventlet_codemod.run import run
from eventlet_codemod.testing import Case, check

manual = partial(testing.manual, path="tests/test_a.py")

#: None of these knows what became of the code under test: that takes a run over both.
CASES = [
    manual("nobody makes one", "import eventlet\n\nt.assertIsInstance(y, eventlet.GreenPool)\n"),
    manual("no assertion", "import eventlet\n\nx = isinstance(y, eventlet.GreenPool)\n"),
    manual("not asked for", "import eventlet\n\nx = eventlet.GreenPool\n"),
    manual(
        "the object, not the class",
        "import eventlet\n\nt.assertIsInstance(eventlet.GreenPool, y)\n",
    ),
    manual("another question", "import eventlet\n\nissubclass(y, eventlet.GreenPool)\n"),
    manual(
        "one of several", "import eventlet\n\nt.assertIsInstance(y, (eventlet.GreenPool, int))\n"
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_asserted_class(case: Case) -> None:
    check(case, "other-use")


POOL = """\
import eventlet


class Server:
    def __init__(self, size):
        self.pool = eventlet.GreenPool(size)

    def run(self, work):
        self.pool.spawn_n(work)
        self.pool.resize(3)
"""
STAYS = POOL.replace("self.pool.resize(3)", "self.pool.coroutines_running.clear()")


def after(root: Path, code: str, test: str) -> str:
    """What a run makes of the test."""
    files = {
        "pkg/__init__.py": "",
        "pkg/a.py": code,
        "tests/__init__.py": "",
        "tests/test_a.py": test,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    settings = Settings(helpers="pkg.threads", monkey_patched="yes")
    for change in run(root, sorted(files), settings).changes:
        assert change.entry.error is None
        if change.new is not None:
            (root / change.entry.path).write_bytes(change.new)
    return (root / "tests/test_a.py").read_text()


ASSERTED = """\
import unittest

import eventlet

from pkg import a

KINDS = [a.Server]


class Test(unittest.TestCase):
    def assert_pooled(self, thing):
        self.assertIsInstance(thing, eventlet.GreenPool)

    def test_it(self):
        self.assert_pooled(vars(KINDS[0](2))["pool"])
"""


def test_it_follows(tmp_path: Path) -> None:
    text = after(tmp_path, POOL, ASSERTED)
    assert "self.assertIsInstance(thing, threads.BlockingPool)" in text and "eventlet" not in text
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "1 passed" in done.stdout, done.stdout


def test_it_stays_with_the_code(tmp_path: Path) -> None:
    assert after(tmp_path, STAYS, ASSERTED) == ASSERTED


def test_a_function_is_no_class(tmp_path: Path) -> None:
    """`threading.Lock` is one before Python 3.13."""
    code = "from eventlet import lock\n\n\nclass Server:\n    held = lock.Lock()\n"
    test = ASSERTED.replace("eventlet.GreenPool", "eventlet.lock.Lock")
    assert after(tmp_path, code, test.replace("import eventlet", "import eventlet.lock")).count(
        "eventlet.lock.Lock"
    )
