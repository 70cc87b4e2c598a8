from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop(
        "somebody else's Timeout",
        """
        import eventlet.wsgi
        from requests import Timeout

        limit = Timeout(3)
        """,
    ),
    manual(
        "a call of which nothing is known",
        """
        import eventlet


        def fetch(client):
            with eventlet.Timeout(20):
                return client.fetch()
        """,
        says="nothing in the block is known to take a limit",
    ),
    manual(
        "a block that yields to its caller",
        """
        import contextlib

        import eventlet


        @contextlib.contextmanager
        def at_most(seconds):
            with eventlet.Timeout(seconds, False):
                yield
        """,
        says="what stands in a `with` of its caller is limited by it",
    ),
    manual(
        "arguments in a mapping",
        """
        import eventlet


        def fetch(client, **given):
            with eventlet.Timeout(**given):
                return client.fetch()
        """,
        says="cannot be seen",
    ),
    manual(
        "a subclass",
        """
        import eventlet


        class ConnectTimeout(eventlet.Timeout):
            pass
        """,
        says="used as a value",
    ),
    manual(
        "kept on an object",
        """
        import eventlet


        class Watch:
            def start(self):
                self.limit = eventlet.Timeout(3)
        """,
        says="kept where it is not followed",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_timeout(case: Case) -> None:
    check(case, "timeout")


def test_the_advice_names_what_is_called() -> None:
    from eventlet_codemod.config import Settings
    from eventlet_codemod.run import rewrite_one

    text = "import eventlet\n\n\ndef fetch(c):\n    with eventlet.Timeout(2):\n        c.get(1)\n"
    (finding,) = rewrite_one(text.encode(), "a.py", Settings()).entry.findings
    assert "one of `c.get()` (line 6)" in finding.advice
