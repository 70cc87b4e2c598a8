from __future__ import annotations

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one
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
        "a clause that catches one that stays, too",
        """
        import queue

        import eventlet


        def take(work):
            jobs = queue.Queue()
            try:
                with eventlet.Timeout(5):
                    work()
                with eventlet.Timeout(3):
                    return jobs.get()
            except eventlet.Timeout:
                return None
        """,
        says="the clause on line 13 catches the Timeout on line 9 as well, which stays",
    ),
    manual(
        "a clause that catches one around it, too",
        """
        import queue

        import eventlet


        class NoAnswer(eventlet.Timeout):
            pass


        def take():
            jobs = queue.Queue()
            try:
                with eventlet.Timeout(5):
                    with NoAnswer(3):
                        return jobs.get()
            except eventlet.Timeout:
                return None
        """,
        says="the clause on line 16 catches the Timeout on line 13 as well, which stays",
    ),
    manual(
        "a clause that catches two, which end with different exceptions",
        """
        import queue

        import eventlet
        import requests


        def take(url):
            jobs = queue.Queue()
            try:
                with eventlet.Timeout(5):
                    requests.get(url)
                with eventlet.Timeout(3):
                    return jobs.get()
            except eventlet.Timeout:
                return None
        """,
        says="catches the Timeout on line 10 as well, which ends with another exception",
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


        class ConnectTimeout(eventlet.Timeout, ValueError):
            pass
        """,
        says="`ConnectTimeout` is a Timeout of its own",
    ),
    manual(
        "its clause takes what flies out of a function that it calls, which stays with it",
        """
        import eventlet


        def take(box):
            with eventlet.Timeout(1):
                while not box:
                    eventlet.sleep(0.1)


        def run(work, box):
            try:
                with eventlet.Timeout(5):
                    work()
                    take(box)
            except eventlet.Timeout:
                return None
        """,
        says="this Timeout stays: nothing in the block is known to take a limit",
        monkey_patched="no",
    ),
    manual(
        "who gets the class is named",
        """
        import eventlet


        def watch(watchdog, limit):
            with watchdog.limit(limit, error=eventlet.Timeout):
                return watchdog.run()
        """,
        says="eventlet's class Timeout is used as a value here",
        advises="it is handed to `watchdog.limit()` (line 5), which may set a limit with it. Name",
    ),
    manual(
        "an item that is waited for is named",
        """
        import eventlet


        def first(documents):
            with eventlet.Timeout(3):
                return next(documents)
        """,
        says="this Timeout stays: nothing in the block is known to take a limit",
        advises="what waits is `next(documents)` (line 6)",
    ),
    manual(
        "what a subclass limits is named",
        """
        import eventlet


        class ConnectTimeout(eventlet.Timeout):
            def __init__(self, seconds):
                eventlet.Timeout.__init__(self, seconds)


        def ask(client):
            with ConnectTimeout(3):
                return client.connect()
        """,
        says="`ConnectTimeout` is a Timeout of its own",
        advises="it limits `client.connect()` (example.py:11)",
    ),
    manual(
        "a clause names what waits in its Timeout",
        """
        import eventlet


        def ask(client):
            try:
                with eventlet.Timeout(3):
                    client.talk()
            except eventlet.Timeout:
                return None
        """,
        says="the Timeout on line 6, where `client.talk()` (line 7) waits",
    ),
    manual(
        "what stays with a Timeout elsewhere names what waits there",
        """
        import eventlet


        def give_up():
            raise eventlet.Timeout()


        def ask(client):
            with eventlet.Timeout(3):
                client.talk()
        """,
        says="the one on line 9 stays, where `client.talk()` (line 10) waits",
    ),
    manual(
        "an iteration may be what waits",
        """
        import eventlet


        def collect(pile):
            with eventlet.Timeout(3):
                return [item for item in pile]
        """,
        advises="what waits is the iteration over `pile` (line 6)",
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


ADVICE = [
    (
        "    with eventlet.Timeout(2):\n        c.get(1)\n",
        "the block, `c.get()` (line 5), and",
    ),
    (
        "    with eventlet.Timeout(2):\n        c.put(1)\n        c.wait()\n",
        "the block, `c.wait()` (line 6), and catch",
    ),
    (
        "    with eventlet.Timeout(2):\n        outer(c)\n",
        "is `outer()` (line 5), which comes to `inner()` (line 8) and `c.wait()` (line 12)",
    ),
    (
        "    limit = eventlet.Timeout(2)\n    try:\n        c.get(limit)\n    finally:\n"
        "        limit.cancel()\n",
        "the block, `c.get()` (line 6), and catch",
    ),
    ("    c.limit = eventlet.Timeout(2)\n", "hand the limit to what waits while it runs"),
    ("    with eventlet.Timeout(2):\n        c = 1\n", "the Timeout never fires there"),
    (
        "    with eventlet.Timeout(2), c.lock:\n        c.get(1)\n",
        "the block, `c.get()` (line 5), and",
    ),
]


@pytest.mark.parametrize(("body", "says"), ADVICE)
def test_the_advice_names_what_waits(body: str, says: str) -> None:
    text = f"""\
import eventlet

def fetch(c):
{body}
def outer(c):
    inner(c)

def inner(c):
    c.log()
    c.wait()
"""
    (finding,) = rewrite_one(text.encode(), "a.py", Settings()).entry.findings
    assert says in finding.advice


def test_the_advice_for_a_context_manager_speaks_of_its_callers() -> None:
    text = (
        "import contextlib\nimport eventlet\n\n\n@contextlib.contextmanager\n"
        "def at_most(n):\n    with eventlet.Timeout(n, False):\n        yield\n"
    )
    (finding,) = rewrite_one(text.encode(), "a.py", Settings()).entry.findings
    assert "what waits stands in the `with` blocks of its callers" in finding.advice


def test_one_of_two_that_a_clause_catches_holds_the_other() -> None:
    text = (
        "import queue\nimport eventlet\nfrom eventlet import event\n\njobs = queue.Queue()\n\n\n"
        "def take(work):\n    done = event.Event()\n    done.hub()\n    try:\n"
        "        with eventlet.Timeout(5):\n            jobs.put(3)\n"
        "        with eventlet.Timeout(3):\n            return done.wait()\n"
        "    except eventlet.Timeout:\n        return None\n"
    )
    assert rewrite_one(text.encode(), "a.py", Settings()).new is None
