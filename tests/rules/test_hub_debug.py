"""What looks into the hub."""

from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop(
        "a module of the project",
        """
        import eventlet.event
        from pkg import debug

        debug.spew()
        """,
    ),
    noop(
        "a logger",
        """
        import eventlet.event

        LOG.debug('a')
        """,
    ),
    noop(
        "a text",
        """
        import eventlet.event

        TEXT = 'eventlet debug'
        """,
    ),
    manual(
        "listeners and timers",
        """
        from eventlet import debug

        TEXT = debug.format_hub_listeners() + debug.format_hub_timers()
        """,
        says="format_hub_timers` is left",
    ),
    manual(
        "threads",
        """
        from eventlet.debug import format_threads_info

        print(format_threads_info())
        """,
        says="format_threads_info` is left",
    ),
    manual(
        "lines",
        """
        import eventlet.debug

        eventlet.debug.spew()
        """,
        says="spew` is left",
    ),
    manual(
        "a switch that is asked",
        """
        from eventlet import debug

        found = debug.hub_exceptions(True)
        """,
        says="hub_exceptions` is left",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_hub_debug(case: Case) -> None:
    check(case, "hub-debug")
