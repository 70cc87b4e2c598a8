"""Greenlets that switch by hand."""

from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop(
        "a class of the project",
        """
        from pkg.workers import greenlet

        greenlet(print)
        """,
    ),
    noop(
        "a parameter",
        """
        import eventlet.event


        def run(greenlet):
            greenlet.switch()
        """,
    ),
    noop(
        "a text",
        """
        TEXT = 'a greenlet and its parent'
        """,
    ),
    manual(
        "one that is switched to",
        """
        import greenlet


        def run(work):
            return greenlet.greenlet(work).switch()
        """,
        says="`greenlet.greenlet` is left",
    ),
    manual(
        "a subclass",
        """
        from greenlet import greenlet


        class Task(greenlet):
            pass
        """,
        says="`greenlet.greenlet` is left",
    ),
    manual(
        "its parent",
        """
        import greenlet


        def back(value):
            return greenlet.getcurrent().parent.switch(value)
        """,
        says="is used as a green thread",
    ),
    manual(
        "an exit that is raised",
        """
        import greenlet


        def stop():
            raise greenlet.GreenletExit
        """,
        says="`greenlet.GreenletExit` is left",
    ),
    manual(
        "by the name that eventlet gives it",
        """
        from eventlet.support import greenlets


        def start(work):
            return greenlets.greenlet(work)
        """,
        says="greenlet` is left",
    ),
    manual(
        "a trace",
        """
        import greenlet

        greenlet.settrace(print)
        """,
        says="`greenlet.settrace` is left",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_raw_greenlet(case: Case) -> None:
    check(case, "raw-greenlet")
