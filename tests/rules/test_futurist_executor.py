from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import run
from eventlet_codemod.testing import Case, check, fixes, manual, noop

if TYPE_CHECKING:
    from pathlib import Path

#: The questions about every executor that is made.
MADE = ["C-ATOM", "C-LIFE", "C-LOCAL"]

#: Those about the class where it is handed on.
NAMED = [*MADE, "C-FLOW"]

CASES = [
    # --- what it is not about ---------------------------------------------------------------
    noop(
        "futurist's native executor",
        """
        import futurist

        executor = futurist.ThreadPoolExecutor(4)
        """,
    ),
    noop(
        "a class of the project",
        """
        from pkg.executors import GreenThreadPoolExecutor

        executor = GreenThreadPoolExecutor(4)
        """,
    ),
    noop(
        "a star import of futurist, and a class of the file",
        """
        from futurist import *


        class GreenThreadPoolExecutor(ThreadPoolExecutor):
            pass


        executor = GreenThreadPoolExecutor(4)
        """,
    ),
    manual(
        "two star imports may bring it",
        """
        from futurist import *
        from other import *

        executor = GreenThreadPoolExecutor(4)
        """,
        says="it came by a star import, as may others",
    ),
    fixes(
        "a star import brings it",
        """
        from futurist import *

        executor = GreenThreadPoolExecutor(4)
        other = ThreadPoolExecutor(4)
        """,
        """
        import futurist as futurist_lib
        from futurist import *

        executor = futurist_lib.ThreadPoolExecutor(4)
        other = ThreadPoolExecutor(4)
        """,
        checks=MADE,
    ),
    noop(
        "another library's class of that name",
        """
        import futurist
        import other

        executor = other.GreenThreadPoolExecutor(4)
        """,
    ),
    noop(
        "a parameter hides the module",
        """
        import futurist


        def make(futurist):
            return futurist.GreenThreadPoolExecutor(4)
        """,
    ),
    noop(
        "a method of the name",
        """
        import futurist


        def make(kinds):
            return kinds.GreenThreadPoolExecutor(4)
        """,
    ),
    noop("a comment", "import futurist  # no GreenThreadPoolExecutor\n"),
    # --- what it leaves ---------------------------------------------------------------------
    manual(
        "a subclass may override what only the one has",
        """
        import futurist


        class Executor(futurist.GreenThreadPoolExecutor):
            def _spin_up(self, work):
                return False
        """,
        says="futurist.GreenThreadPoolExecutor",
    ),
    manual(
        "a method that only the green one has",
        "import futurist\n\nspin = futurist.GreenThreadPoolExecutor._spin_up\n",
        says="futurist.GreenThreadPoolExecutor._spin_up",
    ),
    manual(
        "a method that goes with a patch that stays",
        """
        import futurist

        shutdown = futurist.GreenThreadPoolExecutor.shutdown
        fixture = MockPatch("futurist.GreenThreadPoolExecutor.shutdown", shutdown)
        """,
        says="goes with the patch on line 4, which stays",
        path="pkg/tests/fixtures.py",
    ),
    manual(
        "the class is replaced",
        """
        import futurist

        futurist.GreenThreadPoolExecutor = object
        """,
        says="is assigned to",
    ),
    manual(
        "futurist may not be there",
        """
        try:
            import futurist
        except ImportError:
            futurist = None


        def make():
            return futurist.GreenThreadPoolExecutor(4)
        """,
        says="the import is optional",
    ),
    manual(
        "another import binds the name",
        """
        import futurist
        from pkg import futurist

        executor = futurist.GreenThreadPoolExecutor(4)
        """,
        says="may not be",
    ),
    manual(
        "nothing is patched and green threads remain",
        """
        import eventlet
        import futurist

        executor = futurist.GreenThreadPoolExecutor(4)
        eventlet.serve(sock, print)
        """,
        monkey_patched="no",
        says="does not cover thread",
    ),
    # --- what it rewrites -------------------------------------------------------------------
    fixes(
        "a number of workers",
        """
        import futurist

        executor = futurist.GreenThreadPoolExecutor(4)
        """,
        """
        import futurist

        executor = futurist.ThreadPoolExecutor(4)
        """,
        checks=MADE,
    ),
    fixes(
        "workers by keyword",
        """
        import futurist

        executor = futurist.GreenThreadPoolExecutor(max_workers=CONF.workers)
        """,
        """
        import futurist

        executor = futurist.ThreadPoolExecutor(max_workers=CONF.workers)
        """,
        checks=MADE,
    ),
    fixes(
        "the default is another one",
        """
        import futurist

        executor = futurist.GreenThreadPoolExecutor()
        """,
        """
        import futurist

        executor = futurist.ThreadPoolExecutor()
        """,
        checks=[*MADE, "C-BOUND"],
    ),
    fixes(
        "what it refuses is counted otherwise",
        """
        import futurist

        executor = futurist.GreenThreadPoolExecutor(4, check_and_reject=full)
        """,
        """
        import futurist

        executor = futurist.ThreadPoolExecutor(4, check_and_reject=full)
        """,
        checks=[*MADE, "C-BOUND"],
    ),
    fixes(
        "the same by position",
        """
        import futurist

        executor = futurist.GreenThreadPoolExecutor(4, full)
        """,
        """
        import futurist

        executor = futurist.ThreadPoolExecutor(4, full)
        """,
        checks=[*MADE, "C-BOUND"],
    ),
    fixes(
        "only what it refuses",
        """
        import futurist

        executor = futurist.GreenThreadPoolExecutor(check_and_reject=full)
        """,
        """
        import futurist

        executor = futurist.ThreadPoolExecutor(check_and_reject=full)
        """,
        checks=[*MADE, "C-BOUND"],
    ),
    fixes(
        "stars may hold the number",
        """
        import futurist


        def make(*args, **kwargs):
            return futurist.GreenThreadPoolExecutor(*args, **kwargs)
        """,
        """
        import futurist


        def make(*args, **kwargs):
            return futurist.ThreadPoolExecutor(*args, **kwargs)
        """,
        checks=[*MADE, "C-BOUND"],
    ),
    fixes(
        "a mapping may hold the number",
        """
        import futurist


        def make(**kwargs):
            return futurist.GreenThreadPoolExecutor(**kwargs)
        """,
        """
        import futurist


        def make(**kwargs):
            return futurist.ThreadPoolExecutor(**kwargs)
        """,
        checks=[*MADE, "C-BOUND"],
    ),
    fixes(
        "imported by name, under an alias, in a function",
        """
        def make():
            from futurist import GreenThreadPoolExecutor as Pool

            return Pool(2)
        """,
        """
        import futurist


        def make():
            return futurist.ThreadPoolExecutor(2)
        """,
        checks=MADE,
    ),
    fixes(
        "the other names of the import stay",
        """
        from futurist import GreenThreadPoolExecutor, waiters

        executor = GreenThreadPoolExecutor(2)
        waiters.wait_for_any([executor.submit(print)])
        """,
        """
        import futurist
        from futurist import waiters

        executor = futurist.ThreadPoolExecutor(2)
        waiters.wait_for_any([executor.submit(print)])
        """,
        checks=MADE,
    ),
    fixes(
        "an alias of the module is kept",
        """
        import futurist as f

        executor = f.GreenThreadPoolExecutor(2)
        """,
        """
        import futurist as f

        executor = f.ThreadPoolExecutor(2)
        """,
        checks=MADE,
    ),
    fixes(
        "made at the top of a module before workers are started",
        """
        import futurist

        EXECUTOR = futurist.GreenThreadPoolExecutor(4)
        """,
        """
        import futurist

        EXECUTOR = futurist.ThreadPoolExecutor(4)
        """,
        checks=[*MADE, "C-FORK"],
        path="pkg/pools.py",
        files={
            "pkg/cmd.py": "import cotyledon\n\n\ndef main():\n"
            "    manager = cotyledon.ServiceManager()\n    manager.run()\n"
        },
    ),
    fixes(
        "tests start no workers",
        """
        import futurist

        EXECUTOR = futurist.GreenThreadPoolExecutor(4)
        """,
        """
        import futurist

        EXECUTOR = futurist.ThreadPoolExecutor(4)
        """,
        checks=MADE,
        path="pkg/pools.py",
        files={"pkg/tests/test_cmd.py": "import os\n\n\ndef test_it():\n    os.fork()\n"},
    ),
    fixes(
        "a with statement",
        """
        import futurist


        def call(jobs):
            with futurist.GreenThreadPoolExecutor(max_workers=2) as pool:
                return [pool.submit(job) for job in jobs]
        """,
        """
        import futurist


        def call(jobs):
            with futurist.ThreadPoolExecutor(max_workers=2) as pool:
                return [pool.submit(job) for job in jobs]
        """,
        checks=MADE,
    ),
    fixes(
        "over several lines, with comments",
        """
        import futurist


        class Manager:
            def __init__(self):
                self._executor = futurist.GreenThreadPoolExecutor(
                    # one is kept for the rest
                    max_workers=self.limit - 1,  # see the option
                )
        """,
        """
        import futurist


        class Manager:
            def __init__(self):
                self._executor = futurist.ThreadPoolExecutor(
                    # one is kept for the rest
                    max_workers=self.limit - 1,  # see the option
                )
        """,
        checks=MADE,
    ),
    fixes(
        "annotations name the other class",
        """
        import futurist


        class Manager:
            _executor: futurist.GreenThreadPoolExecutor | None = None

            def use(
                self, pool: futurist.GreenThreadPoolExecutor
            ) -> futurist.GreenThreadPoolExecutor:
                return self._executor or pool
        """,
        """
        import futurist


        class Manager:
            _executor: futurist.ThreadPoolExecutor | None = None

            def use(
                self, pool: futurist.ThreadPoolExecutor
            ) -> futurist.ThreadPoolExecutor:
                return self._executor or pool
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "its class is asked for",
        """
        import futurist


        def is_green(pool):
            return isinstance(pool, (futurist.GreenThreadPoolExecutor, Fake))
        """,
        """
        import futurist


        def is_green(pool):
            return isinstance(pool, (futurist.ThreadPoolExecutor, Fake))
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "the class is passed on",
        """
        import futurist


        def make(factory):
            return factory(futurist.GreenThreadPoolExecutor, max_workers=4)
        """,
        """
        import futurist


        def make(factory):
            return factory(futurist.ThreadPoolExecutor, max_workers=4)
        """,
        checks=NAMED,
    ),
    fixes(
        "the class is a default and an entry of a table",
        """
        import futurist

        KINDS = {"green": futurist.GreenThreadPoolExecutor}


        def make(kind=futurist.GreenThreadPoolExecutor):
            return kind(4)
        """,
        """
        import futurist

        KINDS = {"green": futurist.ThreadPoolExecutor}


        def make(kind=futurist.ThreadPoolExecutor):
            return kind(4)
        """,
        checks=NAMED,
    ),
    fixes(
        "what else of futurist is green stays",
        """
        import futurist

        executor = futurist.GreenThreadPoolExecutor(4)
        mixin = futurist.GreenDelayedExecutorMixin
        """,
        """
        import futurist

        executor = futurist.ThreadPoolExecutor(4)
        mixin = futurist.GreenDelayedExecutorMixin
        """,
        checks=MADE,
        left=1,
    ),
    fixes(
        "a local is called like the module",
        """
        from futurist import GreenThreadPoolExecutor


        def make(futurist):
            return GreenThreadPoolExecutor(futurist.workers)
        """,
        """
        import futurist as futurist_lib


        def make(futurist):
            return futurist_lib.ThreadPoolExecutor(futurist.workers)
        """,
        checks=MADE,
    ),
    fixes(
        "a module of futurist is imported as well",
        """
        import futurist
        import futurist.waiters

        executor = futurist.GreenThreadPoolExecutor(4)
        futurist.waiters.wait_for_all([executor.submit(print)])
        """,
        """
        import futurist
        import futurist.waiters

        executor = futurist.ThreadPoolExecutor(4)
        futurist.waiters.wait_for_all([executor.submit(print)])
        """,
        checks=["C-ATOM", "C-LIFE", "C-LOCAL"],
    ),
    fixes(
        "a method of the class",
        """
        import futurist

        shutdown = futurist.GreenThreadPoolExecutor.shutdown
        """,
        """
        import futurist

        shutdown = futurist.ThreadPoolExecutor.shutdown
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "a method of the class that is imported by name",
        """
        from futurist import GreenThreadPoolExecutor

        submit = GreenThreadPoolExecutor.submit
        """,
        """
        import futurist

        submit = futurist.ThreadPoolExecutor.submit
        """,
        checks=["C-FLOW"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_futurist_executor(case: Case) -> None:
    check(case, "futurist-executor")


def test_a_method_follows_with_the_patch_of_it(tmp_path: Path) -> None:
    fixture = """\
import futurist

from pkg import manager

real = futurist.{0}.shutdown
patch = MockPatch({1}, lambda self, wait: real(self, wait=True))
"""
    files = {
        "pkg/__init__.py": "",
        "pkg/manager.py": "import futurist\n\nexecutor = futurist.GreenThreadPoolExecutor(3)\n",
        "pkg/tests/__init__.py": "",
        "pkg/tests/fixtures.py": fixture.format(
            "GreenThreadPoolExecutor", "'futurist.GreenThreadPoolExecutor.shutdown'"
        ),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    settings = Settings(monkey_patched="yes", line_length=120)
    changes = run(tmp_path, sorted(files), settings, whole_project=True)
    change = next(c for c in changes.changes if c.entry.path == "pkg/tests/fixtures.py")
    assert (change.new or b"").decode() == fixture.format(
        "ThreadPoolExecutor", "'pkg.manager.futurist.ThreadPoolExecutor.shutdown'"
    )
