from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    # --- what it is not about ---------------------------------------------------------------
    noop("a native future", "import futurist\n\nfuture = futurist.Future()\n"),
    noop("a class of the project", "from pkg import GreenFuture\n\nfuture = GreenFuture()\n"),
    noop("a comment", "import futurist  # no GreenFuture\n"),
    noop("an executor that is not green", "import futurist\n\nfuturist.SynchronousExecutor()\n"),
    noop(
        "a class that derives from it",
        """
        import futurist


        class Fake(futurist.SynchronousExecutor):
            def __init__(self, *args, **kwargs):
                super().__init__()
        """,
    ),
    # --- what it leaves ---------------------------------------------------------------------
    manual(
        "a subclass",
        """
        import futurist


        class Result(futurist.GreenFuture):
            def set(self, value):
                with self._condition:
                    self.value = value
        """,
        says="a class derives from",
    ),
    manual(
        "a method of the class",
        "import futurist\n\nwait = futurist.GreenFuture.result\n",
        says="futurist.GreenFuture.result",
    ),
    manual(
        "the class is replaced",
        "import futurist\n\nfuturist.GreenFuture = object\n",
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
            return futurist.GreenFuture()
        """,
        says="the import is optional",
    ),
    manual(
        "an executor that delays",
        """
        import futurist


        class Executor(futurist.GreenDelayedExecutorMixin, futurist.GreenThreadPoolExecutor):
            pass
        """,
        says="goes with a green executor",
    ),
    manual(
        "nothing is patched and green threads remain",
        """
        import eventlet
        import futurist

        future = futurist.GreenFuture()
        eventlet.serve(sock, print)
        """,
        monkey_patched="no",
        says="does not cover thread",
    ),
    # --- what it rewrites -------------------------------------------------------------------
    fixes(
        "a future is made",
        "import futurist\n\nfuture = futurist.GreenFuture()\n",
        "import futurist\n\nfuture = futurist.Future()\n",
        checks=["C-FLOW"],
    ),
    fixes(
        "by its name",
        """
        from futurist import GreenFuture


        def make():
            return GreenFuture()
        """,
        """
        import futurist


        def make():
            return futurist.Future()
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "under an alias of the module",
        "import futurist as f\n\nfuture = f.GreenFuture()\n",
        "import futurist as f\n\nfuture = f.Future()\n",
        checks=["C-FLOW"],
    ),
    fixes(
        "its class is asked for",
        """
        import futurist


        def is_future(value):
            return isinstance(value, (futurist.GreenFuture, Fake))
        """,
        """
        import futurist


        def is_future(value):
            return isinstance(value, (futurist.Future, Fake))
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "an annotation",
        """
        import futurist


        def wait(future: futurist.GreenFuture) -> int:
            return future.result()
        """,
        """
        import futurist


        def wait(future: futurist.Future) -> int:
            return future.result()
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "the class is handed on",
        """
        import futurist


        class Executor:
            future_class = futurist.GreenFuture  # what submit() gives
        """,
        """
        import futurist


        class Executor:
            future_class = futurist.Future  # what submit() gives
        """,
        checks=["C-FLOW"],
    ),
    manual(
        "green by choice",
        """
        import futurist

        executor = futurist.SynchronousExecutor(green=CONF.green)
        """,
        says="whether this executor is green is computed",
    ),
    fixes(
        "a synchronous executor",
        """
        import futurist

        executor = futurist.SynchronousExecutor(green=True)
        """,
        """
        import futurist

        executor = futurist.SynchronousExecutor()
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "one that is imported by name, with more arguments",
        """
        from futurist import SynchronousExecutor

        executor = SynchronousExecutor(
            green=True,  # for the test
            run_work_func=run,
        )
        """,
        """
        from futurist import SynchronousExecutor

        executor = SynchronousExecutor(
            # for the test
            run_work_func=run,
        )
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "one that is told not to be green",
        """
        import futurist

        executor = futurist.SynchronousExecutor(run_work_func=run, green=False)
        """,
        """
        import futurist

        executor = futurist.SynchronousExecutor(run_work_func=run)
        """,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_green_future(case: Case) -> None:
    check(case, "green-future")
