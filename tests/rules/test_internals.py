"""What eventlet is made of."""

from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop(
        "names of the project",
        """
        import eventlet.event
        from pkg import patcher

        patcher.inject('a', {})
        """,
    ),
    noop(
        "a class of that name",
        """
        import eventlet.event
        from pkg.queue import Waiter

        Waiter()
        """,
    ),
    noop(
        "a text",
        """
        import eventlet.event

        TEXT = 'eventlet patcher'
        """,
    ),
    manual(
        "greening by hand",
        """
        from eventlet import patcher

        patcher.inject('pkg.mod', globals())
        """,
        says="inject` is left",
    ),
    manual(
        "a waiter",
        """
        from eventlet.queue import Waiter

        waiter = Waiter()
        """,
        says="Waiter` is left",
    ),
    manual(
        "a sentinel",
        """
        from eventlet import event


        def send(value=event.NOT_USED):
            pass
        """,
        says="NOT_USED` is left",
    ),
    manual(
        "a version",
        """
        import eventlet

        FOUND = eventlet.__version__ >= '0.2'
        """,
        says="__version__` is left",
    ),
    manual(
        "an error for later",
        """
        import eventlet

        timer = eventlet.exc_after(1, ValueError)
        """,
        says="exc_after` is left",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_internals(case: Case) -> None:
    check(case, "internals")
