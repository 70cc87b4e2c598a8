from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    noop(
        "no Timeout",
        """
        import eventlet.wsgi

        with open("file") as lines:
            print(lines)
        """,
    ),
    manual(
        "a limit",
        """
        import eventlet


        def fetch(client):
            with eventlet.Timeout(0):
                return client.fetch()
        """,
    ),
    manual(
        "the Timeout is read",
        """
        import eventlet


        def fetch(client):
            with eventlet.Timeout(None) as limit:
                return client.fetch(limit.pending)
        """,
    ),
    manual(
        "another context manager beside it",
        """
        import eventlet


        def fetch(client, lock):
            with eventlet.Timeout(None), lock:
                return client.fetch()
        """,
    ),
    noop(
        "no limit of another library",
        """
        import eventlet.wsgi
        from async_timeout import Timeout


        def fetch(client):
            with Timeout(None):
                return client.fetch()
        """,
    ),
    manual(
        "its arguments cannot be seen",
        """
        import eventlet


        def fetch(client, given):
            with eventlet.Timeout(None, *given):
                return client.fetch()
        """,
    ),
    fixes(
        "an exception that is never raised, and a name that nothing reads",
        """
        import eventlet


        def fetch(client):
            # no limit
            with eventlet.Timeout(seconds=None, exception=ValueError) as limit:
                return client.fetch()  # all of it
        """,
        """
        def fetch(client):
            # no limit
            return client.fetch()  # all of it
        """,
    ),
    fixes(
        "no argument, beside one with a limit",
        """
        import eventlet


        def poll(ready):
            with eventlet.Timeout(), eventlet.Timeout(3):
                ready()
            with eventlet.Timeout():
                ready()
        """,
        """
        import eventlet


        def poll(ready):
            with eventlet.Timeout(), eventlet.Timeout(3):
                ready()
            ready()
        """,
        left=2,
    ),
    fixes(
        "a Timeout by another name",
        """
        from eventlet import Timeout as Limit


        def fetch(client):
            with Limit(None):
                return client.fetch()
        """,
        """
        def fetch(client):
            return client.fetch()
        """,
    ),
    fixes(
        "by way of its module",
        """
        from eventlet import timeout


        def fetch(client):
            with timeout.Timeout(None, False):
                answer = client.fetch()
            return answer
        """,
        """
        def fetch(client):
            answer = client.fetch()
            return answer
        """,
    ),
    fixes(
        "in a branch",
        """
        import eventlet


        def fetch(client, again):
            if again:
                with eventlet.Timeout(None):
                    client.fetch()
                    client.fetch()
            return client
        """,
        """
        def fetch(client, again):
            if again:
                client.fetch()
                client.fetch()
            return client
        """,
    ),
    fixes(
        "a yield in it",
        """
        import eventlet


        def records(client):
            with eventlet.Timeout(None):
                for record in client:
                    yield record
        """,
        """
        def records(client):
            for record in client:
                yield record
        """,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_timeout_none(case: Case) -> None:
    check(case, "timeout" if case.kind == "manual" else "timeout-none")
