"""What becomes of StackStorm's wrappers, and what only looks like them."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CODEMOD = str(Path(__file__).with_name("st2.py"))

CASES = [
    # --- what only looks like it ---
    noop("another module", "from other import concurrency\n\nconcurrency.kill(thread)\n"),
    noop(
        "a parameter",
        """
        from st2common.util import concurrency


        def f(concurrency):
            concurrency.wait(1)
        """,
    ),
    noop("a method", "def f(self):\n    self.concurrency.wait(3)\n"),
    # --- what is told ---
    manual(
        "an exception that kills",
        """
        from st2common.util import concurrency

        exit_class = concurrency.get_greenlet_exit_exception_class()
        """,
        says="chooses between eventlet and gevent",
        advises="threading.Event",
    ),
    manual(
        "a module",
        """
        from st2common.util import concurrency

        subprocess = concurrency.get_subprocess_module()
        """,
        advises="import subprocess",
    ),
    manual(
        "an argument that is no plain one",
        "from st2common.util import concurrency\n\nconcurrency.kill(one or two)\n",
        says="not a plain one",
    ),
    manual(
        "arguments that cannot be seen",
        "from st2common.util import concurrency\n\nconcurrency.kill(*threads)\n",
        says="not a plain one",
    ),
    # --- what is rewritten ---
    fixes(
        "methods",
        """
        from st2common.util import concurrency


        class Watcher:
            def stop(self, pool):
                try:
                    # at once
                    self._thread = concurrency.kill(self._thread)  # None
                finally:
                    concurrency.wait(self.threads[0], timeout=3)
                    concurrency.cancel(timer)
                if concurrency.is_green_pool_free(pool):
                    concurrency.green_pool_wait_all(pool)
        """,
        """
        from st2common.util import concurrency


        class Watcher:
            def stop(self, pool):
                try:
                    # at once
                    self._thread = self._thread.kill()  # None
                finally:
                    self.threads[0].wait(timeout=3)
                    timer.cancel()
                if pool.free():
                    pool.waitall()
        """,
        checks=["C-CODEMOD"],
    ),
    fixes(
        "a thread that is waited for, from one rule to the next",
        """
        from st2common.util import concurrency


        def main():
            timer = concurrency.spawn(run)
            concurrency.wait(timer)
        """,
        """
        from concurrent import futures


        def main():
            timer = futures.ThreadPoolExecutor(max_workers=1).submit(run)
            timer.result()
        """,
        checks=["C-CODEMOD"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_st2(case: Case) -> None:
    check(case, CODEMOD)
