"""A limit for any function."""

from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop(
        "a function of the project",
        """
        import eventlet.event
        from pkg import with_timeout

        with_timeout(1, print)
        """,
    ),
    noop(
        "a method",
        """
        import eventlet.event

        pool.with_timeout(1, print)
        """,
    ),
    noop(
        "a parameter",
        """
        import eventlet.event


        def run(with_timeout):
            with_timeout(1, print)
        """,
    ),
    manual(
        "any function",
        """
        import eventlet

        eventlet.with_timeout(4, print)
        """,
        says="`eventlet.with_timeout` is left",
    ),
    manual(
        "with a value",
        """
        from eventlet.timeout import with_timeout

        found = with_timeout(4, ask, timeout_value=None)
        """,
        says="with_timeout` is left",
    ),
    manual(
        "a question",
        """
        import eventlet


        def told(error):
            return eventlet.is_timeout(error)
        """,
        says="is_timeout` is left",
    ),
    manual(
        "a base",
        """
        from eventlet.timeout import wrap_is_timeout


        @wrap_is_timeout
        class Late(Exception):
            pass
        """,
        says="wrap_is_timeout` is left",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_with_timeout(case: Case) -> None:
    check(case, "with-timeout")
