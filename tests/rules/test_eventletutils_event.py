from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    noop(
        "threading's own",
        """
        import threading

        import oslo_utils

        done = threading.Event()
        done.wait(3)
        """,
    ),
    noop(
        "a parameter hides the module",
        """
        from oslo_utils import eventletutils


        def make(eventletutils):
            return eventletutils.Event()
        """,
    ),
    manual(
        "a method that threading's has not",
        """
        from oslo_utils import eventletutils


        def call():
            done = eventletutils.Event()
            done._event.send()
        """,
        says="._event on line 6",
    ),
    manual(
        "a Timeout ends the wait",
        """
        import eventlet
        from oslo_utils import eventletutils


        def call():
            done = eventletutils.Event()
            with eventlet.Timeout(3):
                done.wait()
        """,
        says="a Timeout ends its wait()",
    ),
    manual(
        "a subclass",
        """
        from oslo_utils import eventletutils


        class Done(eventletutils.EventletEvent):
            pass
        """,
    ),
    manual(
        "the arguments of wait are hidden",
        """
        from oslo_utils import eventletutils


        def call(*given):
            done = eventletutils.Event()
            return done.wait(*given)
        """,
        says="the arguments of wait() cannot be seen",
    ),
    fixes(
        "everything that it does",
        """
        from oslo_utils import eventletutils


        class Server:
            def __init__(self):
                self._stopped = eventletutils.Event()

            def stop(self):
                self._stopped.set()
                return self._stopped.is_set(), self._stopped.isSet()

            def wait(self):
                return self._stopped.wait(3)
        """,
        """
        import threading


        class Server:
            def __init__(self):
                self._stopped = threading.Event()

            def stop(self):
                self._stopped.set()
                return self._stopped.is_set(), self._stopped.isSet()

            def wait(self):
                return self._stopped.wait(3)
        """,
    ),
    fixes(
        "it is cleared, and the limit may be anything",
        """
        from oslo_utils.eventletutils import Event, EventletEvent


        def call(limit):
            done, other = Event(), EventletEvent()
            done.clear()
            return done.wait(timeout=limit) and other.wait(-1)
        """,
        """
        import threading


        def call(limit):
            done, other = threading.Event(), threading.Event()
            done.clear()
            return done.wait(timeout=limit) and other.wait(-1)
        """,
        checks=["C-ORDER", "C-TYPE"],
    ),
    fixes(
        "it goes where it is not followed",
        """
        from oslo_utils import eventletutils


        def call(run):
            done = eventletutils.Event()
            run(done, done.set)
        """,
        """
        import threading


        def call(run):
            done = threading.Event()
            run(done, done.set)
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "an annotation",
        """
        from oslo_utils import eventletutils


        def call():
            done: eventletutils.EventletEvent = eventletutils.EventletEvent()
            done.set()
        """,
        """
        import threading


        def call():
            done: threading.Event = threading.Event()
            done.set()
        """,
    ),
    fixes(
        "the function as a value",
        """
        from oslo_utils import eventletutils


        class Server:
            make_event = eventletutils.Event
        """,
        """
        import threading


        class Server:
            make_event = threading.Event
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "without monkey patching it is threading's own already",
        """
        from oslo_utils import eventletutils

        done = eventletutils.Event()
        """,
        """
        import threading

        done = threading.Event()
        """,
        monkey_patched="no",
        files={"other.py": "import eventlet\\n\\npile = eventlet.GreenPile(list())\\n"},
    ),
    manual(
        "a mock of a method of all events",
        """
        from unittest import mock

        from oslo_utils import eventletutils


        @mock.patch.object(eventletutils.EventletEvent, "wait")
        def test_wait(wait):
            pass
        """,
        says="a mock takes the place of a method of every EventletEvent",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_eventletutils_event(case: Case) -> None:
    check(case, "eventletutils-event")
