from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CATCH = "C-CATCH"

#: A file of the project whose Timeout stays, and may be raised anywhere.
STAYS = {
    "pkg/__init__.py": "",
    "pkg/client.py": "import eventlet\n\n\ndef f(c):\n    with eventlet.Timeout(3):\n        c()\n",
}

CASES = [
    # --- what is not about the class ---
    noop(
        "somebody else's Timeout",
        """
        import eventlet.wsgi
        from requests import Timeout


        def run(work):
            try:
                work()
            except Timeout:
                raise Timeout()
        """,
    ),
    noop(
        "a local hides the package",
        """
        import eventlet


        def run(fake):
            eventlet = fake()
            raise eventlet.Timeout()
        """,
    ),
    # --- what stays ---
    manual(
        "a program hands the class on",
        """
        import eventlet


        def run(work):
            return work(eventlet.Timeout)
        """,
        path="pkg/work.py",
        says="used as a value",
    ),
    manual(
        "another name for the class in a test",
        """
        import eventlet

        Gone = eventlet.Timeout
        """,
        path="tests/test_work.py",
        says="used as a value",
    ),
    manual(
        "the clause around a with_timeout that stays",
        """
        import eventlet


        def stop(poll):
            try:
                eventlet.with_timeout(5, poll.wait)
            except eventlet.Timeout:
                return False
        """,
        says="this clause goes with the with_timeout() on line 6",
    ),
    manual(
        "a clause for a Timeout of a library, which nothing in the project raises",
        """
        from driver import api
        from eventlet import timeout


        def plug(vifs):
            try:
                with api.wait_for_event(vifs):
                    vifs.plug()
            except timeout.Timeout:
                return False
        """,
        path="pkg/driver.py",
        files={"pkg/__init__.py": ""},
        says="nothing in this project raises the Timeout that this clause takes",
        advises="what the library raises",
    ),
    manual(
        "what a test hands to code whose clause stays with its Timeout",
        """
        from unittest import mock

        import eventlet
        from pkg import home


        def test_it():
            client = mock.Mock(side_effect=eventlet.Timeout)
            assert home.run(client) is None
        """,
        path="tests/test_home.py",
        files={
            "pkg/__init__.py": "",
            "pkg/home.py": """\
import eventlet


def run(client):
    try:
        with eventlet.Timeout(3):
            return client()
    except eventlet.Timeout:
        return None
""",
        },
        says="the clause on line 8 of pkg/home.py takes it, and stays",
    ),
    manual(
        "an earlier clause would take it first",
        """
        import eventlet


        def run(work):
            try:
                work()
            except OSError:
                return 1
            except eventlet.Timeout:
                return 2
        """,
        says="the clause on line 7 would take a TimeoutError first",
    ),
    manual(
        "the clause reads what only a Timeout has",
        """
        import eventlet


        def run(work):
            try:
                work()
            except eventlet.Timeout as error:
                return error.seconds
        """,
        says="`error.seconds` on line 8 reads what a Timeout has",
    ),
    manual(
        "the file has a TimeoutError of its own",
        """
        import eventlet


        class TimeoutError(Exception):
            pass


        def run(work):
            try:
                work()
            except eventlet.Timeout:
                return 2
        """,
        says="`TimeoutError` is another class in this file",
    ),
    manual(
        "a Timeout of another file may still come here",
        """
        import eventlet


        def run(work):
            try:
                work()
            except eventlet.Timeout:
                return 2
        """,
        says="pkg/client.py uses it too, and was not asked for",
        path="pkg/main.py",
        files=STAYS,
    ),
    manual(
        "one that is raised may come to a clause that stays",
        """
        import eventlet


        def give_up():
            raise eventlet.Timeout()


        def run(work):
            try:
                work()
            except OSError:
                return 1
            except eventlet.Timeout:
                return 2
        """,
        says="the one on line 13 stays",
    ),
    # --- what changes ---
    fixes(
        "a clause; nothing in the project raises one",
        """
        import eventlet


        def run(work):
            try:
                work()
            except eventlet.Timeout as error:
                return error
        """,
        """
        def run(work):
            try:
                work()
            except TimeoutError as error:
                return error
        """,
        checks=[CATCH],
    ),
    fixes(
        "in a tuple; other spellings",
        """
        from eventlet import timeout


        def run(work):
            try:
                work()
            except (KeyError, timeout.Timeout):
                return 2
        """,
        """
        def run(work):
            try:
                work()
            except (KeyError, TimeoutError):
                return 2
        """,
        checks=[CATCH],
    ),
    fixes(
        "beside Exception, which takes a TimeoutError",
        """
        import eventlet


        def run(work):
            try:
                work()
            except (Exception, eventlet.Timeout):
                return 2
        """,
        """
        def run(work):
            try:
                work()
            except Exception:
                return 2
        """,
    ),
    fixes(
        "between others",
        """
        import eventlet


        def run(work):
            try:
                work()
            except (KeyError, eventlet.Timeout, OSError):
                return 2
        """,
        """
        def run(work):
            try:
                work()
            except (KeyError, OSError):
                return 2
        """,
    ),
    fixes(
        "raised, and asked about",
        """
        import eventlet


        def give_up(error):
            if isinstance(error, eventlet.Timeout):
                raise eventlet.Timeout(None)
            raise eventlet.Timeout
        """,
        """
        def give_up(error):
            if isinstance(error, TimeoutError):
                raise TimeoutError()
            raise TimeoutError
        """,
        checks=[CATCH],
    ),
    fixes(
        "expected in a test, and the side effect of a mock",
        """
        from unittest import mock

        import eventlet


        def test_it(self, work):
            client = mock.Mock(side_effect=eventlet.Timeout())
            client.other.side_effect = [1, eventlet.Timeout]
            self.assertRaises(eventlet.Timeout, work, client)
        """,
        """
        from unittest import mock


        def test_it(self, work):
            client = mock.Mock(side_effect=TimeoutError())
            client.other.side_effect = [1, TimeoutError]
            self.assertRaises(TimeoutError, work, client)
        """,
        checks=[CATCH],
    ),
    fixes(
        "what a test hands to its own code",
        """
        import eventlet


        def test(served, codes):
            codes[1] = eventlet.Timeout()
            with served(200, eventlet.Timeout(), 503, last=eventlet.Timeout):
                assert ask() == ["one", eventlet.Timeout]
        """,
        """
        def test(served, codes):
            codes[1] = TimeoutError()
            with served(200, TimeoutError(), 503, last=TimeoutError):
                assert ask() == ["one", TimeoutError]
        """,
        path="tests/test_work.py",
        checks=["C-CATCH"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_timeout_error(case: Case) -> None:
    check(case, "timeout-error")
