from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    # --- what it is not about ---------------------------------------------------------------
    noop("another module of the library", "from oslo_utils import timeutils  # eventletutils\n"),
    noop(
        "a function of the project",
        """
        from pkg.utils import fetch_current_thread_functor

        current = fetch_current_thread_functor()
        """,
    ),
    noop("a comment", "import threading  # no fetch_current_thread_functor\n"),
    # --- what it leaves ---------------------------------------------------------------------
    manual(
        "whether eventlet is installed",
        """
        from oslo_utils import eventletutils

        if eventletutils.EVENTLET_AVAILABLE:
            start()
        """,
        says="whether eventlet is installed",
    ),
    manual(
        "a function that is handed on",
        """
        from oslo_utils import eventletutils

        fetch = eventletutils.fetch_current_thread_functor
        """,
        says="is handed on",
    ),
    manual(
        "the library may not be there",
        """
        try:
            from oslo_utils import eventletutils
        except ImportError:
            eventletutils = None


        def current():
            return eventletutils.fetch_current_thread_functor()
        """,
        says="the import is optional",
    ),
    manual(
        "a warning is all that a function does",
        """
        from oslo_utils import eventletutils


        def check():
            eventletutils.warn_eventlet_not_patched()
        """,
        says="all that its block does",
    ),
    manual(
        "the arguments of a warning act",
        """
        from oslo_utils import eventletutils

        eventletutils.warn_eventlet_not_patched(register_parts())
        """,
        says="something acts in its arguments",
    ),
    manual(
        "other uses are left",
        """
        import eventlet
        from oslo_utils import eventletutils

        current = eventletutils.fetch_current_thread_functor()
        eventlet.serve(sock, print)
        """,
        says="must go first",
    ),
    # --- what it rewrites -------------------------------------------------------------------
    fixes(
        "a function for the current thread",
        """
        from oslo_utils import eventletutils


        class Lock:
            def __init__(self):
                self._get_thread_id = eventletutils.fetch_current_thread_functor()
        """,
        """
        import threading


        class Lock:
            def __init__(self):
                self._get_thread_id = threading.current_thread
        """,
        checks=["C-NONE"],
    ),
    fixes(
        "by its name, and called at once",
        """
        from oslo_utils.eventletutils import fetch_current_thread_functor


        def owner():
            return fetch_current_thread_functor()()
        """,
        """
        import threading


        def owner():
            return threading.current_thread()
        """,
        checks=["C-NONE"],
    ),
    fixes(
        "threading is imported under an alias",
        """
        import threading as t

        from oslo_utils import eventletutils

        current = eventletutils.fetch_current_thread_functor()
        """,
        """
        import threading as t

        current = t.current_thread
        """,
        checks=["C-NONE"],
    ),
    fixes(
        "a warning",
        """
        from oslo_utils import eventletutils


        def start():
            # threads must be patched
            eventletutils.warn_eventlet_not_patched(
                expected_patched_modules=['thread'],
                what="the executor")
            run()
        """,
        """
        def start():
            # threads must be patched
            run()
        """,
    ),
    fixes(
        "a warning without arguments",
        """
        from oslo_utils import eventletutils

        eventletutils.warn_eventlet_not_patched()
        run()
        """,
        """
        run()
        """,
    ),
    fixes(
        "beside another statement",
        """
        from oslo_utils.eventletutils import warn_eventlet_not_patched as warn


        def start(): warn(['thread']); run()
        """,
        """
        def start(): run()
        """,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_eventletutils_question(case: Case) -> None:
    check(case, "eventletutils-question")
