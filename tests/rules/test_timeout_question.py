"""Questions whether an exception is a Timeout."""

from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop(
        "a function of the project",
        """
        import eventlet.event
        from pkg import is_timeout

        is_timeout(error)
        """,
    ),
    noop(
        "a method",
        """
        import eventlet.event

        pool.is_timeout(error)
        """,
    ),
    noop(
        "a parameter",
        """
        import eventlet.event


        def run(is_timeout):
            is_timeout(error)
        """,
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
        "a question handed on",
        """
        import eventlet

        late = filter(eventlet.is_timeout, errors)
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
def test_timeout_question(case: Case) -> None:
    check(case, "timeout-question")
