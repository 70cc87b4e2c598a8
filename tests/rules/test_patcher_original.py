from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    noop(
        "somebody else's patcher",
        """
        from pkg import patcher

        threading = patcher.original("threading")
        """,
    ),
    noop(
        "a parameter hides the module",
        """
        from eventlet import patcher


        def native(patcher):
            return patcher.original("threading")
        """,
    ),
    noop(
        "another function of patcher",
        """
        from eventlet import patcher

        patcher.inject("x", globals())
        """,
    ),
    noop(
        "prose",
        """
        import eventlet.wsgi

        TEXT = "eventlet.patcher.original is not called here"
        """,
    ),
    manual(
        "a computed name",
        """
        from eventlet import patcher


        def native(name):
            return patcher.original(name)
        """,
        says="cannot be seen",
    ),
    manual(
        "no name",
        """
        from eventlet import patcher

        patcher.original()
        """,
        says="cannot be seen",
    ),
    manual(
        "a name by keyword",
        """
        from eventlet import patcher

        threading = patcher.original(modname="threading")
        """,
        says="cannot be seen",
    ),
    manual(
        "a name that is none",
        """
        from eventlet import patcher

        threading = patcher.original("not a name")
        """,
        says="cannot be seen",
    ),
    manual(
        "the function as a value",
        """
        from eventlet import patcher

        native = patcher.original
        """,
    ),
    manual(
        "green threads are left",
        """
        import eventlet
        from eventlet import patcher

        threading = patcher.original("threading")
        limit = eventlet.Timeout(4)
        """,
        says="must go first",
    ),
    fixes(
        "under its own name at the top",
        """
        import sys

        from eventlet import patcher

        threading = patcher.original("threading")

        print(sys, threading)
        """,
        """
        import sys
        import threading

        print(sys, threading)
        """,
    ),
    fixes(
        "under another name at the top",
        """
        import threading

        from eventlet import patcher

        native = patcher.original("threading")

        print(native, threading)
        """,
        """
        import threading
        import threading as native

        print(native, threading)
        """,
    ),
    fixes(
        "in an expression",
        """
        import eventlet


        def start(target):
            eventlet.patcher.original("threading").Thread(target=target).start()
        """,
        """
        import threading


        def start(target):
            threading.Thread(target=target).start()
        """,
    ),
    fixes(
        "in a function that has the name",
        """
        from eventlet import patcher


        def now(time):
            clock = patcher.original("time")
            return clock.time() - time
        """,
        """
        import time as time_lib


        def now(time):
            clock = time_lib
            return clock.time() - time
        """,
    ),
    fixes(
        "in a class body",
        """
        from eventlet import patcher


        class Clock:
            time = patcher.original("time")
        """,
        """
        import time as time_lib


        class Clock:
            time = time_lib
        """,
    ),
    fixes(
        "bound twice at the top",
        """
        from eventlet import patcher

        select = patcher.original("select")
        select = wrap(select)
        """,
        """
        import select as select_lib

        select = select_lib
        select = wrap(select)
        """,
    ),
    fixes(
        "one of two can be seen",
        """
        from eventlet import patcher


        def native(name):
            return patcher.original("os"), patcher.original(name)
        """,
        """
        import os

        from eventlet import patcher


        def native(name):
            return os, patcher.original(name)
        """,
        left=1,
        force=True,
    ),
    fixes(
        "a submodule in an expression",
        """
        from eventlet import patcher


        def join(*parts):
            return patcher.original("os.path").join(*parts)
        """,
        """
        import os.path


        def join(*parts):
            return os.path.join(*parts)
        """,
    ),
    # --- found the hard way ---
    manual(
        "a comment between the brackets",
        """
            from eventlet import patcher

            native = patcher.original(
                # the real one
                "threading"
            )
            """,
    ),
    fixes(
        "the module is imported above by the same name",
        """
        import threading

        from eventlet import patcher

        threading = patcher.original("threading")


        def start(target):
            threading.Thread(target=target).start()
        """,
        """
        import threading


        def start(target):
            threading.Thread(target=target).start()
        """,
        force=True,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_patcher_original(case: Case) -> None:
    check(case, "patcher-original")
