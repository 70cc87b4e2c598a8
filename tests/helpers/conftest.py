"""What the tests of the helpers share: no test hangs, and some run in a process of their own."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import subprocess
import sys
import textwrap
import threading
import time
from itertools import count
from typing import TYPE_CHECKING

import pytest

from eventlet_codemod.helpers import HELPERS, render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TIMEOUT = 60  # far more than any of them takes; only a hang comes near this


@pytest.fixture(autouse=True)
def _no_hang() -> Iterator[None]:
    faulthandler.dump_traceback_later(2 * TIMEOUT, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


@pytest.fixture
def _hurry() -> Iterator[None]:
    """Let threads take turns at every opportunity."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Wait for a state that nothing announces, such as "another thread is blocked"."""

    def wait(reached: Callable[[], object]) -> None:
        deadline = time.monotonic() + TIMEOUT
        while not reached():
            assert time.monotonic() < deadline, "the state was never reached"
            time.sleep(0.001)

    return wait


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Run code in a process of its own, with all helpers in a module ``helpers``.

    Returns what it prints. It must end by itself with code 0 and an empty stderr.
    """
    directory = tmp_path_factory.mktemp("programs")
    (directory / "helpers.py").write_text(render(HELPERS), encoding="utf-8")
    numbers = count()

    def call(*blocks: str) -> str:
        hang = f"import faulthandler; faulthandler.dump_traceback_later({TIMEOUT}, exit=True)"
        program = directory / f"program_{next(numbers)}.py"
        code = "\n".join([hang, *map(textwrap.dedent, blocks)])
        program.write_text(code, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-W", "ignore", str(program)],
            cwd=directory,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=2 * TIMEOUT,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        return done.stdout

    return call


class NoThreads:
    """While it is entered, the system cannot start a thread: its stack is too large."""

    def __enter__(self) -> None:
        self._before = threading.stack_size(1 << 46)

    def __exit__(self, *exc_info: object) -> None:
        threading.stack_size(self._before)


@pytest.fixture
def no_threads() -> NoThreads:
    return NoThreads()


@pytest.fixture
def interrupt() -> Callable[[int], None]:
    """Interrupt the thread of that ident as soon as what it waits for has come.

    So Ctrl-C can strike in the main thread, or ``eventlet.Timeout`` in a patched process.
    """

    def raise_in(ident: int) -> None:
        error = ctypes.py_object(Interrupt)
        assert ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), error) == 1

    return raise_in


class Interrupt(BaseException):
    """What an interrupted thread raises."""
