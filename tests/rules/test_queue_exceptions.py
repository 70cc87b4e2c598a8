from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    noop(
        "the stdlib's own",
        """
        from queue import Empty, Full

        import eventlet.wsgi
        """,
    ),
    noop(
        "a class of one's own",
        """
        import eventlet.wsgi


        class Empty(Exception):
            pass


        raise Empty
        """,
    ),
    noop(
        "a parameter hides the module",
        """
        from eventlet import queue


        def take(queue):
            raise queue.Empty
        """,
    ),
    noop(
        "an attribute of the queue object",
        """
        from eventlet import queue

        jobs = queue.Queue(0)
        """,
    ),
    manual(
        "an optional import",
        """
        try:
            from eventlet.queue import Empty
        except ImportError:
            from pkg.queues import Empty

        raise Empty
        """,
        says="optional",
    ),
    manual(
        "a mock target",
        """
        TARGET = "eventlet.queue.Empty"
        """,
    ),
    manual(
        "imported for nobody",
        """
        from eventlet.queue import Full
        """,
        says="imported and not used",
    ),
    manual(
        "a module of the project is called queue",
        """
        from eventlet.queue import Full

        raise Full
        """,
        files={"queue.py": ""},
        says="a module of this project",
    ),
    fixes(
        "in an except clause",
        """
        from eventlet.queue import Empty

        try:
            pass
        except Empty as error:
            raise error
        """,
        """
        import queue

        try:
            pass
        except queue.Empty as error:
            raise error
        """,
    ),
    fixes(
        "in a tuple, under an alias",
        """
        import eventlet.queue as queues

        try:
            pass
        except (queues.Empty, queues.Full, ValueError):
            pass
        """,
        """
        import queue

        try:
            pass
        except (queue.Empty, queue.Full, ValueError):
            pass
        """,
    ),
    fixes(
        "as a value and a base class",
        """
        from eventlet import queue as eq

        ERRORS = [eq.Empty]


        class Nothing(eq.Empty):
            pass
        """,
        """
        import queue

        ERRORS = [queue.Empty]


        class Nothing(queue.Empty):
            pass
        """,
    ),
    fixes(
        "through the package",
        """
        import eventlet

        raise eventlet.queue.Full("no")
        """,
        """
        import queue

        raise queue.Full("no")
        """,
    ),
    fixes(
        "one name of a list of imports goes",
        """
        from eventlet.queue import (
            Empty,
            LightQueue,
            Waiter,
        )

        raise Empty
        """,
        """
        import queue

        from eventlet.queue import (
            LightQueue,
            Waiter,
        )

        raise queue.Empty
        """,
        left=2,
    ),
    fixes(
        "the queue is a parameter",
        """
        from eventlet.queue import Empty


        def take(queue):
            try:
                return queue.get_nowait()
            except Empty:
                return None
        """,
        """
        import queue as queue_lib


        def take(queue):
            try:
                return queue.get_nowait()
            except queue_lib.Empty:
                return None
        """,
    ),
    fixes(
        "the stdlib's class is imported beside it",
        """
        import queue

        from eventlet.queue import Empty

        try:
            pass
        except (Empty, queue.Full):
            pass
        """,
        """
        import queue

        try:
            pass
        except (queue.Empty, queue.Full):
            pass
        """,
    ),
    fixes(
        "a comment behind one name of a list of imports",
        """
        from eventlet.queue import (
            Empty,  # raised by get
            Full,
        )

        raise Empty
        """,
        """
        import queue

        from eventlet.queue import (
            Full,
        )

        raise queue.Empty
        """,
        left=1,
        checks=["C-STALE"],
        loses=["# raised by get"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_queue_exceptions(case: Case) -> None:
    check(case, "queue-exceptions")
