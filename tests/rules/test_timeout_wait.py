from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

KILL, CATCH, SOCK = "C-KILL", "C-CATCH", "C-SOCK"

CASES = [
    noop(
        "no Timeout",
        """
        import requests

        import eventlet.wsgi

        requests.get("http://localhost", timeout=3)
        """,
    ),
    manual(
        "a limit of its own beside the Timeout",
        """
        import eventlet
        import requests


        def fetch(url):
            with eventlet.Timeout(5, ValueError):
                return requests.get(url, timeout=3)
        """,
        says="has a limit of its own already",
    ),
    manual(
        "a get() that is not that of requests",
        """
        import eventlet


        def fetch(requests, url):
            with eventlet.Timeout(5, ValueError):
                return requests.get(url)
        """,
        says="nothing in the block is known to take a limit",
    ),
    manual(
        "a clause in the block would take the exception",
        """
        import eventlet
        import requests


        def fetch(url):
            with eventlet.Timeout(5, ValueError):
                try:
                    return requests.get(url)
                except requests.RequestException:
                    return None
        """,
        says="the except clause on line 9, inside the block",
    ),
    manual(
        "a clause on the way would take the exception",
        """
        import eventlet
        import requests


        def fetch(url):
            try:
                try:
                    with eventlet.Timeout(5):
                        return requests.get(url)
                except requests.RequestException:
                    return None
            except eventlet.Timeout:
                return False
        """,
        says="the except clause on line 10 would take",
    ),
    manual(
        "something else waits, too",
        """
        import eventlet
        import requests


        def fetch(url, lock):
            with eventlet.Timeout(5, ValueError):
                with lock:
                    lock.wait()
                return requests.get(url)
        """,
        says="`lock.wait()` on line 8 waits in it, too",
    ),
    fixes(
        "an exception of one's own",
        """
        import eventlet
        import requests


        class TooLate(Exception):
            pass


        def fetch(url):
            with eventlet.Timeout(5, TooLate):
                return requests.get(url)
        """,
        """
        import requests


        class TooLate(Exception):
            pass


        def fetch(url):
            try:
                return requests.get(url, timeout=5)
            except requests.Timeout as error:
                raise TooLate from error
        """,
        checks=[SOCK],
    ),
    fixes(
        "silent, and another call beside it",
        """
        import eventlet
        import requests


        def send(url, data, pack):
            answer = None
            with eventlet.Timeout(5, False):
                # it may be large
                answer = requests.post(url, data=pack(data))
            return answer
        """,
        """
        import requests


        def send(url, data, pack):
            answer = None
            try:
                # it may be large
                answer = requests.post(url, data=pack(data), timeout=5)
            except requests.Timeout:
                pass
            return answer
        """,
        checks=[KILL, SOCK],
    ),
    fixes(
        "the block gives the limit's name another value first",
        """
        import eventlet
        import requests


        def fetch(urls, n):
            with eventlet.Timeout(n, ValueError):
                n = urls.pop()
                return requests.get(n)
        """,
        """
        import requests


        def fetch(urls, n):
            limit = n
            try:
                n = urls.pop()
                return requests.get(n, timeout=limit)
            except requests.Timeout as error:
                raise ValueError from error
        """,
        checks=[KILL, SOCK],
    ),
    fixes(
        "a clause for every exception catches it as before",
        """
        import eventlet
        import requests


        def fetch(url, seconds, log):
            try:
                with eventlet.Timeout(seconds):
                    return requests.get(url)
            except BaseException as error:
                log(error)
        """,
        """
        import requests


        def fetch(url, seconds, log):
            try:
                return requests.get(url, timeout=seconds)
            except BaseException as error:
                log(error)
        """,
        checks=[SOCK, CATCH],
    ),
    fixes(
        "a name of the function itself",
        """
        import eventlet
        from requests import get


        def fetch(url, log):
            try:
                with eventlet.Timeout(3):
                    return get(url)
            except eventlet.Timeout:
                log(url)
        """,
        """
        import requests
        from requests import get


        def fetch(url, log):
            try:
                return get(url, timeout=3)
            except requests.Timeout:
                log(url)
        """,
        checks=[SOCK, CATCH],
    ),
    manual(
        "two requests: one may have no time left, which requests refuses",
        """
        import eventlet
        import requests


        def fetch(one, other):
            with eventlet.Timeout(5, ValueError):
                return requests.get(one), requests.get(other)
        """,
        says="requests refuses a limit of 0",
    ),
    fixes(
        "one that flies, with a limit that is computed",
        """
        import eventlet
        import requests


        def fetch(url, limit):
            with eventlet.Timeout(limit()):
                return requests.get(url)
        """,
        """
        import requests


        def fetch(url, limit):
            limit2 = limit()
            try:
                return requests.get(url, timeout=limit2)
            except requests.Timeout as error:
                raise TimeoutError() from error
        """,
        checks=[SOCK, CATCH],
    ),
    fixes(
        "the long form; the module is spelled as it was",
        """
        import dns.exception
        import dns.query

        import eventlet


        def transfer(server, zone, log):
            limit = eventlet.Timeout(30)
            try:
                return list(
                    dns.query.xfr(
                        server, zone, relativize=False
                    )
                )
            except eventlet.Timeout as error:
                if error == limit:
                    log("too late")
            finally:
                limit.cancel()
        """,
        """
        import dns.exception
        import dns.query


        def transfer(server, zone, log):
            try:
                return list(
                    dns.query.xfr(
                        server, zone, relativize=False, lifetime=30
                    )
                )
            except dns.exception.Timeout:
                log("too late")
        """,
        checks=[CATCH],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_timeout_wait(case: Case) -> None:
    check(case, "timeout" if case.kind == "manual" else "timeout-wait")
