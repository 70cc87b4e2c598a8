"""What is asked of the hub."""

from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop(
        "a hub of the project",
        """
        import eventlet.event
        from pkg import hubs

        hubs.get_hub().switch()
        """,
    ),
    noop(
        "a parameter",
        """
        import eventlet.event


        def run(hubs):
            return hubs.get_hub()
        """,
    ),
    noop(
        "a text",
        """
        import eventlet.event

        TEXT = 'eventlet hubs'
        """,
    ),
    manual(
        "a call later",
        """
        from eventlet import hubs

        timer = hubs.get_hub().schedule_call_global(1, print)
        """,
        says="`eventlet.hubs.get_hub` is left",
    ),
    manual(
        "its name",
        """
        import eventlet

        HUB = eventlet.hubs.get_default_hub()
        """,
        says="get_default_hub` is left",
    ),
    manual(
        "a hub of one's own",
        """
        from eventlet.hubs import hub


        class Hub(hub.BaseHub):
            pass
        """,
        says="BaseHub` is left",
    ),
    manual(
        "a descriptor that is closed",
        """
        from eventlet import hubs


        def close(find):
            hubs.notify_close(find())
        """,
        says="notify_close` is left",
    ),
    manual(
        "a timer",
        """
        from eventlet.hubs.timer import Timer

        Timer(1, print).schedule()
        """,
        says="Timer` is left",
    ),
    manual(
        "an exception",
        """
        from eventlet.hubs import IOClosed


        def run(sock):
            try:
                sock.recv(1)
            except IOClosed:
                pass
        """,
        says="IOClosed` is left",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_hub_object(case: Case) -> None:
    check(case, "hub-object")
