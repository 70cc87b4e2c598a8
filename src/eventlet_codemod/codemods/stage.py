"""What a stage is: a codemod that takes the text of a file and gives another.

Stages know nothing of files, patches or each other. What composes them is `pipeline`.
"""

from __future__ import annotations

import ast
import contextlib
import signal
import sys
import sysconfig
import threading
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Protocol

from eventlet_codemod.source import why_unreadable

#: Seconds that a stage may take for one file.
LIMIT = 60.0


class StageError(Exception):
    """A stage cannot do a file: ``kind`` is a short stable word, ``line`` may be unknown.

    ``unsupported`` is syntax that the stage's parser does not know, ``misread`` what it would read
    wrongly, ``raised`` an exception of the codemod, ``timeout`` one that does not end, ``broken``
    a result that is no Python.
    """

    def __init__(self, kind: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class Remark:
    """What a stage says of a file beside its edits; lines count from 1 in the text it was given.

    ``asks`` says that a person has to act, as the warning of a libcst codemod does; ``advice`` says
    how.
    """

    message: str
    line: int = 1
    asks: bool = True
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Staged:
    """The text that a stage gives, and what it has to say."""

    text: str
    remarks: tuple[Remark, ...] = ()


class Stage(Protocol):
    """Text in, text out. It may raise StageError, and nothing else.

    ``requires`` are words of which a file must hold one to be looked at; none stands for all files.
    """

    requires: tuple[str, ...]

    def __call__(self, text: str, path: str) -> Staged:
        """Give the text of the file at ``path``, relative to the project, after the stage."""


class _TimeUp(BaseException):
    """The time of a codemod is over: nothing that catches exceptions may go on with it."""


@contextlib.contextmanager
def guarded(seconds: float) -> Iterator[None]:
    """Run code of a codemod in the block: StageError when it exits or takes longer.

    What it prints goes to stderr, since stdout is for the patch.
    """
    try:
        with printing_aside(), time_limit(seconds):
            yield
    except SystemExit as error:
        raise StageError("raised", described(error)) from error


@contextlib.contextmanager
def printing_aside() -> Iterator[None]:
    """Let what the block prints go to stderr."""
    with contextlib.redirect_stdout(sys.stderr):
        yield


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise StageError in the block when it takes longer than ``seconds``.

    It is told so again each second, in case that it caught the exception and went on. Outside of
    a process's main thread, and where the system has no timer, there is no limit.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(
        signal, "setitimer"
    ):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise _TimeUp

    before = signal.signal(signal.SIGALRM, stop)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds, 1)
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except _TimeUp as error:
        told = f"it did not end within {seconds:g} seconds"
        raise StageError("timeout", told) from error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)  # where it was over just then
        signal.signal(signal.SIGALRM, before)


def described(error: BaseException) -> str:
    """An exception of a codemod on one line, with the place in the codemod that it comes from."""
    told = " ".join(str(error).split())
    name = type(error).__name__
    said = f"{name}: {told}" if told else name
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if not _is_machinery(Path(frame.filename)):
            return f"{said} ({Path(frame.filename).name}:{frame.lineno})"
    return said


def _is_machinery(file: Path) -> bool:
    """Whether code is not the codemod's, but of what runs it."""
    own = Path(__file__).parent.parent
    if not file.is_absolute() or file.parent in (own, own / "codemods", own / "cli", own / "facts"):
        return True
    if file.is_relative_to(sysconfig.get_path("stdlib")) and "site-packages" not in file.parts:
        return True
    parsers = (sys.modules.get(name) for name in ("libcst", "fissix", "bowler"))
    homes = [Path(str(module.__file__)).parent for module in parsers if module is not None]
    return any(file.is_relative_to(home) for home in homes)


def is_python(text: str) -> bool:
    """Whether the Python that runs this can read a text."""
    try:
        prove_python(text, "unsupported")
    except StageError:
        return False
    return True


def prove_python(text: str, kind: str) -> None:
    """Raise StageError of that kind where a text is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        if kind == "broken":
            told = f"the result is no Python: {error.msg}"
        else:
            told = why_unreadable(text, error)
        raise StageError(kind, told, error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise StageError(kind, str(error)) from error
