"""Modules that eventlet has no more."""

from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop(
        "modules of the project",
        """
        import eventlet.event
        from pkg import api, proc, util

        api.sleep(proc.spawn(util.wrap))
        """,
    ),
    noop(
        "a directory called eventlet",
        """
        from pkg.eventlet import api

        api.sleep(1)
        """,
    ),
    noop(
        "a text",
        """
        import eventlet.event

        TEXT = 'eventlet coros'
        """,
    ),
    manual(
        "api",
        """
        from eventlet import api

        api.sleep(1)
        """,
        says="`eventlet.api.sleep` is left",
    ),
    manual(
        "coros",
        """
        from eventlet import coros

        count = coros.metaphore()
        """,
        says="`eventlet.coros.metaphore` is left",
    ),
    manual(
        "proc",
        """
        import eventlet.proc

        eventlet.proc.waitall([])
        """,
        says="`eventlet.proc.waitall` is left",
    ),
    manual(
        "processes",
        """
        from eventlet.processes import Process

        process = Process('ls')
        """,
        says="Process` is left",
    ),
    manual(
        "util",
        """
        from eventlet import util

        util.wrap_socket_with_coroutine_socket()
        """,
        says="is left",
    ),
    manual(
        "saranwrap",
        """
        from eventlet import saranwrap

        saranwrap.wrap(object)
        """,
        says="is left",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_old_module(case: Case) -> None:
    check(case, "old-module")
