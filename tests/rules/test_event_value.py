from __future__ import annotations

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one
from eventlet_codemod.testing import Case, check, fixes, manual, noop

ONCE = "C-ONCE"

CASES = [
    noop(
        "a future of the stdlib",
        """
        from concurrent import futures

        import eventlet.wsgi

        done = futures.Future()
        done.set_result(3)
        """,
    ),
    noop(
        "an event of the project",
        """
        from pkg import event

        done = event.Event()
        done.send(3)
        done.wait()
        """,
    ),
    noop(
        "a parameter hides the module",
        """
        from eventlet import event


        def make(event):
            done = event.Event()
            done.send(3)
            return done.wait()
        """,
    ),
    # --- what stays ---
    manual(
        "a key that is taken out",
        """
        from eventlet import event


        class Waiters:
            def __init__(self):
                self.waiters = {}

            def wait(self, name):
                waiter = event.Event()
                self.waiters[waiter] = name
                return waiter.wait()

            def wake(self, value):
                for waiter in self.waiters:
                    waiter.send(value)
        """,
        says="may take the keys out",
    ),
    manual(
        "hidden arguments",
        """
        import eventlet


        def call(given):
            done = eventlet.Event()
            done.send(*given)
            return done.wait()
        """,
        says="what send() on line 6 sends cannot be seen",
    ),
    manual(
        "hidden keywords of send",
        """
        import eventlet


        def call(given):
            done = eventlet.Event()
            done.send(**given)
        """,
        says="cannot be seen",
    ),
    manual(
        "an exception of hidden parts",
        """
        import eventlet


        def call(parts):
            done = eventlet.Event()
            done.send_exception(*parts)
        """,
        says="cannot be seen",
    ),
    manual(
        "a class and what it is made of",
        """
        import eventlet


        def call(kind, text):
            done = eventlet.Event()
            done.send_exception(kind, text)
        """,
        says="what send_exception() on line 6 raises cannot be seen",
    ),
    manual(
        "a value and perhaps an exception",
        """
        import eventlet


        def call(compute, failure):
            done = eventlet.Event()
            done.send(compute(), failure)
        """,
        says="raises cannot be seen",
    ),
    manual(
        "a Timeout ends the wait",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            done.send(3)
            with eventlet.Timeout(5):
                return str(done.wait()).title()
        """,
        says="a Timeout ends its wait() on line 8",
    ),
    manual(
        "a second send is expected to fail",
        """
        import eventlet


        class Case:
            def test(self):
                done = eventlet.Event()
                done.send(3)
                self.assertRaises(AssertionError, done.send, 4)
                with self.assertRaises(AssertionError):
                    done.send(4)
        """,
        says="expects the AssertionError",
    ),
    manual(
        "an attribute that gets new ones is looked at twice",
        """
        import eventlet


        class Call:
            def __init__(self):
                self._reply = eventlet.Event()

            def again(self):
                self._reply.send(3)
                self._reply = eventlet.Event()

            def wait(self):
                return self._reply.wait(timeout=3)
        """,
        says="`self._reply` on line 13 may be another one",
    ),
    manual(
        "a receiver that is computed is looked at twice",
        """
        import eventlet


        def call(names):
            events = {name: eventlet.Event() for name in names}
            for name in names:
                events[name].send(name)
            return [events[name].poll() for name in names]
        """,
        says="may be another one",
    ),
    manual(
        "a default that is computed",
        """
        import eventlet


        def call(make):
            done = eventlet.Event()
            return done.poll(make())
        """,
        says="the default of poll()",
    ),
    manual(
        "a poll is passed on",
        """
        import eventlet


        def call(run):
            done = eventlet.Event()
            done.send(3)
            run(done.poll)
        """,
        says=".poll is passed on, uncalled,",
    ),
    manual(
        "it is reset and held elsewhere",
        """
        import eventlet


        class Call:
            def __init__(self):
                self._reply = eventlet.Event()

            def again(self):
                self._reply.reset()

            def answer(self):
                give(self._reply)


        def give(reply):
            reply.send(3)
        """,
        says="reset() on line 9",
    ),
    manual(
        "the reset of a global",
        """
        import eventlet

        done = eventlet.Event()


        def call():
            done.send(3)
            done.reset()
        """,
        says="reset() on line 8",
    ),
    manual(
        "it is passed to what is not followed",
        """
        from eventlet.event import Event


        def make(run):
            done = Event()
            run(done)
            return done.wait()
        """,
        says="it is passed on",
    ),
    manual(
        "a subclass",
        """
        from eventlet import event


        class Reply(event.Event):
            def fail(self):
                self.send_exception(ValueError)
        """,
    ),
    manual(
        "its insides",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            done.send(3)
            return done._result
        """,
        says="._result",
    ),
    # --- values ---
    manual(
        "a method that a string names and a Future has not",
        """
        from eventlet import event


        def test():
            done = event.Event()
            done.send(3)
            assert hasattr(done, "reset")
        """,
        says="a string names its reset on line 7",
    ),
    fixes(
        "a method that a string names",
        """
        from unittest import mock

        from eventlet import event


        def test():
            done = event.Event()
            with mock.patch.object(done, 'send') as send:
                done.send(3)
            send.assert_called_once_with(3)
            assert hasattr(done, "wait")
        """,
        """
        from concurrent import futures
        from unittest import mock


        def test():
            done = futures.Future()
            with mock.patch.object(done, 'set_result') as send:
                done.set_result(3)
            send.assert_called_once_with(3)
            assert hasattr(done, "result")
        """,
        checks=["C-ONCE", "C-FLOW"],
    ),
    fixes(
        "a value, in an attribute",
        """
        import eventlet


        class Call:
            def __init__(self):
                self._done = eventlet.Event()

            def finish(self, value):
                self._done.send(value)

            def result(self):
                if self._done.ready():
                    return self._done.wait(None)
                return self._done.wait()
        """,
        """
        from concurrent import futures


        class Call:
            def __init__(self):
                self._done = futures.Future()

            def finish(self, value):
                self._done.set_result(value)

            def result(self):
                if self._done.done():
                    return self._done.result()
                return self._done.result()
        """,
        checks=[ONCE],
    ),
    fixes(
        "spellings of send",
        """
        import eventlet


        def call(values):
            done = eventlet.Event()
            done.send(False)
            done.send()
            done.send(None)
            done.send(result=values[0])
            done.send(values[0], None)
            done.send(exc=None, result=(1, 2))
        """,
        """
        from concurrent import futures


        def call(values):
            done = futures.Future()
            done.set_result(False)
            done.set_result(None)
            done.set_result(None)
            done.set_result(values[0])
            done.set_result(values[0])
            done.set_result((1, 2))
        """,
        checks=[ONCE],
    ),
    fixes(
        "None, where wait() hands it on",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            done.send()
            return done.wait()
        """,
        """
        from concurrent import futures


        def call():
            done = futures.Future()
            done.set_result(None)
            return done.result()
        """,
        checks=[ONCE],
    ),
    fixes(
        "exceptions",
        """
        import sys

        import eventlet


        def call(work):
            done = eventlet.Event()
            try:
                done.send(work())
            except KeyError as error:
                done.send_exception(error)
            except OSError as error:
                done.send(exc=error)
            except TypeError as error:
                done.send_exception(type(error), error, error.__traceback__)
            except ArithmeticError:
                done.send_exception(*sys.exc_info())
            except ImportError:
                done.send(None, sys.exc_info())
            except NameError as error:
                done.send_exception(error.__class__, error, work.traceback)
            except MemoryError:
                kind, value, trace = sys.exc_info()
                done.send_exception(kind, value, trace)
            except Exception:
                done.send_exception(ValueError)
                done.send(None, LookupError("no work"))
        """,
        """
        import sys
        from concurrent import futures


        def call(work):
            done = futures.Future()
            try:
                done.set_result(work())
            except KeyError as error:
                done.set_exception(error)
            except OSError as error:
                done.set_exception(error)
            except TypeError as error:
                done.set_exception(error)
            except ArithmeticError:
                done.set_exception(sys.exc_info()[1])
            except ImportError:
                done.set_exception(sys.exc_info()[1])
            except NameError as error:
                done.set_exception(error.with_traceback(work.traceback))
            except MemoryError:
                kind, value, trace = sys.exc_info()
                done.set_exception(value.with_traceback(trace))
            except Exception:
                done.set_exception(ValueError())
                done.set_exception(LookupError("no work"))
        """,
        checks=[ONCE],
    ),
    fixes(
        "an exception by a keyword, of which only the name is seen",
        """
        import eventlet


        def call(error):
            done = eventlet.Event()
            done.send(exc=error)
        """,
        """
        from concurrent import futures


        def call(error):
            done = futures.Future()
            done.set_exception(error)
        """,
        checks=[ONCE, "C-TYPE"],
    ),
    # --- limits ---
    fixes(
        "a wait with a limit",
        """
        import eventlet


        def call(limit):
            e = eventlet.Event()
            e.send(7)
            e.wait(3)
            first = e.wait(timeout=limit)
            if limit and e.wait(limit):
                return e.wait(limit)
            if first or e.wait(1):
                print(e.wait(limit))
                first += e.wait(limit)
                first = 3 + e.wait(limit)
            while not e.wait(1):
                first = e.wait(limit).name
            return [e.wait(1) == 3 for _ in "abc"]
        """,
        """
        from concurrent import futures


        def call(limit):
            e = futures.Future()
            e.set_result(7)
            futures.wait([e], timeout=3)
            first = e.result() if futures.wait([e], timeout=limit).done else None
            if limit and futures.wait([e], timeout=limit).done and e.result():
                return e.result() if futures.wait([e], timeout=limit).done else None
            if first or (futures.wait([e], timeout=1).done and e.result()):
                print(e.result() if futures.wait([e], timeout=limit).done else None)
                first += e.result() if futures.wait([e], timeout=limit).done else None
                first = 3 + (e.result() if futures.wait([e], timeout=limit).done else None)
            while not (futures.wait([e], timeout=1).done and e.result()):
                first = (e.result() if futures.wait([e], timeout=limit).done else None).name
            return [(e.result() if futures.wait([e], timeout=1).done else None) == 3 for _ in "abc"]
        """,
        checks=[ONCE],
    ),
    fixes(
        "a wait with a limit raises what was sent",
        """
        import eventlet


        class Call:
            def __init__(self):
                self._end = eventlet.Event()

            def fail(self, error):
                self._end.send_exception(error)

            def wait(self, t):
                # not for ever
                self._end.wait(timeout=t)
                self._end.wait(t); print()
        """,
        """
        from concurrent import futures


        class Call:
            def __init__(self):
                self._end = futures.Future()

            def fail(self, error):
                self._end.set_exception(error)

            def wait(self, t):
                # not for ever
                if futures.wait([self._end], timeout=t).done:
                    self._end.result()
                self._end.result() if futures.wait([self._end], timeout=t).done else None; print()
        """,
        line_length=200,
        checks=[ONCE],
    ),
    fixes(
        "a long line",
        """
        import eventlet


        class Call:
            def __init__(self):
                self._response = eventlet.Event()

            def answer(self, value):
                self._response.send(value)

            def wait(self, limit_in_seconds):
                answer = self._response.wait(timeout=limit_in_seconds)
                return answer
        """,
        """
        from concurrent import futures


        class Call:
            def __init__(self):
                self._response = futures.Future()

            def answer(self, value):
                self._response.set_result(value)

            def wait(self, limit_in_seconds):
                answer = (
                    self._response.result()
                    if futures.wait([self._response], timeout=limit_in_seconds).done
                    else None
                )
                return answer
        """,
        line_length=79,
        checks=[ONCE],
    ),
    # --- questions ---
    fixes(
        "polls",
        """
        import eventlet


        def call(other):
            e = eventlet.Event()
            print(e.poll(), e.poll(other))
            print(e.poll_result(notready=0))
            if e.has_exception() or not e.has_result():
                return e.poll_exception()
        """,
        """
        from concurrent import futures


        def call(other):
            e = futures.Future()
            print(e.result() if e.done() else None, e.result() if e.done() else other)
            print(e.result() if e.done() and e.exception() is None else 0)
            if (e.done() and e.exception() is not None) or not (e.done() and e.exception() is None):
                return e.result() if e.done() and e.exception() is not None else None
        """,
        line_length=100,
        checks=[ONCE],
    ),
    # --- ways ---
    fixes(
        "its methods are passed on",
        """
        import eventlet


        def call(run):
            done = eventlet.Event()
            eventlet.spawn_n(done.send)
            eventlet.spawn_n(done.send, 4)
            eventlet.spawn_n(run, done.send)
            return done.wait()
        """,
        """
        import functools
        import threading
        from concurrent import futures


        def call(run):
            done = futures.Future()
            threading.Thread(
                target=functools.partial(done.set_result, None), daemon=True
            ).start()
            threading.Thread(target=done.set_result, args=(4,), daemon=True).start()
            threading.Thread(target=run, args=(done.set_result,), daemon=True).start()
            return done.result()
        """,
        checks=[ONCE, "C-FLOW"],
    ),
    fixes(
        "a reset of an attribute that nobody else holds",
        """
        import eventlet


        class Call:
            def __init__(self):
                self._reply = eventlet.Event()

            def answer(self, value):
                if self._reply.ready():
                    self._reply.reset()
                self._reply.send(value)

            def wait(self):
                return self._reply.wait()
        """,
        """
        from concurrent import futures


        class Call:
            def __init__(self):
                self._reply = futures.Future()

            def answer(self, value):
                if self._reply.done():
                    self._reply = futures.Future()
                self._reply.set_result(value)

            def wait(self):
                return self._reply.result()
        """,
        checks=[ONCE, "C-ORDER"],
    ),
    fixes(
        "annotations and isinstance",
        """
        from eventlet import event


        def wait(reply: event.Event) -> str:
            assert isinstance(reply, event.Event)
            return reply.wait()


        def ask():
            reply = event.Event()
            reply.send("yes")
            return wait(reply)
        """,
        """
        from concurrent import futures


        def wait(reply: futures.Future) -> str:
            assert isinstance(reply, futures.Future)
            return reply.result()


        def ask():
            reply = futures.Future()
            reply.set_result("yes")
            return wait(reply)
        """,
        checks=[ONCE],
    ),
    fixes(
        "one that carries a value beside one that carries none",
        """
        from eventlet import event


        class Worker:
            def __init__(self):
                self._started = event.Event()
                self._result = event.Event()

            def run(self, numbers):
                self._started.send()
                self._result.send(max(numbers))

            def result(self):
                self._started.wait()
                return self._result.wait()
        """,
        """
        import threading
        from concurrent import futures


        class Worker:
            def __init__(self):
                self._started = threading.Event()
                self._result = futures.Future()

            def run(self, numbers):
                self._started.set()
                self._result.set_result(max(numbers))

            def result(self):
                self._started.wait()
                return self._result.result()
        """,
        checks=[ONCE],
    ),
    # --- the project's helper ---
    fixes(
        "OneShot for what a Future cannot do",
        """
        import eventlet


        def call(given, run):
            done = eventlet.Event()
            run(done)
            done.send(*given)
            done.reset()
            return done.wait(timeout=3)
        """,
        """
        from pkg import concurrency


        def call(given, run):
            done = concurrency.OneShot()
            run(done)
            done.send(*given)
            done.reset()
            return done.wait(timeout=3)
        """,
        helpers="pkg.concurrency",
        checks=["C-FLOW"],
    ),
    fixes(
        "a Future for what it can do, helpers or not",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            done.send(3)
            return done.wait()
        """,
        """
        from concurrent import futures


        def call():
            done = futures.Future()
            done.set_result(3)
            return done.result()
        """,
        helpers="pkg.concurrency",
        checks=[ONCE],
    ),
    manual(
        "no helper against a Timeout",
        """
        import eventlet


        def call(given):
            done = eventlet.Event()
            done.send(*given)
            with eventlet.Timeout(3):
                return str(done.wait()).title()
        """,
        helpers="pkg.concurrency",
        says="a Timeout ends its wait()",
    ),
    # --- found by attack ---
    fixes(
        "an attribute that is given a new event now and then is looked at twice",
        """
        import eventlet


        class Call:
            def begin(self):
                self._reply = eventlet.Event()

            def answer(self, value):
                self._reply.send(value)

            def wait(self, limit):
                return self._reply.wait(limit)
        """,
        """
        from concurrent import futures


        class Call:
            def begin(self):
                self._reply = futures.Future()

            def answer(self, value):
                self._reply.set_result(value)

            def wait(self, limit):
                return (
                    self._reply.result()
                    if futures.wait([self._reply], timeout=limit).done
                    else None
                )
        """,
        checks=[ONCE, "C-FLOW"],
    ),
    fixes(
        "an assertion needs no brackets",
        """
        import eventlet


        def call(value, limit):
            reply = eventlet.Event()
            reply.send(value)
            assert reply.wait(limit), "too late"
            assert reply.wait(
                timeout=None
            )
        """,
        """
        from concurrent import futures


        def call(value, limit):
            reply = futures.Future()
            reply.set_result(value)
            assert futures.wait([reply], timeout=limit).done and reply.result(), "too late"
            assert reply.result()
        """,
        checks=["C-ONCE"],
    ),
    manual(
        "a result and an exception, of which one is None",
        """
        import eventlet

        reply = eventlet.Event()


        def answer(result=None, error=None):
            reply.send(result, error)


        def wait():
            return reply.wait()
        """,
        says="what send() on line 7 raises cannot be seen",
    ),
    fixes(
        "a result beside an exception that is one for sure",
        """
        import eventlet

        reply = eventlet.Event()


        def answer(result, call):
            try:
                reply.send(call())
            except ValueError as error:
                reply.send(result, error)


        def wait():
            return reply.wait()
        """,
        """
        from concurrent import futures

        reply = futures.Future()


        def answer(result, call):
            try:
                reply.set_result(call())
            except ValueError as error:
                reply.set_exception(error)


        def wait():
            return reply.result()
        """,
        checks=[ONCE],
    ),
    fixes(
        "what sys.exc_info() gave, kept in a name",
        """
        import eventlet

        reply = eventlet.Event()


        def answer(exc_info):
            reply.send(exc=exc_info)


        def wait():
            return reply.wait()
        """,
        """
        from concurrent import futures

        reply = futures.Future()


        def answer(exc_info):
            reply.set_exception(exc_info[1])


        def wait():
            return reply.result()
        """,
        checks=[ONCE, "C-TYPE"],
    ),
    fixes(
        "waits among arguments, too long for their lines",
        """
        import eventlet


        class CallTest:
            def test_reply(self):
                reply = eventlet.Event()
                reply.send("up")
                self.assertEqual("up", reply.wait(timeout=self.seconds_to_wait))
                self.assertEqual(
                    "up",
                    reply.wait(timeout=self.seconds_to_wait_in_vain),
                )
        """,
        """
        from concurrent import futures


        class CallTest:
            def test_reply(self):
                reply = futures.Future()
                reply.set_result("up")
                self.assertEqual("up", (
                    reply.result()
                    if futures.wait([reply], timeout=self.seconds_to_wait).done
                    else None
                ))
                self.assertEqual(
                    "up",
                    (
                        reply.result()
                        if futures.wait([reply], timeout=self.seconds_to_wait_in_vain).done
                        else None
                    ),
                )
        """,
        checks=[ONCE],
    ),
    fixes(
        "a test asserts that it raises",
        """
        import eventlet


        class CallTest:
            def test_failure(self):
                reply = eventlet.Event()
                reply.send_exception(ValueError("x"))
                self.assertRaises(ValueError, reply.wait)
        """,
        """
        from concurrent import futures


        class CallTest:
            def test_failure(self):
                reply = futures.Future()
                reply.set_exception(ValueError("x"))
                self.assertRaises(ValueError, reply.result)
        """,
        checks=[ONCE],
    ),
    manual(
        "a test asserts that it raises within a limit",
        """
        import eventlet


        class CallTest:
            def test_failure(self):
                reply = eventlet.Event()
                reply.send_exception(ValueError("x"))
                self.assertRaises(ValueError, reply.wait, 3)
        """,
        says=".wait is passed on",
    ),
    manual(
        "a test asserts that a second send fails",
        """
        import eventlet


        class CallTest:
            def test_once(self):
                reply = eventlet.Event()
                reply.send(1)
                self.assertRaises(AssertionError, reply.send, 2)
                self.assertEqual(1, reply.wait())
        """,
        says="expects the AssertionError",
    ),
    fixes(
        "what a fixture of pytest gives, by a parameter of its name",
        """
        import pytest
        from eventlet.event import Event


        @pytest.fixture
        def done():
            return Event()


        @pytest.fixture(name="ready")
        def make_ready(done):
            done.send(1)
            yield Event()


        class TestIt:
            def test_one(self, done, ready):
                ready.send(2)
                assert done.wait() + ready.wait() == 3

            @pytest.mark.parametrize("done", [None])
            def test_other(self, done):
                done.send()


        class TestOwn:
            @pytest.fixture
            def done(self):
                return object()

            def test(self, done):
                done.send(3)
        """,
        """
        from concurrent import futures

        import pytest


        @pytest.fixture
        def done():
            return futures.Future()


        @pytest.fixture(name="ready")
        def make_ready(done):
            done.set_result(1)
            yield futures.Future()


        class TestIt:
            def test_one(self, done, ready):
                ready.set_result(2)
                assert done.result() + ready.result() == 3

            @pytest.mark.parametrize("done", [None])
            def test_other(self, done):
                done.send()


        class TestOwn:
            @pytest.fixture
            def done(self):
                return object()

            def test(self, done):
                done.send(3)
        """,
        path="tests/test_it.py",
        checks=["C-ONCE"],
    ),
    manual(
        "a fixture that is asked for by a string",
        """
        import pytest
        from eventlet.event import Event


        @pytest.fixture
        def done():
            return Event()


        def test_one(request):
            request.getfixturevalue("done").send(2)
        """,
        path="tests/test_it.py",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_event_value(case: Case) -> None:
    check(case, "event-value")


def test_two_threads_may_get_past_one_question() -> None:
    source = """
import eventlet

reply = eventlet.Event()


def answer(value):
    if not reply.ready():
        reply.send(value)


def wait():
    return reply.wait()
"""
    change = rewrite_one(source.encode(), "example.py", Settings(monkey_patched="yes"))
    assert all("can two threads get past" in f.advice for f in change.entry.findings)
