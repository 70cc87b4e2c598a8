"""A word that names a mode of the program is told, and holds nothing up."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import run
from eventlet_codemod.testing import Case, check, manual

OWN = "the string 'eventlet' names a mode of the program itself"
OTHER = "the string 'eventlet' names eventlet"
CHOICE = {
    "pkg/__init__.py": "",
    "pkg/modes.py": """\
def choose(mode, log):
    if mode == 'threads':
        return 1
    elif mode in ('eventlet', 'green'):
        log.info('mode %s', mode)
        return 2
    raise RuntimeError(f'no mode {mode!r}, %s' % (mode))


def keep(mode):
    global MODE
    MODE = mode


def pass_on(server, *, mode=None):
    return server(mode)


def change(mode):
    mode = mode or 'eventlet'
    return mode == 'eventlet'


class Modes:
    def choose(self, mode):
        return mode == 'eventlet'
""",
}

CASES = [
    manual("an argument of a library", "run(app, mode='eventlet')\n", says=OTHER),
    manual("a value", "MODE = 'eventlet'\n", says=OTHER),
    manual("a default", "def f(mode='eventlet'):\n    return mode\n", says=OTHER),
    manual("a question for the library", "import sys\nx = 'eventlet' in sys.modules\n", says=OTHER),
    manual("a module's name", "x = y.__name__ == 'eventlet'\n", says=OTHER),
    manual("an order", "x = y < 'eventlet'\n", says=OTHER),
    manual(
        "a function that keeps it",
        "from pkg import modes\n\nmodes.keep('eventlet')\n",
        says=OTHER,
        files=CHOICE,
    ),
    manual(
        "a function that passes it on",
        "from pkg import modes\n\nmodes.pass_on(print, mode='eventlet')\n",
        says=OTHER,
        files=CHOICE,
    ),
    manual(
        "a function that makes another of it",
        "from pkg import modes\n\nmodes.change('eventlet')\n",
        says=OTHER,
        files=CHOICE,
    ),
    manual(
        "a method, which may be another's",
        "from pkg import modes\n\nmodes.Modes().choose('eventlet')\n",
        says=OTHER,
        files=CHOICE,
    ),
    manual(
        "a test that says what can be imported",
        "from unittest import mock\n\nmock.patch.dict('sys.modules', {'eventlet': None})\n",
        says=OTHER,
        path="pkg/tests/test_a.py",
    ),
    manual(
        "a test that imports it",
        "import pytest\n\npytest.importorskip('eventlet')\n",
        says=OTHER,
        path="pkg/tests/test_a.py",
    ),
    manual("compared", "x = y == 'eventlet'\n", says=OWN),
    manual("compared, the other way round", "x = 'eventlet' != y\n", says=OWN),
    manual("one of several", "x = y in ('eventlet', 'threads')\n", says=OWN),
    manual("compared twice", "x = y == z == 'eventlet'\n", says=OWN),
    manual(
        "given to a function that only compares and tells",
        "import pkg.modes\n\npkg.modes.choose('eventlet', print)\n",
        says=OWN,
        files=CHOICE,
    ),
    manual(
        "given by its name",
        "from pkg.modes import choose\n\nchoose(log=print, mode='eventlet')\n",
        says=OWN,
        files=CHOICE,
    ),
    manual(
        "what a test chooses",
        "def test(self):\n    self.config(executor='eventlet')\n    self.set('eventlet')\n",
        says=OWN,
        path="pkg/tests/test_a.py",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_mode_word(case: Case) -> None:
    check(case, "mode-word" if case.says == OWN else "other-use")


@pytest.mark.parametrize(
    ("line", "goes"), [("x = y == 'eventlet'\n", True), ("run(app, mode='eventlet')\n", False)]
)
def test_what_it_holds_up(tmp_path: Path, line: str, goes: bool) -> None:
    """Neither the end of patching nor that eventlet leaves the requirements."""
    files = {
        "main.py": "import eventlet\neventlet.monkey_patch()\n",
        "modes.py": line,
        "requirements.txt": "eventlet\npbr\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    settings = Settings(monkey_patch="init-backend")
    changes = run(tmp_path, ["main.py", "modes.py"], settings, whole_project=True).changes
    changed = {change.entry.path for change in changes if change.new is not None}
    assert changed == ({"main.py", "requirements.txt"} if goes else set())
