from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

HEAD = """
        import queue
        import threading

        import eventlet

        jobs = queue.Queue()
        gate = threading.Lock()

"""


def left(title: str, body: str, says: str) -> Case:
    """A call that stays."""
    return manual(title, HEAD + body, says=says)


def right(title: str, before: str, after: str, checks: tuple[str, ...] = ()) -> Case:
    """A call that is rewritten."""
    return fixes(
        title, HEAD + before, HEAD.replace("        import eventlet\n\n", "") + after, checks=checks
    )


CASES = [
    noop(
        "somebody else's",
        """
        import eventlet.wsgi
        from curio import with_timeout

        with_timeout(3, print, timeout_value=None)
        """,
    ),
    left(
        "any function",
        """
        def fetch(client):
            return eventlet.with_timeout(5, client.fetch, timeout_value=None)
        """,
        says="`client.fetch` is not known to take a limit",
    ),
    left(
        "a semaphore of eventlet",
        """
        def enter():
            slots = eventlet.Semaphore(3)
            return eventlet.with_timeout(5, slots.acquire, timeout_value=False)
        """,
        says="`slots.acquire` of an object of eventlet, which stays with it, is passed on",
    ),
    left(
        "no value in its place",
        """
        def take():
            return eventlet.with_timeout(5, jobs.get)
        """,
        says="without a timeout_value a Timeout flies out of it",
    ),
    left(
        "a get of something else",
        """
        def take(jobs):
            return eventlet.with_timeout(5, jobs.get, timeout_value=None)
        """,
        says="`jobs.get` is not known to take a limit",
    ),
    left(
        "a get that does not wait",
        """
        def take():
            return eventlet.with_timeout(5, jobs.get, False, timeout_value=None)
        """,
        says="is given more than it waits with",
    ),
    left(
        "a value that is computed",
        """
        def take(default):
            return eventlet.with_timeout(5, jobs.get, timeout_value=default())
        """,
        says="its timeout_value is computed",
    ),
    left(
        "arguments that may raise the same",
        """
        def put(job):
            eventlet.with_timeout(5, jobs.put, job(), timeout_value=None)
        """,
        says="is computed, and may raise the same",
    ),
    left(
        "hidden arguments",
        """
        def put(job):
            eventlet.with_timeout(5, jobs.put, *job, timeout_value=None)
        """,
        says="its arguments cannot be seen",
    ),
    left(
        "in the middle of a statement",
        """
        def take():
            return 3 + eventlet.with_timeout(5, jobs.get, timeout_value=0)
        """,
        says="in the middle of a statement",
    ),
    left(
        "behind a semicolon",
        """
        def take():
            x = 3; y = eventlet.with_timeout(5, jobs.get, timeout_value=0)
            return x + y
        """,
        says="in the middle of a statement",
    ),
    left(
        "another answer than False",
        """
        def enter():
            return eventlet.with_timeout(5, gate.acquire, timeout_value=None)
        """,
        says="in the middle of a statement",
    ),
    right(
        "an answer, anywhere",
        """
        def enter(n):
            if not eventlet.with_timeout(n, gate.acquire, timeout_value=False):
                raise KeyError
            eventlet.with_timeout(3, gate.acquire, timeout_value=None)
        """,
        """
        def enter(n):
            if not gate.acquire(timeout=n):
                raise KeyError
            gate.acquire(timeout=3)
        """,
        checks=("C-TYPE",),
    ),
    right(
        "assigned and dropped",
        """
        def take(default):
            job = found = eventlet.with_timeout(3, jobs.get, timeout_value=default)  # waits
            eventlet.with_timeout(3, jobs.put, {
                "job": job,
            }, timeout_value=None)
            return found
        """,
        """
        def take(default):
            try:
                job = found = jobs.get(timeout=3)  # waits
            except queue.Empty:
                job = found = default
            try:
                jobs.put({"job": job}, timeout=3)
            except queue.Full:
                pass
            return found
        """,
    ),
    right(
        "a value in its place that is a constant",
        """
        def take():
            return eventlet.with_timeout(5, jobs.get, timeout_value=0)
        """,
        """
        def take():
            try:
                return jobs.get(timeout=5)
            except queue.Empty:
                return 0
        """,
    ),
    right(
        "in a branch",
        """
        def take(wait):
            if wait:
                job = eventlet.with_timeout(0.5, jobs.get, timeout_value="")
            else:
                job = None
            return job
        """,
        """
        def take(wait):
            if wait:
                try:
                    job = jobs.get(timeout=0.5)
                except queue.Empty:
                    job = ""
            else:
                job = None
            return job
        """,
    ),
    right(
        "a method of an object",
        """
        class Worker:
            def __init__(self):
                self.gate = threading.Lock()

            def enter(self):
                return eventlet.with_timeout(2, self.gate.acquire, timeout_value=False)
        """,
        """
        class Worker:
            def __init__(self):
                self.gate = threading.Lock()

            def enter(self):
                return self.gate.acquire(timeout=2)
        """,
    ),
    right(
        "a put of what is already there",
        """
        def put(job):
            eventlet.with_timeout(1, jobs.put, job, timeout_value=None)
        """,
        """
        def put(job):
            try:
                jobs.put(job, timeout=1)
            except queue.Full:
                pass
        """,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_with_timeout(case: Case) -> None:
    check(case, "with-timeout")
