from __future__ import annotations

from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import run
from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES: list[Case] = [
    noop("another package of that name", "import pkg.eventlet\n"),
    manual(
        "a question whether eventlet is there",
        """
        try:
            import eventlet
        except ImportError:
            eventlet = None
        """,
        force=True,
    ),
    manual(
        "a question whose answer is kept",
        """
        try:
            import eventlet
            GREEN = True
        except ImportError:
            GREEN = False
        """,
        force=True,
    ),
    manual(
        "a function that loads it later",
        """
        def load():
            import eventlet
        """,
        force=True,
    ),
    manual("a name that is offered", 'import eventlet\n\n__all__ = ["eventlet"]\n', force=True),
    manual(
        "a module that is imported for what it does", "import eventlet.green.http\n", force=True
    ),
    manual("its step is not reached", "import eventlet\n\nsize = eventlet.wsgi.MINIMUM\n"),
    fixes(
        "an import that is all of a file",
        "import eventlet\n",
        "",
        checks=["C-FLOW"],
        force=True,
    ),
    fixes(
        "a remark for a linter goes along",
        """
        import os

        os.environ["EVENTLET_NO_GREENDNS"] = "yes"

        import eventlet  # noqa
        """,
        """
        import os

        os.environ["EVENTLET_NO_GREENDNS"] = "yes"
        """,
        checks=["C-FLOW"],
        loses=["# noqa"],
        force=True,
    ),
    fixes(
        "a module below",
        """
        import eventlet.greenthread
        import sys

        print(sys.argv)
        """,
        """
        import sys

        print(sys.argv)
        """,
        checks=["C-FLOW"],
        force=True,
    ),
    fixes(
        "another name for it",
        """
        '''Start-up.'''

        import eventlet as green

        print("ready")
        """,
        """
        '''Start-up.'''

        print("ready")
        """,
        checks=["C-FLOW"],
        force=True,
    ),
    fixes(
        "one name of several",
        """
        import sys, eventlet

        print(sys.argv)
        """,
        """
        import sys

        print(sys.argv)
        """,
        checks=["C-FLOW"],
        force=True,
    ),
    fixes(
        "a name from a module",
        """
        from eventlet import greenpool

        print("ready")
        """,
        """
        print("ready")
        """,
        checks=["C-FLOW"],
        force=True,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_unused_import(case: Case) -> None:
    check(case, "unused-import")


def test_it_stays_for_another_file_that_takes_it(tmp_path: Path) -> None:
    package = tmp_path / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text("import eventlet\n")
    (package / "pools.py").write_text("import pkg\n\npool = pkg.eventlet.GreenPool(3)\n")
    settings = Settings(monkey_patched="yes", force=True)
    done = run(tmp_path, ["pkg/__init__.py"], settings, whole_project=True)
    assert [change.new for change in done.changes] == [None]
