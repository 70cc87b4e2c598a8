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
        "it carries a value",
        """
        import eventlet


        class Call:
            def __init__(self):
                self._done = eventlet.Event()

            def finish(self, value):
                self._done.send(value)
        """,
        says="carries a value on line 9",
    ),
    manual(
        "it carries a false value",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            done.send(False)
        """,
        says="carries a value",
    ),
    manual(
        "it carries an exception",
        """
        import eventlet


        def call(error):
            done = eventlet.Event()
            done.send_exception(error)
        """,
        says=".send_exception",
    ),
    manual(
        "it carries an exception by keyword",
        """
        import eventlet


        def call(error):
            done = eventlet.Event()
            done.send(exc=error)
        """,
        says="carries an exception",
    ),
    manual(
        "what wait answers is returned",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            return done.wait()
        """,
        says="the answer of wait() is used",
    ),
    manual(
        "what wait answers is tested",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            while not done.wait(1):
                pass
        """,
        says="the answer of wait() is used",
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
    manual(
        "a poll",
        """
        import eventlet


        def call():
            done = eventlet.Event()
            return done.poll()
        """,
        says=".poll",
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
                self.result.send(value)
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
                self.result.send(value)
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
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_event(case: Case) -> None:
    check(case, "event")
