from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    # --- what is not eventlet's sleep ---
    noop(
        "the sleep of asyncio",
        """
        from asyncio import sleep

        import eventlet.wsgi

        sleep(1)
        """,
    ),
    noop(
        "a parameter is called eventlet",
        """
        import eventlet


        def nap(eventlet):
            eventlet.sleep(1)
        """,
    ),
    noop(
        "a parameter is called sleep",
        """
        import eventlet


        def nap(sleep):
            sleep(1)
        """,
    ),
    noop(
        "a keyword-only parameter with a default hides the import",
        """
        import eventlet


        def nap(*, eventlet=None):
            return eventlet.sleep(1) if eventlet else None
        """,
    ),
    noop(
        "a local variable hides the import",
        """
        import eventlet


        def nap(clock):
            eventlet = clock
            eventlet.sleep(1)
        """,
    ),
    noop(
        "a loop variable hides the import",
        """
        import eventlet


        def nap(clocks):
            for eventlet in clocks:
                eventlet.sleep(1)
        """,
    ),
    noop(
        "the target of a with statement hides the import",
        """
        import eventlet


        def nap(clock):
            with clock as eventlet:
                eventlet.sleep(1)
        """,
    ),
    noop(
        "the name of an except clause hides the import",
        """
        import eventlet


        def nap(work):
            try:
                work()
            except ValueError as eventlet:
                eventlet.sleep(1)
        """,
    ),
    noop(
        "a walrus hides the import in the whole function",
        """
        import eventlet


        def nap(clock):
            if (eventlet := clock):
                eventlet.sleep(1)
        """,
    ),
    noop(
        "a match capture hides the import",
        """
        import eventlet


        def nap(clock):
            match clock:
                case [eventlet]:
                    eventlet.sleep(1)
        """,
    ),
    noop(
        "a comprehension variable hides the import",
        """
        import eventlet


        def nap(clocks):
            return [eventlet.sleep(1) for eventlet in clocks]
        """,
    ),
    noop(
        "a lambda parameter hides the import",
        """
        import eventlet

        nap = lambda eventlet: eventlet.sleep(1)
        """,
    ),
    noop(
        "a nested function inherits the hiding",
        """
        import eventlet


        def outer(eventlet):
            def inner():
                eventlet.sleep(1)

            return inner
        """,
    ),
    noop(
        "a method of one's own",
        """
        import eventlet


        class Clock:
            def sleep(self, seconds):
                pass

            def nap(self):
                self.sleep(1)
                self.eventlet.sleep(1)
        """,
    ),
    noop(
        "a module of the project is called eventlet",
        """
        import eventlet

        eventlet.sleep(0)
        """,
        files={"eventlet.py": "def sleep(seconds):\n    pass\n"},
    ),
    noop(
        "a package of the project is called eventlet",
        """
        from eventlet import sleep

        sleep(0)
        """,
        files={"eventlet/__init__.py": "def sleep(seconds):\n    pass\n"},
    ),
    noop(
        "a relative import",
        """
        from .eventlet import sleep
        from . import eventlet

        sleep(0)
        eventlet.sleep(0)
        """,
        path="pkg/example.py",
    ),
    noop(
        "prose that mentions it",
        '''
        """Calls eventlet.sleep(0) now and then."""
        # eventlet.sleep(0)
        TEXT = "call eventlet.sleep(0) here"
        ''',
    ),
    # --- what is left to a person ---
    manual(
        "star arguments",
        """
        import eventlet


        def nap(*args):
            eventlet.sleep(*args)
        """,
        says="cannot be seen",
    ),
    manual(
        "a mapping of keywords",
        """
        import eventlet


        def nap(**kwargs):
            eventlet.sleep(**kwargs)
        """,
        says="cannot be seen",
    ),
    manual(
        "two arguments, a TypeError today",
        """
        import eventlet

        eventlet.sleep(1, 2)
        """,
        says="cannot be seen",
    ),
    manual(
        "a keyword that it does not have, a TypeError today",
        """
        import eventlet

        eventlet.sleep(delay=1)
        """,
        says="cannot be seen",
    ),
    manual(
        "the name is bound to something else as well",
        """
        import eventlet

        if DEBUG:
            eventlet = None

        eventlet.sleep(1)
        """,
        says="also bound on line 4",
    ),
    manual(
        "a global statement binds the name elsewhere",
        """
        import eventlet


        def stub(fake):
            global eventlet
            eventlet = fake


        def nap():
            eventlet.sleep(1)
        """,
        says="also bound",
    ),
    manual(
        "the name is deleted on the way",
        """
        import eventlet

        eventlet.sleep(1)
        del eventlet
        """,
        says="also bound",
    ),
    manual(
        "an optional import with None in its place",
        """
        try:
            import eventlet
        except ImportError:
            eventlet = None


        def nap():
            if eventlet:
                eventlet.sleep(1)
        """,
        says="optional",
    ),
    manual(
        "the fallback is a function of one's own",
        """
        try:
            from eventlet import sleep
        except ImportError:
            from pkg.clock import sleep

        sleep(1)
        """,
        says="optional",
    ),
    manual(
        "eventlet's function is replaced",
        """
        import eventlet

        eventlet.sleep = print
        """,
        says="assigned to",
    ),
    manual(
        "it comes through another module's namespace",
        """
        from pkg import service

        service.eventlet.sleep(1)
        """,
    ),
    manual(
        "a string names it",
        """
        NAP = "eventlet.sleep"
        """,
    ),
    manual(
        "a patch of time.sleep decorates the test",
        """
        import eventlet
        from unittest import mock


        @mock.patch("pkg.job.time.sleep")
        def test_job(job, sleep):
            eventlet.sleep(0.1)
            sleep.assert_not_called()
        """,
        says="line 5 puts it in its place",
    ),
    manual(
        "a patch of time.sleep that this is to do the work of",
        """
        import time
        from unittest import mock

        import eventlet


        class TestJob(Base):
            @mock.patch.object(time, "sleep", side_effect=lambda x: eventlet.sleep(0))
            def test_job(self, sleep):
                self.job.run()
        """,
        says="line 8 puts it in its place",
    ),
    manual(
        "a patch of time.sleep in a with statement",
        """
        from unittest import mock

        import eventlet


        def test_job(job):
            with mock.patch("time.sleep") as sleep, job:
                eventlet.sleep(0.1)
        """,
        says="line 7 puts it in its place",
    ),
    manual(
        "a patch of time.sleep for a whole class",
        """
        import eventlet


        class TestJob(Base):
            def setUp(self):
                super().setUp()
                self.stub_out("pkg.job.time.sleep", self.count)

            def test_job(self):
                eventlet.sleep(0.1)
        """,
        says="line 7 puts it in its place",
    ),
    manual(
        "a patch of time.sleep that decorates a class",
        """
        import eventlet
        from unittest.mock import patch


        @patch("time.sleep", new=print)
        class TestJob(Base):
            def test_job(self):
                eventlet.sleep(0.1)
        """,
        says="line 5 puts it in its place",
    ),
    manual(
        "a patch of time.sleep earlier in the test",
        """
        import eventlet


        def test_job(job, monkeypatch):
            monkeypatch.setattr("time.sleep", print)
            eventlet.sleep(0.1)
        """,
        says="line 5 puts it in its place",
    ),
    manual(
        "a patch of eventlet's sleep by another name",
        """
        from unittest import mock

        import eventlet


        def test_job(job):
            with mock.patch("eventlet.greenthread.sleep"):
                eventlet.sleep(0.1)
        """,
        says="line 7 puts it in its place",
    ),
    manual(
        "in front of monkey_patch(), while that stays",
        """
        import eventlet

        # The hub has to be there before.
        eventlet.sleep()
        eventlet.monkey_patch()


        def run(work):
            with eventlet.Timeout(3):
                work()
        """,
        says="must go first",
    ),
    fixes(
        "a comment on the import that goes",
        """
        from eventlet import sleep  # the hub has to run here


        def f():
            sleep(1)
        """,
        """
        import time


        def f():
            time.sleep(1)
        """,
        checks=["C-STALE"],
        loses=["# the hub has to run here"],
    ),
    fixes(
        "a comment on one of several names",
        """
        from eventlet import (
            sleep,  # in tens of seconds
        )


        def f():
            sleep(1)
        """,
        """
        import time


        def f():
            time.sleep(1)
        """,
        checks=["C-STALE"],
        loses=["# in tens of seconds"],
    ),
    fixes(
        "a comment for a tool on the import that goes",
        """
        from eventlet import sleep  # noqa: E402, F401


        def f():
            sleep(1)
        """,
        """
        import time


        def f():
            time.sleep(1)
        """,
        loses=["# noqa: E402, F401"],
    ),
    fixes(
        "a comment that names a suppression for a tool",
        """
        from eventlet import sleep  # pylint: disable=wrong-import-position


        def f():
            sleep(1)
        """,
        """
        import time


        def f():
            time.sleep(1)
        """,
        loses=["# pylint: disable=wrong-import-position"],
    ),
    fixes(
        "in front of monkey_patch(), with which it goes",
        """
        import sys

        import eventlet

        # The hub has to be there before.
        eventlet.sleep()
        eventlet.monkey_patch()

        sys.exit(0)
        """,
        """
        import sys

        # The hub has to be there before.

        sys.exit(0)
        """,
        checks=["C-STALE"],
    ),
    fixes(
        "a side effect that is made beforehand",
        """
        import time
        from unittest import mock

        import eventlet


        @mock.patch.object(time, "sleep", side_effect=eventlet.sleep(0.1))
        def test_job(sleep):
            job.run()
        """,
        """
        import time
        from unittest import mock


        @mock.patch.object(time, "sleep", side_effect=time.sleep(0.1))
        def test_job(sleep):
            job.run()
        """,
    ),
    fixes(
        "a patch of time.sleep, and of another sleep, elsewhere",
        """
        import time
        from unittest import mock

        import eventlet


        class TestJob(Base):
            @mock.patch("time.sleep")
            def test_job(self, sleep):
                self.job.run()

            def test_wait(self):
                with mock.patch("time.sleep"):
                    self.job.run()
                with mock.patch("pkg.job.sleep"):
                    eventlet.sleep(0.1)


        class TestOther(Base):
            def setUp(self):
                self.stub_out("time.sleep", print)


        def test_other():
            eventlet.sleep(0.1)
        """,
        """
        import time
        from unittest import mock


        class TestJob(Base):
            @mock.patch("time.sleep")
            def test_job(self, sleep):
                self.job.run()

            def test_wait(self):
                with mock.patch("time.sleep"):
                    self.job.run()
                with mock.patch("pkg.job.sleep"):
                    time.sleep(0.1)


        class TestOther(Base):
            def setUp(self):
                self.stub_out("time.sleep", print)


        def test_other():
            time.sleep(0.1)
        """,
    ),
    manual(
        "a yield that lets a task of an executor run first",
        """
        import eventlet


        def call(executor, work):
            future = executor.submit(work)
            eventlet.sleep(0)
            return future.done()
        """,
        says="lets work that was spawned run",
    ),
    manual(
        "a yield that lets a thread run first",
        """
        import threading

        import eventlet


        def call(work, results):
            threading.Thread(target=work, daemon=True).start()
            eventlet.sleep()
            return results.pop()
        """,
        says="lets work that was spawned run",
    ),
    manual(
        "a yield that lets spawned work run first",
        """
        import eventlet


        def start(work, results):
            thread = eventlet.spawn(work)
            eventlet.sleep(0)
            results.sort()
            return thread
        """,
        says="lets work that was spawned run",
    ),
    manual(
        "what is waited for next has a limit",
        """
        import threading

        import eventlet


        def start(work, ready, results):
            threading.Thread(target=work, daemon=True).start()
            eventlet.sleep(0)
            ready.wait(1)
            return results.pop()
        """,
        says="lets work that was spawned run",
    ),
    manual(
        "the wait is not the next statement",
        """
        import threading

        import eventlet


        def start(work, ready, results):
            threading.Thread(target=work, daemon=True).start()
            eventlet.sleep(0)
            first = results.pop()
            ready.wait()
            return first
        """,
        says="lets work that was spawned run",
    ),
    manual(
        "a module of the project is called time",
        """
        import eventlet

        eventlet.sleep(1)
        """,
        files={"time.py": "NOW = 0\n"},
        says="a module of this project is called time",
    ),
    manual(
        "an import that nothing uses",
        """
        from eventlet import sleep
        """,
        says="imported and not used",
    ),
    manual(
        "a name that only an annotation in a string uses",
        """
        from eventlet import sleep

        __all__ = ["sleep"]
        """,
        says="imported and not used",
    ),
    manual(
        "not a safe one although only those are asked for",
        """
        import eventlet

        eventlet.sleep(0)
        """,
        says="only safe",
        safe_only=True,
    ),
    # --- spellings ---
    fixes(
        "a literal",
        """
        import eventlet

        eventlet.sleep(1)
        """,
        """
        import time

        time.sleep(1)
        """,
    ),
    fixes(
        "an alias of the package",
        """
        import eventlet as ev

        ev.sleep(0.1)
        """,
        """
        import time

        time.sleep(0.1)
        """,
    ),
    fixes(
        "an alias of the submodule",
        """
        from eventlet import greenthread as gt

        gt.sleep(0.1)
        """,
        """
        import time

        time.sleep(0.1)
        """,
    ),
    fixes(
        "a submodule import",
        """
        import eventlet.greenthread

        eventlet.greenthread.sleep(0.1)
        eventlet.sleep(0.2)
        """,
        """
        import time

        time.sleep(0.1)
        time.sleep(0.2)
        """,
    ),
    fixes(
        "the bare name",
        """
        from eventlet import sleep

        sleep(3)
        """,
        """
        import time

        time.sleep(3)
        """,
    ),
    fixes(
        "the bare name under an alias",
        """
        from eventlet.greenthread import sleep as nap

        nap(3)
        """,
        """
        import time

        time.sleep(3)
        """,
    ),
    fixes(
        "the sleep of the green time",
        """
        from eventlet.green import time

        time.sleep(1)
        time.time()
        """,
        """
        import time

        time.sleep(1)
        time.time()
        """,
    ),
    fixes(
        "a dotted green time",
        """
        import eventlet.green.time

        eventlet.green.time.sleep(1)
        """,
        """
        import time

        time.sleep(1)
        """,
    ),
    fixes(
        "the fallback is time's",
        """
        try:
            from eventlet import sleep
        except ImportError:
            from time import sleep

        sleep(1)
        """,
        """
        from time import sleep

        sleep(1)
        """,
    ),
    fixes(
        "a star import",
        """
        from eventlet import *

        sleep(1)
        """,
        """
        import time

        from eventlet import *

        time.sleep(1)
        """,
        left=1,
    ),
    fixes(
        "an import in the function",
        """
        def nap():
            import eventlet

            eventlet.sleep(1)
        """,
        """
        import time


        def nap():
            time.sleep(1)
        """,
    ),
    fixes(
        "an import in one function does not serve another",
        """
        def nap():
            from eventlet import sleep
            sleep(1)


        def rest(sleep):
            sleep(1)
        """,
        """
        import time


        def nap():
            time.sleep(1)


        def rest(sleep):
            sleep(1)
        """,
    ),
    fixes(
        "an import in a class body",
        """
        class Clock:
            from eventlet import sleep

            sleep(1)
        """,
        """
        import time


        class Clock:
            time.sleep(1)
        """,
    ),
    fixes(
        "an import for type checkers beside a real one",
        """
        from typing import TYPE_CHECKING

        import eventlet

        if TYPE_CHECKING:
            from eventlet.greenpool import GreenPool


        def nap(pool: "GreenPool"):
            eventlet.sleep(1)
        """,
        """
        import time
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            from eventlet.greenpool import GreenPool


        def nap(pool: "GreenPool"):
            time.sleep(1)
        """,
        left=1,
    ),
    fixes(
        "the import stays for what else it serves",
        """
        import eventlet

        eventlet.sleep(1)
        server = eventlet.serve(sock, print)
        """,
        """
        import time

        import eventlet

        time.sleep(1)
        server = eventlet.serve(sock, print)
        """,
        left=1,
    ),
    fixes(
        "a re-export keeps the import",
        """
        from eventlet import sleep

        __all__ = ["sleep", "nap"]


        def nap():
            sleep(1)
        """,
        """
        import time

        from eventlet import sleep

        __all__ = ["sleep", "nap"]


        def nap():
            time.sleep(1)
        """,
    ),
    # --- where the name is taken ---
    fixes(
        "time is there already",
        """
        import time

        import eventlet


        def nap():
            eventlet.sleep(1)
            return time.time()
        """,
        """
        import time


        def nap():
            time.sleep(1)
            return time.time()
        """,
    ),
    fixes(
        "time is there under an alias",
        """
        import time as clock

        import eventlet

        eventlet.sleep(1)
        """,
        """
        import time as clock

        clock.sleep(1)
        """,
    ),
    fixes(
        "time is a parameter",
        """
        import eventlet


        def nap(time):
            eventlet.sleep(time)
        """,
        """
        import time as time_lib


        def nap(time):
            time_lib.sleep(time)
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "time is a local that is bound later",
        """
        import eventlet


        def nap(clock):
            eventlet.sleep(1)
            time = clock()
            return time
        """,
        """
        import time as time_lib


        def nap(clock):
            time_lib.sleep(1)
            time = clock()
            return time
        """,
    ),
    fixes(
        "time is a loop variable of the function",
        """
        import eventlet


        def nap(times):
            for time in times:
                eventlet.sleep(1)
        """,
        """
        import time as time_lib


        def nap(times):
            for time in times:
                time_lib.sleep(1)
        """,
    ),
    fixes(
        "time is a comprehension variable around it",
        """
        import eventlet


        def nap(times):
            return [eventlet.sleep(1) for time in times]
        """,
        """
        import time as time_lib


        def nap(times):
            return [time_lib.sleep(1) for time in times]
        """,
    ),
    fixes(
        "time is a lambda parameter",
        """
        import eventlet

        nap = lambda time: eventlet.sleep(abs(time))
        """,
        """
        import time as time_lib

        nap = lambda time: time_lib.sleep(abs(time))
        """,
    ),
    fixes(
        "time is a local of another function only",
        """
        import eventlet


        def nap():
            eventlet.sleep(1)


        def other(clock):
            time = clock()
            return time
        """,
        """
        import time


        def nap():
            time.sleep(1)


        def other(clock):
            time = clock()
            return time
        """,
    ),
    fixes(
        "time is a local of the function around",
        """
        import eventlet


        def outer(clock):
            time = clock()

            def inner():
                eventlet.sleep(1)

            return inner, time
        """,
        """
        import time as time_lib


        def outer(clock):
            time = clock()

            def inner():
                time_lib.sleep(1)

            return inner, time
        """,
    ),
    fixes(
        "time is a constant of the module",
        """
        import eventlet

        time = 3


        def nap():
            eventlet.sleep(time)
        """,
        """
        import time as time_lib

        time = 3


        def nap():
            time_lib.sleep(time)
        """,
    ),
    fixes(
        "time comes from datetime",
        """
        from datetime import time

        import eventlet

        NOON = time(12)
        eventlet.sleep(1)
        """,
        """
        import time as time_lib
        from datetime import time

        NOON = time(12)
        time_lib.sleep(1)
        """,
    ),
    fixes(
        "time is the function of the time module",
        """
        from time import time

        import eventlet

        eventlet.sleep(1)
        print(time())
        """,
        """
        import time as time_lib
        from time import time

        time_lib.sleep(1)
        print(time())
        """,
    ),
    fixes(
        "time and time_lib are both taken",
        """
        import eventlet

        time_lib = None


        def nap(time):
            eventlet.sleep(1)
        """,
        """
        import time as time_lib2

        time_lib = None


        def nap(time):
            time_lib2.sleep(1)
        """,
    ),
    fixes(
        "time is bound by a global statement",
        """
        import eventlet


        def reset():
            global time
            time = 0


        def nap():
            eventlet.sleep(1)
        """,
        """
        import time as time_lib


        def reset():
            global time
            time = 0


        def nap():
            time_lib.sleep(1)
        """,
    ),
    fixes(
        "time is an attribute of the class, which methods do not see",
        """
        import eventlet


        class Clock:
            time = 0

            def nap(self):
                eventlet.sleep(1)
        """,
        """
        import time


        class Clock:
            time = 0

            def nap(self):
                time.sleep(1)
        """,
    ),
    fixes(
        "time is an attribute in the class body itself",
        """
        import eventlet


        class Clock:
            time = 0
            eventlet.sleep(1)
        """,
        """
        import time as time_lib


        class Clock:
            time = 0
            time_lib.sleep(1)
        """,
    ),
    fixes(
        "time is an except name",
        """
        import eventlet


        def nap(work):
            try:
                work()
            except ValueError as time:
                eventlet.sleep(1)
        """,
        """
        import time as time_lib


        def nap(work):
            try:
                work()
            except ValueError as time:
                time_lib.sleep(1)
        """,
    ),
    fixes(
        "time is imported conditionally only",
        """
        import eventlet

        if DEBUG:
            import time

        eventlet.sleep(1)
        """,
        """
        import time as time_lib

        if DEBUG:
            import time

        time_lib.sleep(1)
        """,
    ),
    fixes(
        "only some of the functions hide time",
        """
        import eventlet


        def nap(time):
            eventlet.sleep(1)


        def rest():
            eventlet.sleep(2)
        """,
        """
        import time as time_lib


        def nap(time):
            time_lib.sleep(1)


        def rest():
            time_lib.sleep(2)
        """,
    ),
    # --- arguments ---
    fixes(
        "no argument",
        """
        import eventlet


        def spin(ready):
            while not ready():
                work()
                eventlet.sleep()
        """,
        """
        import time


        def spin(ready):
            while not ready():
                work()
                time.sleep(0)
        """,
        checks=["C-YIELD"],
    ),
    fixes(
        "a yield before a wait for the work that was spawned",
        """
        import threading

        import eventlet


        def start(work, ready, results):
            threading.Thread(target=work, daemon=True).start()
            # it should run before the next one
            eventlet.sleep(0)
            ready.wait()
            return results.pop()
        """,
        """
        import threading
        import time


        def start(work, ready, results):
            threading.Thread(target=work, daemon=True).start()
            # it should run before the next one
            time.sleep(0)
            ready.wait()
            return results.pop()
        """,
        checks=["C-YIELD"],
    ),
    fixes(
        "zero",
        """
        import eventlet

        eventlet.sleep(0)
        """,
        """
        import time

        time.sleep(0)
        """,
        checks=["C-YIELD"],
    ),
    fixes(
        "a written-out negative number",
        """
        import eventlet

        eventlet.sleep(-1)
        """,
        """
        import time

        time.sleep(0)
        """,
        checks=["C-YIELD"],
    ),
    fixes(
        "by keyword",
        """
        import eventlet

        eventlet.sleep(seconds=2)
        """,
        """
        import time

        time.sleep(2)
        """,
    ),
    fixes(
        "a difference is kept from being negative",
        """
        import eventlet


        def nap(deadline, now):
            eventlet.sleep(deadline - now())
        """,
        """
        import time


        def nap(deadline, now):
            time.sleep(max(0, deadline - now()))
        """,
    ),
    fixes(
        "a generator expression as the argument of a guarded call",
        """
        import eventlet


        def nap(waits):
            eventlet.sleep(min(w for w in waits))
        """,
        """
        import time


        def nap(waits):
            time.sleep(max(0, min(w for w in waits)))
        """,
    ),
    fixes(
        "an attribute may be negative",
        """
        import eventlet


        def nap(conf):
            eventlet.sleep(conf.interval)
        """,
        """
        import time


        def nap(conf):
            time.sleep(conf.interval)
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "a constant that is never negative",
        """
        import eventlet

        INTERVAL = 5


        def nap():
            eventlet.sleep(INTERVAL)
            eventlet.sleep(INTERVAL * 2)
        """,
        """
        import time

        INTERVAL = 5


        def nap():
            time.sleep(INTERVAL)
            time.sleep(INTERVAL * 2)
        """,
    ),
    fixes(
        "a constant that is changed by a global statement",
        """
        import eventlet

        INTERVAL = 5


        def back_off(value):
            global INTERVAL
            INTERVAL = value


        def nap():
            eventlet.sleep(INTERVAL)
        """,
        """
        import time

        INTERVAL = 5


        def back_off(value):
            global INTERVAL
            INTERVAL = value


        def nap():
            time.sleep(INTERVAL)
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "a walrus in the argument",
        """
        import eventlet


        def nap(next_wait):
            eventlet.sleep(wait := next_wait())
            return wait
        """,
        """
        import time


        def nap(next_wait):
            time.sleep(max(0, wait := next_wait()))
            return wait
        """,
    ),
    fixes(
        "a sleep within a Timeout",
        """
        import eventlet


        def nap():
            with eventlet.Timeout(2):
                eventlet.sleep(2)
        """,
        """
        import time

        import eventlet


        def nap():
            with eventlet.Timeout(2):
                time.sleep(2)
        """,
        checks=["C-KILL"],
        left=1,
    ),
    # --- as a value ---
    fixes(
        "a default argument",
        """
        import eventlet


        def retry(work, sleep=eventlet.sleep):
            sleep(1)
        """,
        """
        import time


        def retry(work, sleep=time.sleep):
            sleep(1)
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "an assignment of the bare name",
        """
        from eventlet import sleep

        nap = sleep
        """,
        """
        import time

        nap = time.sleep
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "the second argument of mock.patch.object is another matter",
        """
        import eventlet

        TABLE = {"sleep": eventlet.sleep}
        """,
        """
        import time

        TABLE = {"sleep": time.sleep}
        """,
        checks=["C-TYPE"],
    ),
    # --- layout ---
    fixes(
        "comments within the call stay",
        """
        import eventlet

        eventlet.sleep(  # wait
            1,  # second
        )  # done
        """,
        """
        import time

        time.sleep(  # wait
            1,  # second
        )  # done
        """,
    ),
    fixes(
        "a call over several lines stays so",
        """
        import eventlet

        eventlet.sleep(
            1
            + 2
        )
        """,
        """
        import time

        time.sleep(
            1
            + 2
        )
        """,
    ),
    fixes(
        "a long guarded argument is broken over lines",
        """
        import eventlet


        class Loop:
            def nap(self):
                eventlet.sleep(self.configuration.polling_interval - self.time_taken)
        """,
        """
        import time


        class Loop:
            def nap(self):
                time.sleep(
                    max(0, self.configuration.polling_interval - self.time_taken)
                )
        """,
    ),
    fixes(
        "semicolons",
        """
        import eventlet; import os

        a = 1; eventlet.sleep(1); b = 2
        """,
        """
        import os
        import time

        a = 1; time.sleep(1); b = 2
        """,
    ),
    fixes(
        "one-line suites",
        """
        import eventlet


        def nap(ready): eventlet.sleep(1)


        if True: eventlet.sleep(2); print()
        else: eventlet.sleep(3)
        for _ in range(3): eventlet.sleep(4)
        """,
        """
        import time


        def nap(ready): time.sleep(1)


        if True: time.sleep(2); print()
        else: time.sleep(3)
        for _ in range(3): time.sleep(4)
        """,
    ),
    fixes(
        "an f-string",
        """
        import eventlet

        print(f"{eventlet.sleep(1)} {'é'} {f'{eventlet.sleep(2)!r:>{10}}'}")
        """,
        """
        import time

        print(f"{time.sleep(1)} {'é'} {f'{time.sleep(2)!r:>{10}}'}")
        """,
    ),
    fixes(
        "a triple-quoted f-string over several lines",
        '''
        import eventlet

        TEXT = f"""
        first {eventlet.sleep(1)}
            second {
                eventlet.sleep(2)
            }
        """
        ''',
        '''
        import time

        TEXT = f"""
        first {time.sleep(1)}
            second {
                time.sleep(2)
            }
        """
        ''',
    ),
    fixes(
        "an async function",
        """
        import eventlet


        async def nap():
            eventlet.sleep(1)
        """,
        """
        import time


        async def nap():
            time.sleep(1)
        """,
    ),
    fixes(
        "a decorator argument",
        """
        import eventlet


        @retry(sleep=eventlet.sleep)
        def work():
            pass
        """,
        """
        import time


        @retry(sleep=time.sleep)
        def work():
            pass
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "letters beyond ASCII before the call",
        """
        import eventlet

        naïve = "日本"; eventlet.sleep(1); été = 2
        """,
        """
        import time

        naïve = "日本"; time.sleep(1); été = 2
        """,
    ),
    fixes(
        "a type comment names something else",
        """
        import eventlet


        def nap(wait):  # type: (int) -> None
            eventlet.sleep(1)
        """,
        """
        import time


        def nap(wait):  # type: (int) -> None
            time.sleep(1)
        """,
    ),
    # --- the setting sleep-zero ---
    fixes(
        "a yield is dropped",
        """
        import eventlet


        def work(items):
            for item in items:
                item()
                # let others run
                eventlet.sleep(0)
        """,
        """
        def work(items):
            for item in items:
                item()
                # let others run
        """,
        checks=["C-YIELD"],
        sleep_zero="drop",
    ),
    fixes(
        "a yield that is all of a block becomes pass",
        """
        import eventlet


        def work(busy):
            if busy:
                eventlet.sleep(0)
        """,
        """
        def work(busy):
            if busy:
                pass
        """,
        checks=["C-YIELD"],
        sleep_zero="drop",
    ),
    fixes(
        "a yield on a line of several statements is dropped",
        """
        import eventlet


        def work(busy):
            if busy: print(); eventlet.sleep(0)
            if busy: eventlet.sleep(0)
            eventlet.sleep(0); print()
        """,
        """
        def work(busy):
            if busy: print()
            if busy: pass
            print()
        """,
        checks=["C-YIELD"],
        sleep_zero="drop",
    ),
    fixes(
        "a loop that only yields keeps doing so",
        """
        import eventlet


        def wait(ready):
            while not ready():
                eventlet.sleep(0)
        """,
        """
        import time


        def wait(ready):
            while not ready():
                time.sleep(0)
        """,
        checks=["C-YIELD"],
        sleep_zero="drop",
    ),
    fixes(
        "a yield in an expression is kept",
        """
        import eventlet

        first = eventlet.sleep(0) or 1
        """,
        """
        import time

        first = time.sleep(0) or 1
        """,
        checks=["C-YIELD"],
        sleep_zero="drop",
    ),
    fixes(
        "a yield by a helper",
        """
        import eventlet


        def work(items):
            for item in items:
                item()
                eventlet.sleep(0)  # let others run
            return eventlet.sleep()
        """,
        """
        from pkg import concurrency


        def work(items):
            for item in items:
                item()
                concurrency.cooperative_yield()  # let others run
            return concurrency.cooperative_yield()
        """,
        checks=["C-YIELD"],
        sleep_zero="helper",
        helpers="pkg.concurrency",
    ),
    fixes(
        "a loop that only yields is not left to the helper, which does nothing",
        """
        import eventlet


        def wait(ready):
            while not ready():
                eventlet.sleep(0)
        """,
        """
        import time


        def wait(ready):
            while not ready():
                time.sleep(0)
        """,
        checks=["C-YIELD"],
        sleep_zero="helper",
        helpers="pkg.concurrency",
    ),
    fixes(
        "a helper without a module for it",
        """
        import eventlet

        eventlet.sleep(0)
        """,
        """
        import time

        time.sleep(0)
        """,
        checks=["C-YIELD"],
        sleep_zero="helper",
    ),
    # --- found the hard way ---
    fixes(
        "a class body binds the name to the import's own value",
        """
        from eventlet import sleep

        sleep(1)


        class Clock:
            sleep = sleep
        """,
        """
        import time

        time.sleep(1)


        class Clock:
            sleep = time.sleep
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "a star import below may bind time",
        """
        from datetime import *

        import eventlet

        eventlet.sleep(1)
        """,
        """
        import time as time_lib
        from datetime import *

        time_lib.sleep(1)
        """,
    ),
    pytest.param(
        fixes(
            "an import that sets a flag when it fails",
            """
            try:
                import eventlet
                HAVE_EVENTLET = True
            except ImportError:
                HAVE_EVENTLET = False

            if HAVE_EVENTLET:
                eventlet.sleep(1)
            """,
            """
            import time

            try:
                import eventlet
                HAVE_EVENTLET = True
            except ImportError:
                HAVE_EVENTLET = False

            if HAVE_EVENTLET:
                time.sleep(1)
            """,
            left=1,
        ),
        marks=pytest.mark.xfail(reason="the import that stays is not told of: a second run would"),
    ),
    pytest.param(
        fixes(
            "an import that ends the program when it fails",
            """
            try:
                from eventlet import sleep
            except ImportError:
                raise SystemExit("no eventlet")

            sleep(1)
            """,
            """
            import time

            try:
                from eventlet import sleep
            except ImportError:
                raise SystemExit("no eventlet")

            time.sleep(1)
            """,
            left=1,
        ),
        marks=pytest.mark.xfail(reason="the import that stays is not told of: a second run would"),
    ),
    manual(
        "a yield whose effect is returned",
        """
        import eventlet


        def start(work, results):
            thread = eventlet.spawn(work, results)
            eventlet.sleep(0)
            return list(results), thread
        """,
        says="lets work that was spawned run",
    ),
    fixes(
        "time is imported in the function",
        """
        import eventlet


        def nap():
            import time

            eventlet.sleep(1)
            return time.time()
        """,
        """
        def nap():
            import time

            time.sleep(1)
            return time.time()
        """,
    ),
    fixes(
        "the green time is imported in the function",
        """
        def nap():
            from eventlet.green import time

            time.sleep(1)
        """,
        """
        def nap():
            import time

            time.sleep(1)
        """,
    ),
    fixes(
        "another file imports the name from here",
        """
            from eventlet import sleep


            def nap():
                sleep(1)
            """,
        """
            import time

            from eventlet import sleep


            def nap():
                time.sleep(1)
            """,
        path="pkg/clock.py",
        files={
            "pkg/__init__.py": "",
            "pkg/user.py": "from pkg.clock import nap, sleep\n\nsleep(2)\n",
        },
    ),
    fixes(
        "another file reaches eventlet through this one",
        """
            import eventlet


            def nap():
                eventlet.sleep(1)
            """,
        """
            import time

            import eventlet


            def nap():
                time.sleep(1)
            """,
        path="pkg/clock.py",
        files={
            "pkg/__init__.py": "",
            "pkg/user.py": "from pkg import clock\n\nclock.eventlet.sleep(2)\n",
        },
    ),
    fixes(
        "a nested function gives the number another value",
        """
            import eventlet


            def nap(back_off):
                wait = 5

                def shorten():
                    nonlocal wait
                    wait -= 10

                back_off(shorten)
                eventlet.sleep(wait)
            """,
        """
            import time


            def nap(back_off):
                wait = 5

                def shorten():
                    nonlocal wait
                    wait -= 10

                back_off(shorten)
                time.sleep(wait)
            """,
        checks=["C-TYPE"],
    ),
    fixes(
        "a number of the class that the method does not see",
        """
            import eventlet

            WAIT = -1


            class Clock:
                WAIT = 5

                def nap(self):
                    eventlet.sleep(WAIT)
            """,
        """
            import time

            WAIT = -1


            class Clock:
                WAIT = 5

                def nap(self):
                    time.sleep(WAIT)
            """,
        checks=["C-TYPE"],
    ),
    fixes(
        "a Timeout that is started and cancelled by hand",
        """
            import eventlet


            def nap():
                limit = eventlet.Timeout(2)
                try:
                    eventlet.sleep(5)
                finally:
                    limit.cancel()
            """,
        """
            import time

            import eventlet


            def nap():
                limit = eventlet.Timeout(2)
                try:
                    time.sleep(5)
                finally:
                    limit.cancel()
            """,
        checks=["C-KILL"],
        left=1,
    ),
    fixes(
        "in what is called while a Timeout runs that is cancelled by hand",
        """
            import eventlet


            def nap():
                eventlet.sleep(5)


            def limited():
                limit = eventlet.Timeout(2)
                try:
                    nap()
                finally:
                    limit.cancel()
            """,
        """
            import time

            import eventlet


            def nap():
                time.sleep(5)


            def limited():
                limit = eventlet.Timeout(2)
                try:
                    nap()
                finally:
                    limit.cancel()
            """,
        checks=["C-KILL"],
        left=1,
    ),
    fixes(
        "in what is called while a Timeout runs that nobody keeps",
        """
            import eventlet


            def nap():
                eventlet.sleep(5)


            def limited():
                eventlet.Timeout(2)
                nap()
            """,
        """
            import time

            import eventlet


            def nap():
                time.sleep(5)


            def limited():
                eventlet.Timeout(2)
                nap()
            """,
        checks=["C-KILL"],
        left=1,
    ),
    fixes(
        "in what is called while a Timeout runs that has an annotation",
        """
            import eventlet


            def nap():
                eventlet.sleep(5)


            def limited():
                limit: eventlet.Timeout = eventlet.Timeout(2)
                nap()
                limit.cancel()
            """,
        """
            import time

            import eventlet


            def nap():
                time.sleep(5)


            def limited():
                limit: eventlet.Timeout = eventlet.Timeout(2)
                nap()
                limit.cancel()
            """,
        checks=["C-KILL"],
        left=2,
    ),
    fixes(
        "in a function inside the one that a Timeout limits by hand",
        """
            import eventlet


            def limited(client):
                limit = eventlet.Timeout(2)
                try:
                    client.fetch(lambda: eventlet.sleep(5))
                finally:
                    limit.cancel()
            """,
        """
            import time

            import eventlet


            def limited(client):
                limit = eventlet.Timeout(2)
                try:
                    client.fetch(lambda: time.sleep(5))
                finally:
                    limit.cancel()
            """,
        checks=["C-KILL"],
        left=1,
    ),
    fixes(
        "in another method of the class that keeps a Timeout",
        """
            import eventlet


            class Client:
                def start(self):
                    self.limit = eventlet.Timeout(2)

                def fetch(self):
                    self.start()
                    eventlet.sleep(5)
                    self.limit.cancel()
            """,
        """
            import time

            import eventlet


            class Client:
                def start(self):
                    self.limit = eventlet.Timeout(2)

                def fetch(self):
                    self.start()
                    time.sleep(5)
                    self.limit.cancel()
            """,
        checks=["C-KILL"],
        left=1,
    ),
    # --- passed on with its number ---
    fixes(
        "passed on with a number",
        """
        import functools

        import eventlet

        nap = functools.partial(eventlet.sleep, 3)


        def call(pool, delay):
            pool.submit(eventlet.sleep, delay * 0 + 1)
        """,
        """
        import functools
        import time

        nap = functools.partial(time.sleep, 3)


        def call(pool, delay):
            pool.submit(time.sleep, delay * 0 + 1)
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "a thread sleeps for a number that is written out",
        """
        import threading

        from eventlet import sleep

        threading.Thread(target=sleep, args=(3,), daemon=True).start()
        """,
        """
        import threading
        import time

        threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
        """,
    ),
    manual(
        "passed on with its number as a keyword",
        """
        import functools

        import eventlet

        nap = functools.partial(eventlet.sleep, seconds=3)
        """,
        says="to be called with a keyword",
    ),
    manual(
        "passed on with a negative number",
        """
        import functools

        import eventlet

        nap = functools.partial(eventlet.sleep, -1)
        """,
        says="a negative number",
    ),
    manual(
        "a thread that would call it without a number",
        """
        import threading

        import eventlet

        threading.Thread(target=eventlet.sleep).start()
        """,
        says="to be called without a number",
    ),
    manual(
        "it is compared, to see whether time is patched",
        """
        import time

        import eventlet


        def is_green():
            return time.sleep is eventlet.sleep
        """,
        says="which sleep is in use",
    ),
    manual(
        "it takes the place of time.sleep",
        """
        import time

        import eventlet

        time.sleep = eventlet.sleep
        """,
        says="which sleep is in use",
    ),
    fixes(
        "brackets of its own around a number that is guarded",
        """
        import eventlet


        def nap(end, now):
            eventlet.sleep((end - now))
        """,
        """
        import time


        def nap(end, now):
            time.sleep(max(0, end - now))
        """,
    ),
    manual(
        "the fallback is time's, and it is called without a number",
        """
        try:
            from eventlet import sleep
        except ImportError:
            from time import sleep

        sleep(1)
        sleep()
        """,
        says="optional",
    ),
    fixes(
        "the fallback is time's, and it is called with anything",
        """
        try:
            from eventlet import sleep
        except ImportError:
            from time import sleep


        def nap(delay, end):
            sleep(0)
            sleep(delay)
            sleep(end - delay)
        """,
        """
        from time import sleep


        def nap(delay, end):
            sleep(0)
            sleep(delay)
            sleep(end - delay)
        """,
        checks=["C-YIELD", "C-TYPE"],
    ),
    fixes(
        "a Timeout around a call of the function that sleeps",
        """
        import eventlet


        def wait():
            with eventlet.Timeout(3):
                nap()


        def nap():
            eventlet.sleep(10)
        """,
        """
        import time

        import eventlet


        def wait():
            with eventlet.Timeout(3):
                nap()


        def nap():
            time.sleep(10)
        """,
        checks=["C-KILL"],
        left=1,
    ),
    fixes(
        "a Timeout that is over by then",
        """
        import eventlet


        def wait():
            with eventlet.Timeout(3):
                poll()
            eventlet.sleep(10)
        """,
        """
        import time

        import eventlet


        def wait():
            with eventlet.Timeout(3):
                poll()
            time.sleep(10)
        """,
        left=1,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_sleep(case: Case) -> None:
    check(case, "sleep")
