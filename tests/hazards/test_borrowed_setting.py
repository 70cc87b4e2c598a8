from __future__ import annotations

import pytest
from looking import lines_of, look

KEYS = """
    import contextlib
    import locale
    import os
    import threading
    import warnings

    import eventlet


    class Keys:
        def __init__(self):
            self.lock = threading.Lock()

        def start(self, path):
            {start}

        def write(self, path):
            {write}
    """
START = "eventlet.spawn(self.write, path)"
WRITE = "before = os.umask(0o077); path.touch(); os.umask(before)"


def keys(write: str = WRITE, start: str = START) -> str:
    return KEYS.format(write=write, start=start)


QUIET = {
    "no thread": keys(start="self.write(path)"),
    "a lock is held": keys(f"with self.lock: {WRITE}"),
    "it is set for good": keys("os.umask(0o077)"),
    "it is only asked for": keys("locale.setlocale(0); locale.setlocale(0)"),
    "two settings, each for good": keys("os.umask(0o077); os.chdir('/')"),
    "one or the other": keys("if path: os.umask(0o077)\n            else: os.umask(0o022)"),
    "another object's": keys("path.chdir('/'); path.chdir('.')"),
    "another block": keys("with open(path): path.touch()"),
    "a function in it that nobody calls": keys(f"def later(): {WRITE}"),
}


@pytest.mark.parametrize("source", QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(source: str) -> None:
    assert look("borrowed-setting", source) == []


def test_tests_say_nothing() -> None:
    assert look("borrowed-setting", keys(), path="tests/test_keys.py") == []


def test_what_is_put_back_is_told() -> None:
    (hazard,) = look("borrowed-setting", keys())
    assert "write() sets the umask for a moment" in hazard.message
    assert lines_of(hazard) == [("service.py", n) for n in (15, 18, 18)]


@pytest.mark.parametrize(
    ("write", "setting"),
    [
        ("os.chdir(path); path.touch(); os.chdir('/')", "the working directory"),
        ("locale.setlocale(0, 'C'); print(path); locale.setlocale(0, '')", "the locale"),
        ("with contextlib.redirect_stdout(path): print(path)", "`sys.stdout`"),
        ("with warnings.catch_warnings(): path.touch()", "the filters of warnings"),
    ],
)
def test_each_setting_of_the_process_is_told(write: str, setting: str) -> None:
    (hazard,) = look("borrowed-setting", keys(write))
    assert f"sets {setting} for a moment" in hazard.message


def test_what_the_thread_calls_counts() -> None:
    source = keys("self._write(path)") + f"\n        def _write(self, path):\n            {WRITE}\n"
    assert len(look("borrowed-setting", source)) == 1
    under_lock = source.replace("self._write(path)", "with self.lock: self._write(path)", 1)
    assert look("borrowed-setting", under_lock) == []
