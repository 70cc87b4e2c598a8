from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CATCH = "C-CATCH"

HEAD = """
        import queue

        import eventlet

"""

#: A module with a class of its own, and one that takes it.
PACKAGE = {
    "pkg/__init__.py": "",
    "pkg/errors.py": "import eventlet\n\n\nclass NoAnswer(eventlet.Timeout):\n    pass\n",
}

CASES = [
    noop(
        "a class of somebody else's Timeout",
        """
        import eventlet.wsgi
        from requests import Timeout


        class NoAnswer(Timeout):
            pass
        """,
    ),
    noop(
        "a class that only has the name",
        """
        import eventlet.wsgi


        class Timeout(Exception):
            pass


        class NoAnswer(Timeout):
            pass
        """,
    ),
    manual(
        "a class that is made with more",
        """
        from eventlet import Timeout


        class NoAnswer(Timeout):
            def __init__(self, seconds=None, text=None):
                Timeout.__init__(self, seconds)
                self.text = text
        """,
        says="`NoAnswer` is a Timeout of its own",
    ),
    manual(
        "a class that looks at its limit",
        """
        from eventlet import Timeout


        class NoAnswer(Timeout):
            def __str__(self):
                return "after %s" % self.seconds
        """,
        says="`NoAnswer` is a Timeout of its own",
    ),
    manual(
        "it is made with more where it limits",
        """
        from eventlet import Timeout


        class NoAnswer(Timeout):
            def __init__(self, seconds=None, text=None):
                Timeout.__init__(self, seconds)
                self.text = text


        def ask(work):
            with NoAnswer(3, "nobody"):
                work()
        """,
        says="this Timeout stays: its class may take arguments of its own",
    ),
    manual(
        "a class with another base",
        """
        from eventlet import Timeout


        class NoAnswer(Timeout, ValueError):
            pass
        """,
        says="`NoAnswer` is a Timeout of its own",
    ),
    manual(
        "the file has another TimeoutError",
        """
        from eventlet import Timeout
        from lib import TimeoutError


        class NoAnswer(Timeout):
            pass
        """,
        says="`NoAnswer` is a Timeout of its own",
    ),
    manual(
        "what it limits is not known to take a limit",
        HEAD
        + """
        class NoAnswer(eventlet.Timeout):
            pass


        def run(work):
            with NoAnswer(3):
                work()
        """,
        says="this Timeout stays: nothing in the block is known to take a limit",
    ),
    manual(
        "what one file limits, another cannot",
        """
        from pkg.errors import NoAnswer


        def run(work):
            with NoAnswer(3):
                work()
        """,
        files=PACKAGE,
        says="this Timeout stays: nothing in the block is known to take a limit",
    ),
    manual(
        "it is started by hand",
        HEAD
        + """
        class NoAnswer(eventlet.Timeout):
            pass


        def run(work):
            limit = NoAnswer(3)
            work()
            limit.cancel()
        """,
        says="no finally clause cancels it",
    ),
    manual(
        "a clause would take it first",
        HEAD
        + """
        class NoAnswer(eventlet.Timeout):
            pass


        def run(jobs, log):
            try:
                jobs()
            except OSError as error:
                log(error)
            except NoAnswer:
                return None
        """,
        says="the clause on line 13 would take a TimeoutError first",
    ),
    manual(
        "a clause reads its limit",
        HEAD
        + """
        class NoAnswer(eventlet.Timeout):
            pass


        def run(work):
            try:
                return work()
            except NoAnswer as error:
                return error.seconds
        """,
        says="reads what a Timeout has",
    ),
    manual(
        "a clause names another class that may be a base of it",
        HEAD
        + """
        class NoAnswer(eventlet.Timeout):
            pass


        class NoJob(NoAnswer):
            pass


        def run():
            jobs = queue.Queue()
            try:
                with NoJob(3):
                    return jobs.get()
            except NoAnswer:
                return None
        """,
        says="would take a TimeoutError",
    ),
    manual(
        "the class is handed on: who gets it may set a limit with it",
        HEAD
        + """
        class NoAnswer(eventlet.Timeout):
            pass


        def run(work):
            return work(NoAnswer)
        """,
        says="`NoAnswer`, a Timeout, is used as a value here",
    ),
    manual(
        "a class in another one: who names it is not followed",
        HEAD
        + """
        class Client:
            class NoAnswer(eventlet.Timeout):
                pass

            def run(self, work):
                with self.NoAnswer(3):
                    work()
        """,
        says="`NoAnswer` is a Timeout of its own",
    ),
    manual(
        "a class that an attribute of another one is",
        HEAD
        + """
        class NoAnswer(eventlet.Timeout):
            pass


        class Client:
            NoAnswer = NoAnswer

            def run(self, work):
                with self.NoAnswer(3):
                    work()
        """,
        says="may be named in example.py:14 by a way that is not followed",
    ),
    manual(
        "a class in the place of its base",
        HEAD
        + """
        class NoAnswer(eventlet.Timeout):
            pass


        class NoAnswer(NoAnswer):
            pass
        """,
        says="`NoAnswer` is a Timeout of its own",
    ),
    manual(
        "one of two classes, as a condition says",
        HEAD
        + """
        if queue:
            class NoAnswer(eventlet.Timeout):
                pass
        else:
            class NoAnswer(eventlet.Timeout):
                pass


        def run(work):
            with NoAnswer(3):
                work()
        """,
        says="`NoAnswer` is a Timeout of its own",
    ),
    fixes(
        "a class that is only raised and caught",
        """
        import eventlet


        class NoAnswer(eventlet.Timeout):
            \"\"\"Nobody answered.\"\"\"

            text = "nobody"

            def describe(self):
                return self.text


        def ask(answers):
            if not answers:
                raise NoAnswer()
            return answers.pop()


        def attempt(answers):
            try:
                return ask(answers)
            except (KeyError, NoAnswer) as error:
                return error.args
        """,
        """
        class NoAnswer(TimeoutError):
            \"\"\"Nobody answered.\"\"\"

            text = "nobody"

            def describe(self):
                return self.text


        def ask(answers):
            if not answers:
                raise NoAnswer()
            return answers.pop()


        def attempt(answers):
            try:
                return ask(answers)
            except (KeyError, NoAnswer) as error:
                return error.args
        """,
        checks=[CATCH],
    ),
    fixes(
        "a class with a class of its own, and what they limit",
        HEAD
        + """
        class NoAnswer(eventlet.Timeout):
            pass


        class NoJob(NoAnswer):
            pass


        def take(limit):
            jobs = queue.Queue()
            with NoJob(limit):
                return jobs.get()


        def attempt():
            try:
                return take(3)
            except NoAnswer:
                return None
        """,
        """
        import queue


        class NoAnswer(TimeoutError):
            pass


        class NoJob(NoAnswer):
            pass


        def take(limit):
            jobs = queue.Queue()
            try:
                return jobs.get(timeout=limit)
            except queue.Empty as error:
                raise NoJob(f"{limit} seconds") from error


        def attempt():
            try:
                return take(3)
            except NoAnswer:
                return None
        """,
        checks=[CATCH],
    ),
    fixes(
        "a loop that polls, and a clause for every Timeout",
        """
        import eventlet


        class NoAnswer(eventlet.Timeout):
            pass


        def take(box):
            try:
                with NoAnswer(3):
                    while not box:
                        eventlet.sleep(1)
            except eventlet.Timeout:
                return None
            return box.pop()
        """,
        """
        import time


        class NoAnswer(TimeoutError):
            pass


        def take(box):
            try:
                deadline = time.monotonic() + 3
                while not box:
                    time.sleep(max(0, min(1, deadline - time.monotonic())))
                    if time.monotonic() >= deadline:
                        raise NoAnswer("3 seconds")
            except TimeoutError:
                return None
            return box.pop()
        """,
        checks=[CATCH],
    ),
    fixes(
        "a call of a library: what it raises is never the class of the project",
        """
        import eventlet
        import requests


        class NoAnswer(eventlet.Timeout):
            pass


        def fetch(url):
            try:
                with NoAnswer(3):
                    return requests.get(url)
            except NoAnswer:
                return None
        """,
        """
        import requests


        class NoAnswer(TimeoutError):
            pass


        def fetch(url):
            try:
                try:
                    return requests.get(url, timeout=3)
                except requests.Timeout as error:
                    raise NoAnswer("3 seconds") from error
            except NoAnswer:
                return None
        """,
        checks=[CATCH],
    ),
    fixes(
        "limits that raise something else, or nothing",
        HEAD
        + """
        class NoAnswer(eventlet.Timeout):
            pass


        def take(log):
            jobs = queue.Queue()
            with NoAnswer(3, False):
                log(jobs.get())
            with NoAnswer(5, ValueError("no job")):
                return jobs.get()
        """,
        """
        import queue


        class NoAnswer(TimeoutError):
            pass


        def take(log):
            jobs = queue.Queue()
            try:
                log(jobs.get(timeout=3))
            except queue.Empty:
                pass
            try:
                return jobs.get(timeout=5)
            except queue.Empty as error:
                raise ValueError("no job") from error
        """,
        checks=[CATCH],
    ),
    fixes(
        "tests that raise and expect it",
        """
        from unittest import TestCase, mock

        from eventlet import timeout


        class NoAnswer(timeout.Timeout):
            pass


        class Test(TestCase):
            @mock.patch("client.ask", side_effect=NoAnswer)
            def test_ask(self, ask):
                self.assertRaises(NoAnswer, ask)
                ask.side_effect = [NoAnswer(), None]
                self.assertIsInstance(ask.side_effect, NoAnswer)
        """,
        """
        from unittest import TestCase, mock


        class NoAnswer(TimeoutError):
            pass


        class Test(TestCase):
            @mock.patch("client.ask", side_effect=NoAnswer)
            def test_ask(self, ask):
                self.assertRaises(NoAnswer, ask)
                ask.side_effect = [NoAnswer(), None]
                self.assertIsInstance(ask.side_effect, NoAnswer)
        """,
        path="tests/test_client.py",
        checks=[CATCH],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_timeout_class(case: Case) -> None:
    check(case, "timeout-class" if case.kind != "manual" else "timeout")
