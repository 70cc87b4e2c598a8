from __future__ import annotations

import pytest

from eventlet_codemod.run import rewrite_one
from eventlet_codemod.testing import Case, check, fixes, manual, noop

TYPE, KILL, CATCH = "C-TYPE", "C-KILL", "C-CATCH"

CASES = [
    # --- what is no Timeout of eventlet's ---
    noop(
        "somebody else's Timeout",
        """
        import time

        from requests import Timeout


        def poll(ready):
            with Timeout(3):
                while not ready():
                    time.sleep(1)
        """,
    ),
    # --- loops that stay ---
    manual(
        "something waits in it, too",
        """
        import eventlet


        def drain(jobs, done):
            with eventlet.Timeout(3):
                while not done():
                    jobs.get()
                    time.sleep(1)
        """,
        says="`jobs.get()` on line 7 waits in it, too",
    ),
    manual(
        "a clause in the loop would take the exception each time",
        """
        import eventlet
        import time


        def poll(ready):
            with eventlet.Timeout(3):
                while not ready():
                    try:
                        time.sleep(1)
                    except Exception:
                        pass
        """,
        says="the except clause on line 10, inside the block",
    ),
    manual(
        "a bare clause in the loop swallowed it once",
        """
        import eventlet
        import time


        def poll(ready):
            with eventlet.Timeout(3):
                while not ready():
                    try:
                        time.sleep(1)
                    except:
                        pass
        """,
        says="the except clause on line 10, inside the block",
    ),
    manual(
        "a clause around it would take it first",
        """
        import eventlet
        import time


        def poll(ready):
            try:
                try:
                    with eventlet.Timeout(3):
                        while not ready():
                            time.sleep(1)
                except OSError:
                    return False
            except eventlet.Timeout:
                return True
        """,
        says="the except clause on line 11 would take a TimeoutError",
    ),
    manual(
        "what is raised in the loop would be swallowed each time",
        """
        import contextlib
        import eventlet
        import time


        def poll(ready):
            with eventlet.Timeout(3):
                while not ready():
                    with contextlib.suppress(Exception):
                        time.sleep(1)
        """,
        says="the with statement on line 9 swallows",
    ),
    manual(
        "what is raised would be swallowed around it",
        """
        import contextlib
        import eventlet
        import time


        def poll(ready):
            with contextlib.suppress(OSError):
                with eventlet.Timeout(3):
                    while not ready():
                        time.sleep(1)
        """,
        says="the with statement on line 7 would take a TimeoutError",
    ),
    manual(
        "a clause for groups",
        """
        import eventlet
        import time


        def poll(ready):
            try:
                with eventlet.Timeout(3):
                    while not ready():
                        time.sleep(1)
            except* eventlet.Timeout:
                pass
        """,
        says="the except clause on line 10 would take a TimeoutError",
    ),
    manual(
        "a pause that no loop repeats",
        """
        import eventlet
        import time


        def pause(work):
            with eventlet.Timeout(3):
                time.sleep(1)
                work()
        """,
        says="stands in no loop",
    ),
    manual(
        "a generator: its caller works under the limit",
        """
        import eventlet
        import time


        def poll(ready):
            with eventlet.Timeout(3):
                while not ready():
                    time.sleep(1)
                    yield
        """,
        says="the block yields",
    ),
    manual(
        "a silent Timeout ends two loops",
        """
        import eventlet
        import time


        def poll(ready, items):
            with eventlet.Timeout(3, False):
                for item in items:
                    while not ready(item):
                        time.sleep(1)
        """,
        says="ends more than one loop",
    ),
    manual(
        "a silent Timeout leaves more than the loop",
        """
        import eventlet
        import time


        def poll(ready, go):
            with eventlet.Timeout(3, False):
                while not ready():
                    time.sleep(1)
                go()
        """,
        says="ends more than one loop",
    ),
    manual(
        "two limits in each other",
        """
        import eventlet
        import time


        def poll(ready):
            with eventlet.Timeout(3, False):
                with eventlet.Timeout(2, ValueError):
                    while not ready():
                        eventlet.Timeout(1)
                        time.sleep(1)
        """,
        says="another Timeout is made in the block",
    ),
    manual(
        "what it raises may be False",
        """
        import eventlet
        import time


        def poll(ready, error=None):
            with eventlet.Timeout(3, error):
                while not ready():
                    time.sleep(1)
        """,
        says="`error` may be an exception, None or False",
    ),
    manual(
        "a text for an exception, on which eventlet fails",
        """
        import eventlet
        import time


        def poll(ready):
            with eventlet.Timeout(3, "too late"):
                while not ready():
                    time.sleep(1)
        """,
        says="is no exception",
    ),
    manual(
        "the Timeout is asked for something else",
        """
        import eventlet
        import time


        def poll(ready):
            with eventlet.Timeout(3, ValueError) as limit:
                while not ready():
                    time.sleep(1)
                    print(limit.pending)
        """,
        says="`limit` is used on line 9 too",
    ),
    manual(
        "nothing cancels it",
        """
        import eventlet
        import time


        def poll(ready):
            limit = eventlet.Timeout(3)
            while not ready():
                time.sleep(1)
            limit.cancel()
        """,
        says="no finally clause cancels it",
    ),
    manual(
        "another context manager in the same statement",
        """
        import eventlet
        import time


        def poll(ready, lock):
            with lock, eventlet.Timeout(3, ValueError):
                while not ready():
                    time.sleep(1)
        """,
        says="other context managers",
    ),
    manual(
        "asynchronous code",
        """
        import eventlet


        async def poll(ready):
            async with eventlet.Timeout(3):
                while not ready():
                    await ready
        """,
        says="asynchronous",
    ),
    manual(
        "the file has a TimeoutError of its own",
        """
        import eventlet
        import time
        from pkg.errors import TimeoutError


        def poll(ready):
            with eventlet.Timeout(3):
                while not ready():
                    time.sleep(1)
        """,
        says="`TimeoutError` is not Python's",
    ),
    manual(
        "stars hide the limit",
        """
        import eventlet
        import time


        def poll(ready, given):
            with eventlet.Timeout(*given):
                while not ready():
                    time.sleep(1)
        """,
        says="cannot be seen",
    ),
    manual(
        "the exception would be made of other values",
        """
        import eventlet
        import time


        def poll(ready, count=0):
            with eventlet.Timeout(3, ValueError(count)):
                while not ready():
                    count += 1
                    time.sleep(1)
        """,
        says="the block changes `count`",
    ),
    manual(
        "what the exception is made of is called before the block",
        """
        import eventlet
        import time


        def poll(ready, state):
            with eventlet.Timeout(3, ValueError(state())):
                while not ready():
                    time.sleep(1)
        """,
        says="`state()` is called before the block",
    ),
    manual(
        "another function may cancel it",
        """
        import eventlet
        import time


        def poll(ready):
            global limit
            limit = eventlet.Timeout(3, ValueError)
            try:
                while not ready():
                    time.sleep(1)
            finally:
                limit.cancel()
        """,
        says="`limit` is known to other functions",
    ),
    # --- loops that change ---
    fixes(
        "an exception of one's own, nothing to ask of clauses",
        """
        import eventlet


        class TooLate(Exception):
            pass


        def poll(box):
            with eventlet.Timeout(3, TooLate("it took long")):
                while not box:
                    eventlet.sleep(0.5)  # a while
        """,
        """
        import time


        class TooLate(Exception):
            pass


        def poll(box):
            deadline = time.monotonic() + 3
            while not box:
                time.sleep(max(0, min(0.5, deadline - time.monotonic())))  # a while
                if time.monotonic() >= deadline:
                    raise TooLate("it took long")
        """,
    ),
    fixes(
        "a silent one breaks; a comment stays with the limit",
        """
        import eventlet
        import time


        def poll(box):
            # not for ever
            with eventlet.Timeout(3, False):  # seconds
                while not box:
                    time.sleep(0.5)
            return box
        """,
        """
        import time


        def poll(box):
            # not for ever
            deadline = time.monotonic() + 3  # seconds
            while not box:
                time.sleep(max(0, min(0.5, deadline - time.monotonic())))
                if time.monotonic() >= deadline:
                    break
            return box
        """,
    ),
    fixes(
        "a call is asked about, and a limit that is computed",
        """
        import eventlet


        def poll(ready, limit):
            with eventlet.Timeout(limit or 5, ValueError):
                while not ready():
                    eventlet.sleep()
        """,
        """
        import time


        def poll(ready, limit):
            deadline = time.monotonic() + (limit or 5)
            while not ready():
                time.sleep(0)
                if time.monotonic() >= deadline:
                    raise ValueError
        """,
        checks=[TYPE, KILL],
    ),
    fixes(
        "the clause that catches it changes with it",
        """
        import eventlet


        def poll(ready, log):
            try:
                with eventlet.Timeout(1):
                    while not ready():
                        eventlet.sleep(0.1)
            except (KeyError, eventlet.Timeout) as error:
                log(error)
        """,
        """
        import time


        def poll(ready, log):
            try:
                deadline = time.monotonic() + 1
                while not ready():
                    time.sleep(max(0, min(0.1, deadline - time.monotonic())))
                    if time.monotonic() >= deadline:
                        raise TimeoutError("1 second")
            except (KeyError, TimeoutError) as error:
                log(error)
        """,
        checks=[KILL, CATCH],
    ),
    fixes(
        "made in a clause of the try statement, whose other clause is another's",
        """
        import eventlet


        def poll(ready):
            try:
                ready()
            except KeyError:
                with eventlet.Timeout(3):
                    while not ready():
                        eventlet.sleep(1)
            except eventlet.Timeout:
                return 2
        """,
        """
        import time


        def poll(ready):
            try:
                ready()
            except KeyError:
                deadline = time.monotonic() + 3
                while not ready():
                    time.sleep(max(0, min(1, deadline - time.monotonic())))
                    if time.monotonic() >= deadline:
                        raise TimeoutError("3 seconds")
            except TimeoutError:
                return 2
        """,
        checks=[KILL, CATCH],
    ),
    fixes(
        "one that flies",
        """
        import eventlet


        def poll(ready, seconds):
            with eventlet.Timeout(seconds):
                for _ in range(10):
                    if ready():
                        return True
                    eventlet.sleep(1)
        """,
        """
        import time


        def poll(ready, seconds):
            deadline = time.monotonic() + seconds
            for _ in range(10):
                if ready():
                    return True
                time.sleep(max(0, min(1, deadline - time.monotonic())))
                if time.monotonic() >= deadline:
                    raise TimeoutError(f"{seconds} seconds")
        """,
        checks=[TYPE, KILL, CATCH],
    ),
    fixes(
        "one that a finally clause cancels, with its test of identity",
        """
        import eventlet


        def poll(ready, log):
            limit = eventlet.Timeout(30)
            try:
                while not ready():
                    eventlet.sleep(1)
            except eventlet.Timeout as error:
                if error is not limit:
                    raise
                log("too late")
            finally:
                limit.cancel()
        """,
        """
        import time


        def poll(ready, log):
            deadline = time.monotonic() + 30
            try:
                while not ready():
                    time.sleep(max(0, min(1, deadline - time.monotonic())))
                    if time.monotonic() >= deadline:
                        raise TimeoutError("30 seconds")
            except TimeoutError:
                log("too late")
        """,
        checks=[KILL, CATCH],
    ),
    fixes(
        "a line that gets too long",
        """
        import eventlet


        def poll(ready, config):
            with eventlet.Timeout(config.usage_timeout):
                while not ready():
                    eventlet.sleep(1)
        """,
        """
        import time


        def poll(ready, config):
            deadline = time.monotonic() + config.usage_timeout
            while not ready():
                time.sleep(
                    max(0, min(1, deadline - time.monotonic()))
                )
                if time.monotonic() >= deadline:
                    raise TimeoutError(
                        f"{config.usage_timeout} seconds"
                    )
        """,
        checks=[TYPE, KILL, CATCH],
        line_length=64,
    ),
    fixes(
        "one whose clause raises it again, beside its test of identity",
        """
        import eventlet


        def poll(ready, log):
            limit = eventlet.Timeout(30)
            try:
                while not ready():
                    eventlet.sleep(1)
            except eventlet.Timeout as error:
                if error is not limit:
                    raise
                log("too late")
                raise
            finally:
                limit.cancel()
        """,
        """
        import time


        def poll(ready, log):
            deadline = time.monotonic() + 30
            try:
                while not ready():
                    time.sleep(max(0, min(1, deadline - time.monotonic())))
                    if time.monotonic() >= deadline:
                        raise TimeoutError("30 seconds")
            except TimeoutError:
                log("too late")
                raise
        """,
        checks=[KILL, CATCH],
    ),
    manual(
        "one that is raised again, where another that flies stays",
        """
        import time

        import eventlet


        def poll(ready, log):
            limit = eventlet.Timeout(30)
            try:
                while not ready():
                    time.sleep(1)
            except eventlet.Timeout as error:
                if error is limit:
                    log("too late")
                raise
            finally:
                limit.cancel()


        def other(work):
            with eventlet.Timeout(3):
                work()
        """,
    ),
    fixes(
        "the rest of a finally clause stays",
        """
        import eventlet


        def poll(box, close):
            limit = eventlet.Timeout(30, ValueError)
            try:
                while not box:
                    eventlet.sleep(1)
            finally:
                limit.cancel()
                close()
        """,
        """
        import time


        def poll(box, close):
            deadline = time.monotonic() + 30
            try:
                while not box:
                    time.sleep(max(0, min(1, deadline - time.monotonic())))
                    if time.monotonic() >= deadline:
                        raise ValueError
            finally:
                close()
        """,
    ),
    fixes(
        "a try statement that was there for the cancelling only",
        """
        import eventlet


        def poll(box):
            limit = eventlet.Timeout(30, ValueError)
            try:
                while not box:
                    eventlet.sleep(1)
            finally:
                limit.cancel()
        """,
        """
        import time


        def poll(box):
            deadline = time.monotonic() + 30
            while not box:
                time.sleep(max(0, min(1, deadline - time.monotonic())))
                if time.monotonic() >= deadline:
                    raise ValueError
        """,
    ),
    fixes(
        "the sleep of a retry stands behind its clause; the name is taken",
        """
        import eventlet


        def execute(call, deadline):
            with eventlet.Timeout(deadline, ValueError):
                while True:
                    try:
                        return call()
                    except KeyError:
                        pass
                    eventlet.sleep(0.05)
        """,
        """
        import time


        def execute(call, deadline):
            deadline2 = time.monotonic() + deadline
            while True:
                try:
                    return call()
                except KeyError:
                    pass
                time.sleep(max(0, min(0.05, deadline2 - time.monotonic())))
                if time.monotonic() >= deadline2:
                    raise ValueError
        """,
        checks=[TYPE, KILL],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_timeout_loop(case: Case) -> None:
    check(case, "timeout" if case.kind == "manual" else "timeout-loop")


def test_what_is_raised_again_is_asked_about() -> None:
    case = next(case for case in CASES if case.id.startswith("one whose clause raises it again"))
    findings = rewrite_one(case.before.encode(), case.path, case.settings).entry.findings
    asked = [finding.advice for finding in findings if "C-CATCH" in finding.may_differ]
    assert asked
    assert all("does a clause of a caller take it that let the Timeout" in text for text in asked)
