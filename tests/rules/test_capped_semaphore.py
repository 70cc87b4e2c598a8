from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    noop(
        "a class of the project",
        """
        import eventlet.wsgi
        from pkg.semaphore import CappedSemaphore

        slots = CappedSemaphore(0, 3)
        """,
        helpers="pkg.concurrency",
    ),
    noop(
        "a parameter hides the module",
        """
        from eventlet import semaphore


        def make(semaphore):
            return semaphore.CappedSemaphore(0, 3)
        """,
        helpers="pkg.concurrency",
    ),
    manual(
        "no helpers",
        """
        from eventlet import semaphore

        slots = semaphore.CappedSemaphore(0, 3)
        """,
        says="no semaphore that blocks at a limit",
    ),
    manual(
        "its balance is read",
        """
        from eventlet import semaphore

        slots = semaphore.CappedSemaphore(0, 3)
        print(slots.balance)
        """,
        helpers="pkg.concurrency",
        says=".balance on line 4",
    ),
    manual(
        "what a with statement binds",
        """
        from eventlet import semaphore


        def call():
            slots = semaphore.CappedSemaphore(0, 3)
            with slots as given:
                print(given)
        """,
        helpers="pkg.concurrency",
        says="a with statement binds",
    ),
    manual(
        "a subclass",
        """
        from eventlet.semaphore import CappedSemaphore


        class Slots(CappedSemaphore):
            pass
        """,
        helpers="pkg.concurrency",
    ),
    fixes(
        "all that it does",
        """
        from eventlet.semaphore import CappedSemaphore


        class Store:
            def __init__(self):
                self._slots: CappedSemaphore = CappedSemaphore(0, limit=9)

            def add(self):
                return self._slots.release(blocking=False)

            def take(self):
                with self._slots:
                    return self._slots.locked(), self._slots.bounded()
        """,
        """
        from pkg import concurrency


        class Store:
            def __init__(self):
                self._slots: concurrency.CappedSemaphore = concurrency.CappedSemaphore(0, limit=9)

            def add(self):
                return self._slots.release(blocking=False)

            def take(self):
                with self._slots:
                    return self._slots.locked(), self._slots.bounded()
        """,
        helpers="pkg.concurrency",
    ),
    fixes(
        "two in a list",
        """
        from eventlet.semaphore import CappedSemaphore

        both = [CappedSemaphore(0, 3) for _ in range(2)]


        def take():
            for slots in both:
                slots.acquire(False)
        """,
        """
        from pkg import concurrency

        both = [concurrency.CappedSemaphore(0, 3) for _ in range(2)]


        def take():
            for slots in both:
                slots.acquire(False)
        """,
        helpers="pkg.concurrency",
    ),
    fixes(
        "an isinstance",
        """
        from eventlet import semaphore


        def take():
            slots = semaphore.CappedSemaphore(0, 3)
            return isinstance(slots, semaphore.CappedSemaphore)
        """,
        """
        from pkg import concurrency


        def take():
            slots = concurrency.CappedSemaphore(0, 3)
            return isinstance(slots, concurrency.CappedSemaphore)
        """,
        helpers="pkg.concurrency",
    ),
    fixes(
        "by another name, in a class",
        """
        from eventlet.semaphore import CappedSemaphore as Slots


        class Store:
            slots = Slots(1, 3)

            def take(self):
                self.slots.acquire()
        """,
        """
        from pkg import concurrency


        class Store:
            slots = concurrency.CappedSemaphore(1, 3)

            def take(self):
                self.slots.acquire()
        """,
        helpers="pkg.concurrency",
    ),
    fixes(
        "a parameter",
        """
        from eventlet.semaphore import CappedSemaphore


        def make():
            take(CappedSemaphore(1, 3))


        def take(slots):
            slots.acquire()
        """,
        """
        from pkg import concurrency


        def make():
            take(concurrency.CappedSemaphore(1, 3))


        def take(slots):
            slots.acquire()
        """,
        helpers="pkg.concurrency",
    ),
    fixes(
        "it goes where it is not followed",
        """
        import eventlet


        def call(run):
            slots = eventlet.CappedSemaphore(0, 3)
            run(slots)
        """,
        """
        from pkg import concurrency


        def call(run):
            slots = concurrency.CappedSemaphore(0, 3)
            run(slots)
        """,
        helpers="pkg.concurrency",
        checks=["C-FLOW"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_capped_semaphore(case: Case) -> None:
    check(case, "capped-semaphore")
