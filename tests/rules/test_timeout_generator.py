from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop


def left(title: str, body: str, says: str) -> Case:
    """A Timeout in a generator, which stays."""
    return manual(title, "import eventlet\n\n" + body, says=says)


CASES = [
    noop(
        "no Timeout",
        """
        import eventlet.wsgi


        def records(query):
            for record in query():
                yield record
        """,
    ),
    left(
        "the generator is a context manager",
        """
@contextlib.contextmanager
def limited(n):
    with eventlet.Timeout(n, False):
        yield
        return
        """,
        says="what stands in a `with` of its caller is limited by it",
    ),
    left(
        "the generator is no loop",
        """
def steps(n):
    with eventlet.Timeout(n, ValueError):
        yield 1
        yield 2
        """,
        says="the block yields",
    ),
    left(
        "it delegates",
        """
def records(n, query):
    with eventlet.Timeout(n, ValueError):
        yield from query()
        """,
        says="the block yields",
    ),
    left(
        "a loop in the loop",
        """
def records(n, queries):
    with eventlet.Timeout(n, ValueError):
        for query in queries:
            for record in query():
                yield record
        """,
        says="its block holds more loops than the one that hands on",
    ),
    left(
        "a wait of its own",
        """
def records(n, query, ready):
    with eventlet.Timeout(n, ValueError):
        ready.wait()
        for record in query():
            yield record
        """,
        says="`ready.wait()` on line 6 waits in it, too",
    ),
    left(
        "a context manager in the block",
        """
def records(n, query, lock):
    with eventlet.Timeout(n, ValueError):
        with lock:
            for record in query():
                yield record
        """,
        says="a context manager is entered in it, on line 6",
    ),
    left(
        "a clause in the block would take the TimeoutError",
        """
def records(n, query):
    with eventlet.Timeout(n):
        try:
            for record in query():
                yield record
        except Exception:
            yield None
        """,
        says="the except clause on line 9, inside the block, would take the exception",
    ),
    left(
        "a silent one with more behind its loop",
        """
def records(n, query):
    with eventlet.Timeout(n, False):
        for record in query():
            yield record
        yield None
        """,
        says="the block yields",
    ),
    left(
        "the first statement of the loop is a block",
        """
def records(n, query):
    with eventlet.Timeout(n, ValueError):
        for record in query():
            if record:
                yield record
        """,
        says="no test can be put before the statement on line 7",
    ),
    fixes(
        "silent, with a comment, and the name of the deadline taken",
        """
        import eventlet


        def records(deadline, query):
            with eventlet.Timeout(deadline, False):
                for record in query():
                    # as it comes
                    record = record.copy()  # a row
                    yield record
        """,
        """
        import time


        def records(deadline, query):
            deadline2 = time.monotonic() + deadline
            for record in query():
                # as it comes
                if time.monotonic() >= deadline2:
                    break
                record = record.copy()  # a row
                yield record
        """,
        checks=["C-KILL"],
    ),
    fixes(
        "the Timeout itself, caught in the generator",
        """
        import eventlet


        def records(query):
            try:
                with eventlet.Timeout(3):
                    for record in query.items:
                        yield record
            except eventlet.Timeout:
                yield None
        """,
        """
        import time


        def records(query):
            try:
                deadline = time.monotonic() + 3
                for record in query.items:
                    if time.monotonic() >= deadline:
                        raise TimeoutError("3 seconds")
                    yield record
            except TimeoutError:
                yield None
        """,
        checks=["C-KILL", "C-CATCH"],
    ),
    fixes(
        "items of a mapping, and a limit that is counted",
        """
        import eventlet


        def records(found, days):
            with eventlet.Timeout(days * 86400):
                for name, record in found.items():
                    yield name, record
        """,
        """
        import time


        def records(found, days):
            deadline = time.monotonic() + days * 86400
            for name, record in found.items():
                if time.monotonic() >= deadline:
                    raise TimeoutError()
                yield name, record
        """,
        checks=["C-KILL", "C-CATCH"],
    ),
    fixes(
        "two values of each item",
        """
        import eventlet


        def records(query):
            with eventlet.Timeout(2.5):
                for record in query:
                    yield record.name
                    yield record.value
        """,
        """
        import time


        def records(query):
            deadline = time.monotonic() + 2.5
            for record in query:
                if time.monotonic() >= deadline:
                    raise TimeoutError("2.5 seconds")
                yield record.name
                yield record.value
        """,
        checks=["C-KILL", "C-CATCH"],
    ),
    fixes(
        "a method",
        """
        from eventlet import timeout


        class Table:
            def rows(self):
                with timeout.Timeout(self.limit):
                    for row in self.query:
                        yield row
        """,
        """
        import time


        class Table:
            def rows(self):
                deadline = time.monotonic() + self.limit
                for row in self.query:
                    if time.monotonic() >= deadline:
                        raise TimeoutError(f"{self.limit} seconds")
                    yield row
        """,
        checks=["C-KILL", "C-CATCH"],
    ),
    fixes(
        "an exception of its own",
        """
        import eventlet


        def records(query):
            with eventlet.Timeout(3, KeyError("late")):
                for record in query:
                    yield record
        """,
        """
        import time


        def records(query):
            deadline = time.monotonic() + 3
            for record in query:
                if time.monotonic() >= deadline:
                    raise KeyError("late")
                yield record
        """,
        checks=["C-KILL"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_timeout_generator(case: Case) -> None:
    check(case, "timeout" if case.kind == "manual" else "timeout-generator")
