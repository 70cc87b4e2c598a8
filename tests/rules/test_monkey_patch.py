from __future__ import annotations

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one
from eventlet_codemod.testing import Case, check, fixes, manual, noop

ASKED = ["C-LIFE", "C-ATOM"]
ALONE = "all that its block does"

CASES = [
    noop(
        "gevent's",
        """
        from gevent import monkey

        import eventlet.wsgi

        monkey.monkey_patch()
        """,
    ),
    noop(
        "a function of the project",
        """
        from nova.monkey_patch import monkey_patch

        monkey_patch()
        """,
    ),
    noop(
        "a parameter hides the package",
        """
        import eventlet


        def start(eventlet):
            eventlet.monkey_patch()
        """,
    ),
    noop(
        "a method of that name",
        """
        import eventlet.wsgi


        class Service:
            def start(self):
                self.monkey_patch()
        """,
    ),
    manual(
        "what repairs a module stays with the patching",
        """
        import eventlet
        import __original_module_threading as orig_threading


        def patch():
            eventlet.monkey_patch()
        """,
        says=ALONE,
    ),
    manual(
        "all that a function does",
        """
        import eventlet


        def patch():
            eventlet.monkey_patch()
        """,
        says=ALONE,
    ),
    manual(
        "all that is done in a block",
        """
        import eventlet

        with lock:
            eventlet.monkey_patch()
        """,
        says=ALONE,
    ),
    manual(
        "its value is used",
        """
        import eventlet

        patched = eventlet.monkey_patch()
        """,
        says=ALONE,
    ),
    manual(
        "an argument binds a name",
        """
        import eventlet

        eventlet.monkey_patch(os=(flag := True))
        print(flag)
        """,
        says=ALONE,
    ),
    manual(
        "the function as a value",
        """
        import eventlet

        HOOKS = [eventlet.monkey_patch]
        """,
    ),
    manual(
        "something else of eventlet is left",
        """
        import eventlet

        eventlet.monkey_patch()
        limit = eventlet.Timeout(4)
        """,
        says="eventlet.timeout.Timeout (example.py:4) must go first",
    ),
    manual(
        "something is left in another file",
        """
        import eventlet

        eventlet.monkey_patch()
        """,
        files={"pkg/limit.py": "import eventlet\n\nLIMIT = eventlet.Timeout(4)\n"},
        says="eventlet.timeout.Timeout (pkg/limit.py:3) must go first",
    ),
    manual(
        "it is to give way to another switch",
        """
        import eventlet

        eventlet.monkey_patch()
        """,
        says="the package that is to hold the switch",
        monkey_patch="switch",
    ),
    manual(
        "only step 1 is asked for",
        """
        import eventlet

        eventlet.monkey_patch()
        """,
        says="step 3 was not asked for",
        steps=frozenset({1}),
    ),
    fixes(
        "the call and the import that only served it",
        """
        #!/usr/bin/env python
        import eventlet
        eventlet.monkey_patch()

        import sys  # noqa: E402

        print(sys.argv)
        """,
        """
        #!/usr/bin/env python

        import sys  # noqa: E402

        print(sys.argv)
        """,
        checks=ASKED,
    ),
    fixes(
        "a copy that only patching makes",
        """
        import eventlet
        eventlet.monkey_patch()
        import __original_module_threading as orig_threading
        import threading
        orig_threading.current_thread.__globals__['_active'] = threading._active
        """,
        """
        import threading
        import threading as orig_threading
        orig_threading.current_thread.__globals__['_active'] = threading._active
        """,
        checks=ASKED,
        says="line 5 repaired what patching broke",
    ),
    fixes(
        "a comment about it, a blank line above",
        """
        # Copyright 2020 Somebody

        # NOTE(somebody): all services are monkey patched

        import eventlet

        eventlet.monkey_patch()
        import sys

        sys.exit()
        """,
        """
        # Copyright 2020 Somebody

        # NOTE(somebody): all services are monkey patched

        import sys

        sys.exit()
        """,
        checks=[*ASKED, "C-STALE"],
    ),
    fixes(
        "a comment above it stays",
        """
        import eventlet

        # before anything else
        eventlet.monkey_patch(os=False)  # noqa

        import sys
        """,
        """
        # before anything else

        import sys
        """,
        checks=[*ASKED, "C-STALE"],
        loses=["# noqa"],
    ),
    fixes(
        "comments above the import and the call",
        """
        # of the project
        import os
        # green sockets,
        # and all else
        import eventlet
        # flake8: noqa: E402
        # early
        eventlet.monkey_patch()

        print(os.name)
        """,
        """
        # of the project
        import os
        # green sockets,
        # and all else
        # flake8: noqa: E402
        # early

        print(os.name)
        """,
        checks=[*ASKED, "C-STALE"],
    ),
    fixes(
        "comments of something else",
        """
        # of the project
        import eventlet
        import os
        # flake8: noqa: E402
        eventlet.monkey_patch()

        print(os.name)
        """,
        """
        # of the project
        import os
        # flake8: noqa: E402

        print(os.name)
        """,
        checks=ASKED,
    ),
    fixes(
        "in a function that goes on",
        """
        def main():
            import eventlet

            eventlet.monkey_patch()
            return run()
        """,
        """
        def main():
            return run()
        """,
        checks=ASKED,
    ),
    fixes(
        "on a line with others",
        """
        import eventlet; eventlet.monkey_patch(); import sys
        print(sys)
        """,
        """
        import sys
        print(sys)
        """,
        checks=ASKED,
    ),
    fixes(
        "what else there was is rewritten",
        """
        import eventlet
        eventlet.monkey_patch()

        from eventlet import tpool


        def run(path):
            eventlet.sleep(1)
            return tpool.execute(open, path)
        """,
        """
        import time


        def run(path):
            time.sleep(1)
            return open(path)
        """,
        checks=ASKED,
    ),
    fixes(
        "by the bare name",
        """
        from eventlet.patcher import monkey_patch

        monkey_patch(all=True, psycopg=False)
        x = 1
        """,
        """
        x = 1
        """,
        checks=ASKED,
    ),
    fixes(
        "all that a condition does",
        """
        import os

        import eventlet

        if not os.environ.get("NO_PATCH"):
            # before anything else
            eventlet.monkey_patch()
        x = 1
        """,
        """
        import os

        x = 1
        """,
        checks=ASKED,
        loses=["# before anything else"],
    ),
    fixes(
        "a comment above a condition that goes",
        """
        import os

        import eventlet

        # unless it is debugged
        if not os.environ.get("NO_PATCH"):
            eventlet.monkey_patch()
        x = 1
        """,
        """
        import os

        # unless it is debugged
        x = 1
        """,
        checks=[*ASKED, "C-STALE"],
    ),
    fixes(
        "in a one-line suite",
        """
        import eventlet

        if True: eventlet.monkey_patch()
        x = 1
        """,
        """
        x = 1
        """,
        checks=ASKED,
    ),
    fixes(
        "all that both branches of a condition do",
        """
        import sys

        import eventlet

        if sys.flags.debug:
            # a debugger has threads of its own
            eventlet.monkey_patch(thread=False)
        else:
            eventlet.monkey_patch()
        x = 1
        """,
        """
        import sys

        x = 1
        """,
        checks=ASKED,
        loses=["# a debugger has threads of its own"],
    ),
    fixes(
        "one branch does something else",
        """
        import os

        import eventlet

        if os.name != "nt":
            eventlet.monkey_patch()
            prepare()
        else:
            # pipes would block
            eventlet.monkey_patch(os=False)
        if os.name == "nt":
            eventlet.monkey_patch(os=False)
        else:
            prepare()
        """,
        """
        import os

        if os.name != "nt":
            prepare()
        if os.name == "nt":
            pass
        else:
            prepare()
        """,
        checks=ASKED,
        loses=["# pipes would block"],
    ),
    fixes(
        "a condition that may do something",
        """
        import debugger
        import eventlet


        def patch():
            if debugger.enabled():
                eventlet.monkey_patch(thread=False)
            else:
                eventlet.monkey_patch()
        """,
        """
        import debugger


        def patch():
            if debugger.enabled():
                pass
        """,
        checks=ASKED,
    ),
    fixes(
        "one of two branches is to stay",
        """
        import sys

        import eventlet

        if sys.flags.debug:
            eventlet.monkey_patch(thread=False)
        else:
            eventlet.monkey_patch()  # eventlet-codemod: ignore[EVT510]
        """,
        """
        import sys

        import eventlet

        if sys.flags.debug:
            pass
        else:
            eventlet.monkey_patch()  # eventlet-codemod: ignore[EVT510]
        """,
        checks=ASKED,
        monkey_patch="remove",
        force=True,
    ),
    fixes(
        "an elif",
        """
        import eventlet

        if x:
            y = 1
        elif z:
            eventlet.monkey_patch()
        """,
        """
        if x:
            y = 1
        elif z:
            pass
        """,
        checks=ASKED,
    ),
    fixes(
        "what an old eventlet does not take",
        """
        import eventlet

        try:
            eventlet.monkey_patch(subprocess=True)
        except TypeError:
            # too old
            pass
        x = 1
        """,
        """
        x = 1
        """,
        checks=ASKED,
        loses=["# too old"],
    ),
    fixes(
        "a try statement with more to it",
        """
        import eventlet

        try:
            eventlet.monkey_patch(subprocess=True)
        except TypeError:
            pass
        else:
            prepare()
        try:
            eventlet.monkey_patch(subprocess=True)
        finally:
            prepare()
        """,
        """
        try:
            pass
        except TypeError:
            pass
        else:
            prepare()
        try:
            pass
        finally:
            prepare()
        """,
        checks=ASKED,
    ),
    fixes(
        "removed although something is left",
        """
        import eventlet

        eventlet.monkey_patch()
        x = eventlet.sleep
        eventlet.sleep(*x)
        """,
        """
        import time

        import eventlet

        x = time.sleep
        eventlet.sleep(*x)
        """,
        checks=ASKED,
        left=1,
        monkey_patch="remove",
        force=True,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_monkey_patch(case: Case) -> None:
    check(case, "monkey-patch")


@pytest.mark.parametrize("monkey_patch", ["remove", "init-backend"])
def test_comments_are_named_by_their_lines(monkey_patch: str) -> None:
    source = """\
import os
# green sockets,
# and all else
import eventlet

# patched early
eventlet.monkey_patch()
import oslo_service.service
"""
    settings = Settings(monkey_patch=monkey_patch, monkey_patched="auto")
    change = rewrite_one(source.encode(), "main.py", settings)
    (finding,) = [f for f in change.entry.findings if f.api.endswith("monkey_patch")]
    asked = "the comments on lines 2-3 and line 6 may speak of patching: what of it still holds?"
    assert asked in finding.advice
    assert change.new is not None and b"# patched early\n" in change.new
