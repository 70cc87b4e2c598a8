"""Python's prompt on a socket."""

from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop(
        "a module of the project",
        """
        from pkg import backdoor

        import eventlet.event

        backdoor.backdoor_server(1)
        """,
    ),
    noop(
        "a parameter",
        """
        import eventlet.event


        def run(backdoor):
            backdoor.backdoor_server(1)
        """,
    ),
    noop(
        "an option of that name",
        """
        import eventlet.event

        PORT = conf.backdoor_port
        """,
    ),
    manual(
        "a server",
        """
        from eventlet import backdoor

        backdoor.backdoor_server(sock, locals())
        """,
        says="backdoor_server` is left",
    ),
    manual(
        "one connection",
        """
        from eventlet.backdoor import backdoor

        backdoor((conn, addr), {})
        """,
        says="`eventlet.backdoor.backdoor` is left",
    ),
    manual(
        "the function as a value",
        """
        import eventlet.backdoor

        SERVE = eventlet.backdoor.backdoor_server
        """,
        says="backdoor_server` is left",
    ),
    manual(
        "that of oslo.service",
        """
        from oslo_service import eventlet_backdoor


        def start(conf):
            return eventlet_backdoor.initialize_if_enabled(conf)
        """,
        says="initialize_if_enabled` is left",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_backdoor(case: Case) -> None:
    check(case, "backdoor")
