"""The profiler of green threads."""

from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop(
        "the plain one",
        """
        import profile

        import eventlet.event

        profile.run('1')
        """,
    ),
    noop(
        "a module of the project",
        """
        import eventlet.event
        from pkg.green import profile

        profile.run('1')
        """,
    ),
    noop(
        "a text",
        """
        import eventlet.event

        TEXT = 'eventlet green profile'
        """,
    ),
    manual(
        "a module",
        """
        from eventlet.green import profile

        profile.run('1')
        """,
        says="`eventlet.green.profile` stays",
    ),
    manual(
        "its class",
        """
        from eventlet.green.profile import Profile

        Profile().runcall(print)
        """,
        says="`eventlet.green.profile.Profile` stays",
    ),
    manual(
        "its whole name",
        """
        import eventlet.green.profile

        eventlet.green.profile.run('1')
        """,
        says="eventlet.green.profile.run` stays",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_green_profile(case: Case) -> None:
    check(case, "green-profile")
