from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

_WORKER = """
import eventlet


class Unlimited:
    balance = 0


class Worker:
    def __init__(self, limit):
        if limit:
            self.slots = eventlet.Semaphore(limit)
        else:
            self.slots = Unlimited()


class WorkerTest:
    def test_limited(self):
        self.assertEqual(4, Worker(4).slots.COUNT)

    def test_unlimited(self):
        worker = Worker(0)
        self.assertEqual(0, worker.slots.balance)
        self.assertIsInstance(worker.slots, Unlimited)
"""
_COUNTED = _WORKER.replace("COUNT", "balance")

CASES = [
    noop(
        "threading's own",
        """
        import threading

        import eventlet.wsgi

        lock = threading.Semaphore(2)
        """,
    ),
    noop(
        "a class of one's own",
        """
        from pkg.locks import Semaphore

        lock = Semaphore(2)
        lock.locked()
        """,
    ),
    noop(
        "asyncio's own",
        """
        from asyncio import BoundedSemaphore

        lock = BoundedSemaphore(2)
        """,
    ),
    noop(
        "a local class hides the import",
        """
        import eventlet


        def make():
            class eventlet:
                Semaphore = print

            return eventlet.Semaphore(1)
        """,
    ),
    manual(
        "its balance is read",
        """
        from eventlet import semaphore

        slots = semaphore.Semaphore(2)


        def free():
            return slots.balance
        """,
        says=".balance on line 7",
    ),
    manual(
        "locked() is asked in a method",
        """
        import eventlet


        class Limiter:
            def __init__(self):
                self._slots = eventlet.Semaphore(2)

            def call(self):
                if not self._slots.locked():
                    with self._slots:
                        pass
        """,
        says=".locked on line 9",
    ),
    manual(
        "a subclass in the file asks for its counter",
        """
        import eventlet


        class Limiter:
            def __init__(self):
                self.slots = eventlet.Semaphore(2)


        class Reporter(Limiter):
            def report(self):
                return self.slots.counter
        """,
        says=".counter on line 11",
    ),
    manual(
        "a negative timeout means for ever",
        """
        import eventlet


        def call():
            slots = eventlet.Semaphore(1)
            slots.acquire(timeout=-1)
        """,
        says="a negative timeout",
    ),
    manual(
        "what a with statement binds is used",
        """
        import eventlet


        def call():
            slots = eventlet.Semaphore(1)
            with slots as got:
                print(got)
        """,
        says="binds what it yields",
    ),
    manual(
        "acquire is passed on",
        """
        import eventlet


        def call(run):
            slots = eventlet.Semaphore(1)
            run(slots.acquire)
        """,
        says=".acquire is passed on",
    ),
    manual(
        "the arguments of acquire are hidden",
        """
        import eventlet


        def call(args):
            slots = eventlet.Semaphore(1)
            slots.acquire(*args)
        """,
        says="cannot be seen",
    ),
    manual(
        "no number of permits",
        """
        import eventlet

        slots = eventlet.Semaphore("3")
        """,
        says="no number of permits",
    ),
    manual(
        "a negative number of permits, a ValueError today",
        """
        import eventlet

        slots = eventlet.Semaphore(-1)
        """,
        says="no number of permits",
    ),
    manual(
        "hidden permits",
        """
        import eventlet


        def make(*args):
            slots = eventlet.Semaphore(*args)
        """,
        says="cannot be seen",
    ),
    manual(
        "a subclass of it",
        """
        from eventlet.semaphore import Semaphore


        class Slots(Semaphore):
            pass
        """,
    ),
    manual(
        "an optional import",
        """
        try:
            from eventlet.semaphore import Semaphore
        except ImportError:
            from pkg.locks import Semaphore

        slots = Semaphore(1)
        """,
        says="optional",
    ),
    manual(
        "one of two objects of the same attribute is asked too much",
        """
        import eventlet


        class Limiter:
            def __init__(self):
                self.slots = eventlet.Semaphore(1)

            def merge(self, other):
                return other.slots.balance
        """,
        says=".balance",
    ),
    fixes(
        "a key that is taken out",
        """
        from eventlet import semaphore


        class Pools:
            def __init__(self):
                self.pools = {}

            def add(self, name):
                self.pools[semaphore.Semaphore(4)] = name

            def show(self):
                return [pool.locked() for pool in self.pools]
        """,
        """
        import threading


        class Pools:
            def __init__(self):
                self.pools = {}

            def add(self, name):
                self.pools[threading.Semaphore(4)] = name

            def show(self):
                return [pool.locked() for pool in self.pools]
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "without an argument",
        """
        import eventlet

        slots = eventlet.Semaphore()
        """,
        """
        import threading

        slots = threading.Semaphore()
        """,
    ),
    fixes(
        "bounded, by keyword",
        """
        from eventlet.semaphore import BoundedSemaphore


        class Limiter:
            def __init__(self):
                self._slots = BoundedSemaphore(value=4)

            def call(self, function):
                with self._slots:
                    return function()
        """,
        """
        import threading


        class Limiter:
            def __init__(self):
                self._slots = threading.BoundedSemaphore(value=4)

            def call(self, function):
                with self._slots:
                    return function()
        """,
    ),
    fixes(
        "the arguments of release were ignored",
        """
        import eventlet


        def call():
            slots = eventlet.Semaphore(1)
            slots.acquire(blocking=True, timeout=None)
            slots.release(False)
        """,
        """
        import threading


        def call():
            slots = threading.Semaphore(1)
            slots.acquire(blocking=True, timeout=None)
            slots.release()
        """,
    ),
    fixes(
        "the answer of release is used",
        """
        import eventlet


        def call():
            slots = eventlet.Semaphore(1)
            return slots.release()
        """,
        """
        import threading


        def call():
            slots = threading.Semaphore(1)
            return slots.release()
        """,
        checks=["C-NONE"],
    ),
    fixes(
        "a timeout that may be -1",
        """
        import eventlet


        def call(limit):
            slots = eventlet.Semaphore(1)
            return slots.acquire(True, limit)
        """,
        """
        import threading


        def call(limit):
            slots = threading.Semaphore(1)
            return slots.acquire(True, limit)
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "a computed number of permits",
        """
        import eventlet


        def make(conf):
            slots = eventlet.Semaphore(conf.slots)
            return slots.acquire(False)
        """,
        """
        import threading


        def make(conf):
            slots = threading.Semaphore(conf.slots)
            return slots.acquire(False)
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "an attribute of the class",
        """
        import eventlet.semaphore as sem


        class Limiter:
            slots = sem.Semaphore(2)

            def call(self):
                with self.slots, Limiter.slots:
                    pass
        """,
        """
        import threading


        class Limiter:
            slots = threading.Semaphore(2)

            def call(self):
                with self.slots, Limiter.slots:
                    pass
        """,
    ),
    fixes(
        "None first, made later",
        """
        import eventlet


        class Limiter:
            def __init__(self):
                self.slots = None

            def open(self):
                if self.slots is None:
                    self.slots = eventlet.Semaphore(2)

            def call(self):
                if self.slots:
                    self.slots.acquire()
        """,
        """
        import threading


        class Limiter:
            def __init__(self):
                self.slots = None

            def open(self):
                if self.slots is None:
                    self.slots = threading.Semaphore(2)

            def call(self):
                if self.slots:
                    self.slots.acquire()
        """,
    ),
    fixes(
        "used in a nested function",
        """
        import eventlet


        def make():
            slots = eventlet.Semaphore(2)

            def call(function):
                with slots:
                    return function()

            return call
        """,
        """
        import threading


        def make():
            slots = threading.Semaphore(2)

            def call(function):
                with slots:
                    return function()

            return call
        """,
    ),
    fixes(
        "it is returned",
        """
        import eventlet


        def make():
            return eventlet.Semaphore(2)
        """,
        """
        import threading


        def make():
            return threading.Semaphore(2)
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "made in a container",
        """
        import collections

        import eventlet

        LOCKS = collections.defaultdict(eventlet.Semaphore)
        """,
        """
        import collections
        import threading

        LOCKS = collections.defaultdict(threading.Semaphore)
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "one is rewritten, another stays",
        """
        import eventlet


        class Limiter:
            def __init__(self):
                self.first = eventlet.Semaphore(2)
                self.second = eventlet.Semaphore(2)

            def call(self):
                with self.first:
                    return self.second.balance
        """,
        """
        import threading

        import eventlet


        class Limiter:
            def __init__(self):
                self.first = threading.Semaphore(2)
                self.second = eventlet.Semaphore(2)

            def call(self):
                with self.first:
                    return self.second.balance
        """,
        left=2,
    ),
    fixes(
        "the name threading is taken",
        """
        import eventlet


        def make(threading):
            slots = eventlet.Semaphore(2)
            with slots:
                threading()
        """,
        """
        import threading as threading_lib


        def make(threading):
            slots = threading_lib.Semaphore(2)
            with slots:
                threading()
        """,
    ),
    fixes(
        "an annotation of the class goes along",
        """
        from eventlet.semaphore import Semaphore


        def call(slots: Semaphore):
            with slots:
                pass
        """,
        """
        import threading


        def call(slots: threading.Semaphore):
            with slots:
                pass
        """,
        checks=["C-FLOW"],
    ),
    # --- found the hard way ---
    manual(
        "another name of it is asked for its balance",
        """
        import eventlet


        def make():
            slots = eventlet.Semaphore(2)
            other = slots
            return other.balance
        """,
    ),
    manual(
        "a comment between the arguments of release",
        """
            import eventlet


            def call():
                slots = eventlet.Semaphore(1)
                slots.release(
                    True  # ignored
                )
            """,
    ),
    # --- a test reads its count ---
    fixes(
        "a test reads its balance",
        """
        import eventlet


        def test_limit():
            slots = eventlet.Semaphore(2)
            assert slots.balance == 2
            with slots:
                assert slots.counter == 1
        """,
        """
        import threading


        def test_limit():
            slots = threading.Semaphore(2)
            assert slots._value == 2
            with slots:
                assert slots._value == 1
        """,
        path="tests/test_limit.py",
        checks=["C-NONE"],
    ),
    fixes(
        "a test asks whether it is locked",
        """
        import eventlet


        class LimitTest:
            def test_locked(self, expected):
                slots = eventlet.semaphore.BoundedSemaphore(1)
                self.assertFalse(slots.locked())
                with slots:
                    assert slots.locked()
                    assert not slots.locked(), "it is free"
                    state = [slots.locked() is expected, not slots.locked()]
                return slots.locked()
        """,
        """
        import threading


        class LimitTest:
            def test_locked(self, expected):
                slots = threading.BoundedSemaphore(1)
                self.assertFalse(slots._value == 0)
                with slots:
                    assert slots._value == 0
                    assert slots._value != 0, "it is free"
                    state = [(slots._value == 0) is expected, slots._value != 0]
                return slots._value == 0
        """,
        path="tests/test_limit.py",
        checks=["C-NONE"],
    ),
    manual(
        "a test counts those who wait",
        """
        import eventlet


        def test_limit():
            slots = eventlet.Semaphore(0)
            assert slots.balance == -1
        """,
        path="tests/test_limit.py",
        says=".balance counts those who wait",
    ),
    manual(
        "a test sets its counter",
        """
        import eventlet


        def test_limit():
            slots = eventlet.Semaphore(0)
            slots.counter = 3
        """,
        path="tests/test_limit.py",
        says=".counter on line 6 has no native twin",
    ),
    fixes(
        "a class of the project stands in its place, and tests tell which one they ask",
        _COUNTED,
        _WORKER.replace("COUNT", "_value").replace("eventlet", "threading"),
        path="tests/test_worker.py",
        checks=["C-FLOW", "C-NONE", "C-TYPE"],
    ),
    manual(
        "a class of the project stands in its place, and a test that is asked 0 may get either",
        _COUNTED.replace("self.assertIsInstance(worker.slots, Unlimited)", "pass"),
        path="tests/test_worker.py",
        says="it cannot be told what .balance is asked of",
    ),
    manual(
        "a class of the project stands in its place, and the test has two workers",
        _COUNTED.replace("worker = Worker(0)", "worker = Worker(0)\n        worker = Worker(4)"),
        path="tests/test_worker.py",
        says="it cannot be told what .balance is asked of",
    ),
    fixes(
        "isinstance() asks for a class of the project",
        """
        import eventlet

        from pkg import limits

        slots = eventlet.Semaphore(2)


        def is_limited():
            return not isinstance(slots, limits.Unlimited)
        """,
        """
        import threading

        from pkg import limits

        slots = threading.Semaphore(2)


        def is_limited():
            return not isinstance(slots, limits.Unlimited)
        """,
    ),
    manual(
        "isinstance() asks for a class of the project that has the name of eventlet's",
        """
        import eventlet

        from pkg import limits

        slots = eventlet.Semaphore(2)


        def is_limited():
            return isinstance(slots, limits.Semaphore)
        """,
        says="a use of kind isinstance",
    ),
    # --- found by attack ---
    fixes(
        "a number of permits that may be a fraction, which would never be used up",
        """
        import eventlet

        SHARE = 2.5
        slots = eventlet.Semaphore(SHARE)
        halves = eventlet.Semaphore(5 / 2)
        """,
        """
        import threading

        SHARE = 2.5
        slots = threading.Semaphore(SHARE)
        halves = threading.Semaphore(5 / 2)
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "numbers of permits that are whole",
        """
        import eventlet

        SLOTS = 4
        a = eventlet.Semaphore(SLOTS)
        b = eventlet.Semaphore(SLOTS * 2 + 1)


        def make(items):
            return [eventlet.Semaphore(max(1, len(items))).acquire(), a.acquire(), b.acquire()]
        """,
        """
        import threading

        SLOTS = 4
        a = threading.Semaphore(SLOTS)
        b = threading.Semaphore(SLOTS * 2 + 1)


        def make(items):
            return [threading.Semaphore(max(1, len(items))).acquire(), a.acquire(), b.acquire()]
        """,
    ),
    manual(
        "an argument of release that does something",
        """
        import eventlet


        def call(finish):
            slots = eventlet.Semaphore(1)
            slots.release(finish())
        """,
        says="an argument that may do something",
    ),
    fixes(
        "its methods are passed on, to be called without arguments",
        """
        import eventlet


        class LimitTest:
            def test_limit(self):
                slots = eventlet.Semaphore(1)
                slots.acquire()
                self.addCleanup(slots.release)
        """,
        """
        import threading


        class LimitTest:
            def test_limit(self):
                slots = threading.Semaphore(1)
                slots.acquire()
                self.addCleanup(slots.release)
        """,
    ),
    manual(
        "release is passed on, to be called with a future",
        """
        import eventlet

        slots = eventlet.Semaphore(1)


        def call(future):
            slots.acquire()
            future.add_done_callback(slots.release)
        """,
        says=".release is passed on",
    ),
    fixes(
        "a Timeout may end the wait",
        """
        import eventlet

        slots = eventlet.Semaphore(1)


        def call():
            limit = eventlet.Timeout(3)
            try:
                return slots.acquire()
            finally:
                limit.cancel()
        """,
        """
        import threading

        import eventlet

        slots = threading.Semaphore(1)


        def call():
            limit = eventlet.Timeout(3)
            try:
                return slots.acquire()
            finally:
                limit.cancel()
        """,
        checks=["C-KILL"],
        left=1,
    ),
    fixes(
        "what holds it is copied, and a lock cannot be",
        """
        import copy

        import eventlet


        class Store:
            def __init__(self):
                self._slots = eventlet.Semaphore(1)

            def call(self):
                with self._slots:
                    return copy.deepcopy(self)
        """,
        """
        import copy
        import threading


        class Store:
            def __init__(self):
                self._slots = threading.Semaphore(1)

            def call(self):
                with self._slots:
                    return copy.deepcopy(self)
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "something else is copied",
        """
        import copy

        import eventlet


        class Store:
            def __init__(self, things):
                self._slots = eventlet.Semaphore(1)
                self.things = copy.deepcopy(things)

            def call(self):
                with self._slots:
                    return copy.copy(self)
        """,
        """
        import copy
        import threading


        class Store:
            def __init__(self, things):
                self._slots = threading.Semaphore(1)
                self.things = copy.deepcopy(things)

            def call(self):
                with self._slots:
                    return copy.copy(self)
        """,
    ),
    manual(
        "a test waits until someone waits",
        """
        import eventlet


        def test_limit():
            slots = eventlet.Semaphore(0)
            while not slots.balance < 0:
                pass
        """,
        path="tests/test_limit.py",
        says=".balance counts those who wait",
    ),
    manual(
        "a test compares with a negative number",
        """
        import eventlet


        class LimitTest:
            def test_limit(self):
                slots = eventlet.Semaphore(0)
                self.assertGreater(slots.balance, -1)
        """,
        path="tests/test_limit.py",
        says=".balance counts those who wait",
    ),
    manual(
        "a fixture of pytest gives it to a test in another file",
        """
        import pytest
        from eventlet.semaphore import Semaphore


        @pytest.fixture
        def slots():
            return Semaphore()
        """,
        path="tests/conftest.py",
        files={"tests/unit/test_it.py": "def test(slots):\n    assert not slots._waiters\n"},
        says="._waiters on tests/unit/test_it.py:2 has no native twin",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_semaphore(case: Case) -> None:
    check(case, "semaphore")
