from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    # --- what it is not about ---
    noop(
        "another Timeout",
        """
        import time

        from requests import Timeout


        def nap():
            with Timeout(5):
                time.sleep(10)
        """,
    ),
    noop(
        "a local hides the package",
        """
        import eventlet


        def nap(fake):
            eventlet = fake()
            with eventlet.Timeout(5):
                eventlet.sleep(10)
        """,
    ),
    # --- what it leaves ---
    manual(
        "equal times: nobody knows which comes first",
        """
        import eventlet


        def nap():
            with eventlet.Timeout(5):
                eventlet.sleep(5)
        """,
        says="stands in no loop",
        monkey_patched="auto",
    ),
    manual(
        "a time that is computed",
        """
        import eventlet


        def nap(seconds):
            with eventlet.Timeout(5):
                eventlet.sleep(seconds)
        """,
        says="stands in no loop",
        monkey_patched="auto",
    ),
    manual(
        "something else in the block",
        """
        import eventlet


        def nap(work):
            with eventlet.Timeout(5):
                eventlet.sleep(10)
                work()
        """,
        says="stands in no loop",
        monkey_patched="auto",
    ),
    manual(
        "no time at all",
        """
        import eventlet


        def nap():
            with eventlet.Timeout(0):
                eventlet.sleep(10)
        """,
        says="stands in no loop",
        monkey_patched="auto",
    ),
    # --- what it rewrites ---
    fixes(
        "the limit comes first",
        """
        import eventlet


        def nap(log):
            try:
                with eventlet.Timeout(0.5):
                    # too long
                    eventlet.sleep(10)
                log("never")
            except eventlet.Timeout:
                log("too long")
        """,
        """
        import time


        def nap(log):
            try:
                # too long
                time.sleep(0.5)
                raise TimeoutError("0.5 seconds")
                log("never")
            except TimeoutError:
                log("too long")
        """,
        checks=["C-CATCH"],
    ),
    fixes(
        "the limit comes first, in silence",
        """
        import eventlet


        def nap(log):
            with eventlet.Timeout(5, False):
                eventlet.sleep(10)
            log("on")
        """,
        """
        import time


        def nap(log):
            time.sleep(5)
            log("on")
        """,
    ),
    fixes(
        "the limit comes first, with an exception of its own",
        """
        import eventlet


        def nap():
            with eventlet.Timeout(5, ValueError("late")):
                eventlet.sleep(10)
        """,
        """
        import time


        def nap():
            time.sleep(5)
            raise ValueError("late")
        """,
    ),
    fixes(
        "the sleep comes first",
        """
        import eventlet


        def nap(log):
            try:
                with eventlet.Timeout(5):
                    eventlet.sleep(1)
                log("slept")
            except eventlet.Timeout:
                log("too long")
        """,
        """
        import time


        def nap(log):
            try:
                time.sleep(1)
                log("slept")
            except TimeoutError:
                log("too long")
        """,
    ),
    manual(
        "the sleep of time, which no Timeout ends in a program that is not patched",
        """
        import time

        import eventlet


        def nap():
            with eventlet.Timeout(3):
                time.sleep(4.5)
        """,
        says="stands in no loop",
        monkey_patched="auto",
    ),
    fixes(
        "through other names",
        """
        from eventlet import sleep as pause
        from eventlet import timeout


        def nap(log):
            try:
                with timeout.Timeout(3, exception=KeyError):
                    pause(4.5)
            except KeyError:
                log("too long")
        """,
        """
        import time


        def nap(log):
            try:
                time.sleep(3)
                raise KeyError
            except KeyError:
                log("too long")
        """,
    ),
    fixes(
        "the sleep comes first, and nobody catches",
        """
        import eventlet


        def nap():
            with eventlet.Timeout(60):
                eventlet.sleep(0.5)
            return True
        """,
        """
        import time


        def nap():
            time.sleep(0.5)
            return True
        """,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_timeout_sleep(case: Case) -> None:
    check(case, "timeout-sleep")
