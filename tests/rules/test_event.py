from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

ONCE = "C-ONCE"

CASES = [
    noop(
        "threading's own",
        """
        import threading

        import eventlet.wsgi

        done = threading.Event()
        done.wait()
        """,
    ),
    noop(
        "an event of the project",
        """
        from pkg import event

        done = event.Event()
        done.send(3)
        """,
    ),
    noop(
        "a parameter hides the module",
        """
        from eventlet import event


        def make(event):
            done = event.Event()
            done.send(3)
        """,
    ),
    noop(
        "a method called send",
        """
        import eventlet.wsgi


        def tell(client):
            client.send()
            client.wait()
        """,
    ),
    manual(
        "the answer of a wait that is tested was always None",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            done.send()
            while not done.wait(1):
                pass
        """,
        says="on line 7 was always None",
    ),
    manual(
        "the answer of a wait with a limit was always None",
        """
        import eventlet


        def call(limit):
            done = eventlet.Event()
            return done.wait(timeout=limit)
        """,
        says="on line 6 was always None",
    ),
    manual(
        "a Timeout ends the wait",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            with eventlet.Timeout(5, False):
                print("wait")
                done.wait()
                print("done")
        """,
        says="a Timeout ends its wait() on line 8",
    ),
    fixes(
        "the Timeout that ends the wait changes with it",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            with eventlet.Timeout(5, False):
                done.wait()
        """,
        """
        import threading


        def call():
            done = threading.Event()
            done.wait(timeout=5)
        """,
        checks=[ONCE],
    ),
    manual(
        "a Timeout that runs in the same function ends the wait",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            limit = eventlet.Timeout(5)
            try:
                print(done.wait())
            finally:
                limit.cancel()
        """,
        says="a Timeout ends its wait() on line 8",
    ),
    manual(
        "a Timeout that a test keeps ends the wait",
        """
        import eventlet
        import fixtures

        from pkg.tests import base


        class TestIt(base.TestCase):
            def setUp(self):
                super().setUp()
                self.useFixture(fixtures.NestedTempfile())
                self.limit = eventlet.Timeout(seconds)
                self.addCleanup(self.limit.cancel)
                self.done = eventlet.Event()

            def ends(self):
                self.done.send()

            def test_it(self):
                work(self.ends)
                self.done.wait()
        """,
        says="a Timeout ends its wait() on line 20",
    ),
    manual(
        "a class of a Timeout, which a test keeps, ends the wait",
        """
        import eventlet
        import fixtures

        from pkg.tests import base


        class Late(eventlet.Timeout):
            pass


        class TestIt(base.TestCase):
            def setUp(self):
                self.useFixture(fixtures.NestedTempfile())
                self.limit = Late(15)
                self.addCleanup(self.limit.cancel)
                self.done = eventlet.Event()

            def test_it(self):
                work(self.done.send)
                self.done.wait()
        """,
        says="a Timeout ends its wait() on line 20",
    ),
    fixes(
        "a Timeout that a test keeps, in the place of which `fixtures` ends the wait",
        """
        import eventlet
        import fixtures

        from pkg.tests import base


        class TestIt(base.TestCase):
            def setUp(self):
                super().setUp()
                self.useFixture(fixtures.NestedTempfile())
                self.limit = eventlet.Timeout(15)
                self.addCleanup(self.limit.cancel)
                self.done = eventlet.Event()

            def ends(self):
                self.done.send()

            def test_it(self):
                work(self.ends)
                self.done.wait()
        """,
        """
        import threading

        import fixtures

        from pkg.tests import base


        class TestIt(base.TestCase):
            def setUp(self):
                super().setUp()
                self.useFixture(fixtures.NestedTempfile())
                self.useFixture(fixtures.Timeout(15, gentle=True))
                self.done = threading.Event()

            def ends(self):
                self.done.set()

            def test_it(self):
                work(self.ends)
                self.done.wait()
        """,
        checks=[ONCE],
    ),
    manual(
        "a Timeout is around a call of the function that waits",
        """
        import eventlet


        class Call:
            def __init__(self):
                self._done = eventlet.Event()

            def finish(self):
                self._done.send()

            def _wait(self):
                self._done.wait()

            def _wait_for_all(self):
                self._wait()

            def run(self):
                with eventlet.Timeout(5):
                    self._wait_for_all()
        """,
        says="a Timeout ends its wait() on line 12",
    ),
    fixes(
        "a Timeout is around something else",
        """
        import eventlet


        class Call:
            def __init__(self):
                self._done = eventlet.Event()

            def finish(self):
                self._done.send()

            def wait(self):
                self._done.wait()

            def run(self, work):
                with eventlet.Timeout(*work):
                    self.finish()
        """,
        """
        import threading

        import eventlet


        class Call:
            def __init__(self):
                self._done = threading.Event()

            def finish(self):
                self._done.set()

            def wait(self):
                self._done.wait()

            def run(self, work):
                with eventlet.Timeout(*work):
                    self.finish()
        """,
        checks=[ONCE],
        left=1,
    ),
    manual(
        "with_timeout ends the wait",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            eventlet.with_timeout(5, done.wait, timeout_value=None)
        """,
        says="a Timeout ends its wait() on line 6",
    ),
    manual(
        "the AssertionError of a second send is expected",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            done.send()
            try:
                done.send()
            except AssertionError:
                pass
        """,
        says="line 8 expects the AssertionError",
    ),
    manual(
        "it is made with an argument, a TypeError today",
        """
        import eventlet

        done = eventlet.Event(1)
        """,
        says="made with an argument",
    ),
    manual(
        "it is returned",
        """
        from eventlet import event


        def make():
            done = event.Event()
            return done
        """,
        says="it is returned",
    ),
    manual(
        "it is passed on",
        """
        from eventlet.event import Event


        def make(run):
            done = Event()
            run(done)
            done.wait()
        """,
        says="it is passed on",
    ),
    manual(
        "it is stored",
        """
        import eventlet


        class Calls:
            def __init__(self):
                self.calls = {}

            def begin(self, calls, key):
                calls[key] = eventlet.Event()
        """,
        says="leaves open what is passed for calls",
    ),
    manual(
        "a name that holds something else too",
        """
        import eventlet


        def make(done):
            done = done or eventlet.Event()
            done.send()
        """,
    ),
    manual(
        "another object may be it",
        """
        import eventlet


        class Call:
            def __init__(self, other):
                self.done = eventlet.Event()
                other.done.send(3)
        """,
        says="stays",
    ),
    manual(
        "send is passed on with a value",
        """
        import eventlet


        class Call:
            def __init__(self):
                self.done = eventlet.Event()

            def start(self, run):
                run.link(self.done.send)
        """,
        says=".send is passed on",
    ),
    fixes(
        "another file of the project has such an attribute, perhaps this one",
        """
        import eventlet


        class Call:
            def __init__(self):
                self.finished = eventlet.Event()

            def finish(self):
                self.finished.send()
        """,
        """
        import threading


        class Call:
            def __init__(self):
                self.finished = threading.Event()

            def finish(self):
                self.finished.set()
        """,
        files={"pkg/other.py": "def wait(call):\n    return call.finished.wait()\n"},
        checks=["C-ONCE", "C-FLOW"],
    ),
    fixes(
        "sent, waited for and asked",
        """
        from eventlet import event


        class Service:
            def __init__(self):
                self._started = event.Event()

            def start(self):
                if not self._started.ready():
                    self._started.send()

            def wait(self):
                self._started.wait()
        """,
        """
        import threading


        class Service:
            def __init__(self):
                self._started = threading.Event()

            def start(self):
                if not self._started.is_set():
                    self._started.set()

            def wait(self):
                self._started.wait()
        """,
        checks=[ONCE],
    ),
    fixes(
        "values that say nothing",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            done.send(None)
            done.send(True)
            done.send(result=None)
        """,
        """
        import threading


        def call():
            done = threading.Event()
            done.set()
            done.set()
            done.set()
        """,
        checks=[ONCE],
    ),
    fixes(
        "a wait with a limit, its answer unused",
        """
        import eventlet


        def call(limit):
            done = eventlet.Event()
            done.wait(1)
            done.wait(timeout=limit)
        """,
        """
        import threading


        def call(limit):
            done = threading.Event()
            done.wait(1)
            done.wait(timeout=limit)
        """,
        checks=[ONCE],
    ),
    fixes(
        "send(True), and only the truth of the answer counts",
        """
        import eventlet


        class Call:
            def __init__(self):
                self._ended = eventlet.Event()

            def end(self):
                self._ended.send(True)

            def run(self):
                while not self._ended.wait(timeout=1):
                    print("still here")
                return self._ended.wait()
        """,
        """
        import threading


        class Call:
            def __init__(self):
                self._ended = threading.Event()

            def end(self):
                self._ended.set()

            def run(self):
                while not self._ended.wait(timeout=1):
                    print("still here")
                return self._ended.wait()
        """,
        checks=[ONCE],
    ),
    fixes(
        "a limit that may be one of eventlet",
        """
        import eventlet


        def call(utils):
            done = eventlet.Event()
            with utils.timeout_after(3):
                done.wait()
        """,
        """
        import threading


        def call(utils):
            done = threading.Event()
            with utils.timeout_after(3):
                done.wait()
        """,
        checks=[ONCE, "C-KILL"],
    ),
    fixes(
        "send is passed on to what calls it without arguments",
        """
        import eventlet


        class Case:
            def test(self):
                done = eventlet.Event()
                self.addCleanup(done.send)
                eventlet.spawn_n(done.send)
                eventlet.spawn_after(3, done.send)
        """,
        """
        import threading


        class Case:
            def test(self):
                done = threading.Event()
                self.addCleanup(done.set)
                threading.Thread(target=done.set, daemon=True).start()
                timer = threading.Timer(3, done.set)
                timer.daemon = True
                timer.start()
        """,
        checks=[ONCE],
    ),
    fixes(
        "send is passed on as a callback",
        """
        import eventlet


        def call(run):
            done = eventlet.Event()
            run(callback=done.send)
            done.wait()
        """,
        """
        import threading


        def call(run):
            done = threading.Event()
            run(callback=lambda *_: done.set())
            done.wait()
        """,
        checks=[ONCE, "C-FLOW"],
    ),
    fixes(
        "annotations and isinstance",
        """
        from eventlet import event


        class Call:
            def __init__(self):
                self._ended: event.Event = event.Event()

            def is_event(self):
                return isinstance(self._ended, event.Event)

            def end(self):
                finish(self._ended)


        def finish(ended: event.Event) -> None:
            ended.send()
        """,
        """
        import threading


        class Call:
            def __init__(self):
                self._ended: threading.Event = threading.Event()

            def is_event(self):
                return isinstance(self._ended, threading.Event)

            def end(self):
                finish(self._ended)


        def finish(ended: threading.Event) -> None:
            ended.set()
        """,
        checks=[ONCE],
    ),
    fixes(
        "an annotation by the name of a type",
        """
        import typing

        from eventlet import event

        Ended = typing.Optional[event.Event]
        Pending = typing.Dict[str, Ended]


        class Calls:
            def __init__(self):
                self._ended: Pending = {}

            def call(self, name):
                ended = self._ended[name] = event.Event()
                ended.send()
        """,
        """
        import threading
        import typing

        Ended = typing.Optional[threading.Event]
        Pending = typing.Dict[str, Ended]


        class Calls:
            def __init__(self):
                self._ended: Pending = {}

            def call(self, name):
                ended = self._ended[name] = threading.Event()
                ended.set()
        """,
        checks=[ONCE],
    ),
    fixes(
        "a type that names it beside an event",
        """
        import typing

        from eventlet import event

        Events = typing.Dict[str, event.Event]


        class Call:
            def __init__(self):
                self._ended = event.Event()

            def end(self):
                self._ended.send()


        def all_sent(events: typing.Optional[event.Event], other):
            return type(other) is event.Event
        """,
        """
        import threading
        import typing

        Events = typing.Dict[str, threading.Event]


        class Call:
            def __init__(self):
                self._ended = threading.Event()

            def end(self):
                self._ended.set()


        def all_sent(events: typing.Optional[threading.Event], other):
            return type(other) is threading.Event
        """,
        checks=[ONCE, "C-FLOW"],
    ),
    manual(
        "an annotation by the name of a type, of an event that stays",
        """
        import typing

        import eventlet

        Pending = typing.Dict[str, eventlet.event.Event]


        class Calls:
            def __init__(self):
                self._ended: Pending = {}

            def call(self, name):
                self._ended[name] = eventlet.event.Event()
                with eventlet.Timeout(3):
                    self._ended[name].wait()
        """,
        says="this Event stays: a Timeout ends its wait()",
    ),
    manual(
        "isinstance with other classes",
        """
        from eventlet import event


        def call(other):
            done = event.Event()
            done.send()
            return isinstance(done, (event.Event, other))
        """,
        says="isinstance",
    ),
    manual(
        "the class as a value, and no event beside it",
        """
        from eventlet import event


        def call(done):
            return type(done) is event.Event
        """,
    ),
    fixes(
        "events in a dict and a comprehension",
        """
        import eventlet


        def call(names):
            events = {name: eventlet.Event() for name in names}
            for event in events.values():
                event.send()
            return [event.ready() for event in events.values()]
        """,
        """
        import threading


        def call(names):
            events = {name: threading.Event() for name in names}
            for event in events.values():
                event.set()
            return [event.is_set() for event in events.values()]
        """,
        checks=[ONCE],
    ),
    fixes(
        "it is reset",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            done.send()
            done.reset()
        """,
        """
        import threading


        def call():
            done = threading.Event()
            done.set()
            done.clear()
        """,
        checks=[ONCE, "C-ORDER"],
    ),
    fixes(
        "send is what is spawned",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            eventlet.spawn(done.send)
            eventlet.spawn_after(1, done.send)
            done.wait()
        """,
        """
        import threading


        def call():
            done = threading.Event()
            threading.Thread(target=done.set, daemon=True).start()
            timer = threading.Timer(1, done.set)
            timer.daemon = True
            timer.start()
            done.wait()
        """,
        checks=[ONCE],
    ),
    fixes(
        "used in a nested function, and made anew",
        """
        import eventlet


        class Call:
            done = None

            def begin(self):
                self.done = eventlet.Event()

            def run(self):
                def finish():
                    self.done.send()  # over

                if self.done is not None:
                    finish()
        """,
        """
        import threading


        class Call:
            done = None

            def begin(self):
                self.done = threading.Event()

            def run(self):
                def finish():
                    self.done.set()  # over

                if self.done is not None:
                    finish()
        """,
        checks=[ONCE],
    ),
    fixes(
        "one of two in one class",
        """
        import eventlet


        class Call:
            def __init__(self):
                self.started = eventlet.Event()
                self.result = eventlet.Event()

            def run(self, value):
                self.started.send()
                self.result.send(*value)
        """,
        """
        import threading

        import eventlet


        class Call:
            def __init__(self):
                self.started = threading.Event()
                self.result = eventlet.Event()

            def run(self, value):
                self.started.set()
                self.result.send(*value)
        """,
        checks=[ONCE],
        left=2,
    ),
    fixes(
        "the attribute of a subclass in the file",
        """
        import eventlet


        class Base:
            def __init__(self):
                self._done = eventlet.Event()


        class Call(Base):
            def finish(self):
                self._done.send()
        """,
        """
        import threading


        class Base:
            def __init__(self):
                self._done = threading.Event()


        class Call(Base):
            def finish(self):
                self._done.set()
        """,
        checks=[ONCE],
    ),
    fixes(
        "a call over two lines",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            (
                done
                .send()
            )
            done.wait(
                1,
            )
        """,
        """
        import threading


        def call():
            done = threading.Event()
            (
                done
                .set()
            )
            done.wait(
                1,
            )
        """,
        checks=[ONCE],
    ),
    fixes(
        "an object at the top of a module that no other mentions",
        """
        import eventlet

        _done = eventlet.Event()


        def finish():
            _done.send()
        """,
        """
        import threading

        _done = threading.Event()


        def finish():
            _done.set()
        """,
        checks=[ONCE],
    ),
    fixes(
        "threading is a parameter where it is made",
        """
        import eventlet


        def call(threading):
            done = eventlet.Event()
            done.send()
        """,
        """
        import threading as threading_lib


        def call(threading):
            done = threading_lib.Event()
            done.set()
        """,
        checks=[ONCE],
    ),
    manual(
        "a comment between the arguments of send",
        """
            import eventlet


            def call():
                done = eventlet.Event()
                done.send(
                    None  # nothing to tell
                )
            """,
    ),
    # --- found by attack ---
    fixes(
        "send is registered somewhere, to be called with who knows what",
        """
        import eventlet

        ready = eventlet.Event()


        def listen(bus):
            bus.register(ready.send)
            ready.wait()
        """,
        """
        import threading

        ready = threading.Event()


        def listen(bus):
            bus.register(lambda *_: ready.set())
            ready.wait()
        """,
        checks=["C-ONCE", "C-FLOW"],
    ),
    fixes(
        "send is passed on twice, to be taken back",
        """
        import eventlet

        ready = eventlet.Event()


        def listen(bus):
            bus.connect(ready.send)
            ready.wait()
            bus.disconnect(ready.send)
        """,
        """
        import threading

        ready = threading.Event()


        def listen(bus):
            bus.connect(ready.set)
            ready.wait()
            bus.disconnect(ready.set)
        """,
        checks=["C-ONCE", "C-FLOW"],
    ),
    fixes(
        "send is passed on in a loop, where its name means another event later",
        """
        import eventlet


        def call(run):
            for _ in range(3):
                done = eventlet.Event()
                run(done.send)
                done.wait()
        """,
        """
        import threading


        def call(run):
            for _ in range(3):
                done = threading.Event()
                run(done.set)
                done.wait()
        """,
        checks=["C-ONCE", "C-FLOW"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_event(case: Case) -> None:
    check(case, "event")
