"""Coroutines on eventlet's asyncio hub."""

from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop(
        "asyncio",
        """
        import asyncio

        import eventlet.event

        asyncio.run(main())
        """,
    ),
    noop(
        "a function of the project",
        """
        import eventlet.event
        from pkg.aio import spawn_for_awaitable

        spawn_for_awaitable(1)
        """,
    ),
    noop(
        "a text",
        """
        import eventlet.event

        TEXT = 'eventlet asyncio'
        """,
    ),
    manual(
        "a coroutine",
        """
        from eventlet.asyncio import spawn_for_awaitable

        value = spawn_for_awaitable(main()).wait()
        """,
        says="spawn_for_awaitable` is left",
    ),
    manual(
        "its whole name",
        """
        import eventlet.asyncio

        eventlet.asyncio.spawn_for_awaitable(main())
        """,
        says="spawn_for_awaitable` is left",
    ),
    manual(
        "handed on",
        """
        from eventlet import asyncio as bridge

        TURN = bridge.spawn_for_awaitable
        """,
        says="spawn_for_awaitable` is left",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_awaitable(case: Case) -> None:
    check(case, "awaitable")
