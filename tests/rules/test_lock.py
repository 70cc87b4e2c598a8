from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    noop(
        "threading's own",
        """
        from threading import Lock

        import eventlet.wsgi

        lock = Lock()
        """,
    ),
    noop(
        "a parameter hides the class",
        """
        import eventlet.lock


        def make(eventlet):
            return eventlet.lock.Lock()
        """,
    ),
    noop(
        "a method of that name",
        """
        import eventlet.wsgi


        def make(factory):
            return factory.lock.Lock()
        """,
    ),
    manual(
        "made with a count",
        """
        from eventlet.lock import Lock

        lock = Lock(2)
        """,
        says="made with a count",
    ),
    manual(
        "its balance is read",
        """
        from eventlet import lock as locks

        lock = locks.Lock()
        print(lock.balance)
        """,
        says=".balance",
    ),
    manual(
        "release with an argument",
        """
        from eventlet.lock import Lock


        def call():
            lock = Lock()
            lock.release(True)
        """,
        says="release() with an argument",
    ),
    manual(
        "acquire is passed on",
        """
        from eventlet.lock import Lock


        def call(run):
            lock = Lock()
            run(lock.acquire)
        """,
        says="passed on",
    ),
    manual(
        "a with statement binds what it yields",
        """
        from eventlet.lock import Lock

        lock = Lock()
        with lock as got:
            print(got)
        """,
        says="binds what it yields",
    ),
    fixes(
        "all that a lock is for",
        """
        from eventlet.lock import Lock


        class Counter:
            def __init__(self):
                self._lock = Lock()

            def bump(self):
                with self._lock:
                    return self._lock.locked()

            def try_(self):
                if self._lock.acquire(False):
                    self._lock.release()
        """,
        """
        import threading


        class Counter:
            def __init__(self):
                self._lock = threading.Lock()

            def bump(self):
                with self._lock:
                    return self._lock.locked()

            def try_(self):
                if self._lock.acquire(False):
                    self._lock.release()
        """,
    ),
    fixes(
        "through the submodule",
        """
        import eventlet.lock

        lock = eventlet.lock.Lock()
        """,
        """
        import threading

        lock = threading.Lock()
        """,
    ),
    fixes(
        "the answer of release is used",
        """
        from eventlet.lock import Lock


        def call():
            lock = Lock()
            return lock.release()
        """,
        """
        import threading


        def call():
            lock = threading.Lock()
            return lock.release()
        """,
        checks=["C-NONE"],
    ),
    fixes(
        "a timeout of unknown sign",
        """
        from eventlet.lock import Lock


        def call(limit):
            lock = Lock()
            return lock.acquire(timeout=limit)
        """,
        """
        import threading


        def call(limit):
            lock = threading.Lock()
            return lock.acquire(timeout=limit)
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "it is passed on",
        """
        from eventlet.lock import Lock


        def call(run):
            run(Lock())
        """,
        """
        import threading


        def call(run):
            run(threading.Lock())
        """,
        checks=["C-FLOW"],
    ),
    # --- found the hard way ---
    fixes(
        "the name lock is the module's and the object's",
        """
            from eventlet import lock


            class Counter:
                lock = lock.Lock()

                def bump(self):
                    with self.lock:
                        pass
            """,
        """
            import threading


            class Counter:
                lock = threading.Lock()

                def bump(self):
                    with self.lock:
                        pass
            """,
    ),
    # --- found by attack ---
    fixes(
        "a timeout of None, which threading.Lock does not take",
        """
        from eventlet.lock import Lock


        def call():
            lock = Lock()
            lock.acquire(True, None)
            lock.acquire(timeout=None, blocking=True)
            lock.acquire(
                timeout=None,
            )
            lock.acquire(timeout=-1)
        """,
        """
        import threading


        def call():
            lock = threading.Lock()
            lock.acquire(True)
            lock.acquire(blocking=True)
            lock.acquire()
            lock.acquire(timeout=-1)
        """,
    ),
    manual(
        "isinstance() needs a type",
        """
        from eventlet.lock import Lock

        lock = Lock()


        def is_ours():
            return isinstance(lock, Lock)
        """,
        says="needs a type",
    ),
    manual(
        "an annotation that is evaluated needs a type",
        """
        from eventlet.lock import Lock

        lock: Lock | None = Lock()
        """,
        says="needs a type",
    ),
    fixes(
        "a Timeout may end the wait",
        """
        import eventlet
        from eventlet.lock import Lock

        lock = Lock()


        def call():
            with eventlet.Timeout(3):
                with lock:
                    return 1
        """,
        """
        import threading

        import eventlet

        lock = threading.Lock()


        def call():
            with eventlet.Timeout(3):
                with lock:
                    return 1
        """,
        checks=["C-KILL"],
        left=1,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_lock(case: Case) -> None:
    check(case, "lock")
