"""The green zmq."""

from __future__ import annotations

from functools import partial

import pytest

from eventlet_codemod import testing
from eventlet_codemod.testing import Case, check, manual, noop

ASKED = ["C-AFF", "C-KILL"]
fixes = partial(testing.fixes, checks=ASKED, force=True)

CASES = [
    noop("the plain one", "import zmq\n\nimport eventlet.event\n\nzmq.Context()\n"),
    noop("another", "import eventlet.event\nfrom pkg.green import zmq\n\nzmq.Context()\n"),
    noop("a text", "import eventlet.event\n\nTEXT = 'eventlet green zmq'\n"),
    manual(
        "while the hub runs",
        """
        import eventlet
        from eventlet.green import zmq


        def stop(worker, context):
            eventlet.kill(worker)
            context = zmq.Context()
        """,
        says="eventlet.greenthread.kill (example.py:6) must go first",
    ),
    manual(
        "one that may be another",
        """
        try:
            from eventlet.green import zmq
        except ImportError:
            from pkg.fake import zmq

        context = zmq.Context()
        """,
        says="in a try statement that must stay",
        force=True,
    ),
    manual(
        "one that is assigned to",
        "import eventlet.green.zmq\n\neventlet.green.zmq.Context = None\n",
        says="is assigned to",
        force=True,
    ),
    manual(
        "beside another in a try statement",
        """
        try:
            from eventlet.green import os
            from eventlet.green import zmq
        except ImportError:
            import os
            import zmq

        context = zmq.Context(os.getpid())
        """,
        says="in a try statement that must stay",
        force=True,
    ),
    fixes(
        "a module",
        "from eventlet.green import zmq\n\ncontext = zmq.Context()\n",
        "import zmq\n\ncontext = zmq.Context()\n",
    ),
    fixes(
        "by another name",
        "import eventlet.green.zmq as green_zmq\n\ncontext = green_zmq.Context()\n",
        "import zmq as green_zmq\n\ncontext = green_zmq.Context()\n",
    ),
    fixes(
        "a class",
        "from eventlet.green.zmq import Context\n\ncontext = Context()\n",
        "from zmq import Context\n\ncontext = Context()\n",
    ),
    fixes(
        "its whole name",
        "import eventlet.green.zmq\n\ncontext = eventlet.green.zmq.Context()\n",
        "import zmq\n\ncontext = zmq.Context()\n",
    ),
    fixes(
        "the plain one where there is no eventlet",
        """
        try:
            from eventlet.green import zmq
        except ImportError:
            import zmq

        context = zmq.Context()
        """,
        """
        import zmq

        context = zmq.Context()
        """,
    ),
    fixes(
        "in a function",
        """
        def context():
            from eventlet.green import zmq

            return zmq.Context()
        """,
        """
        def context():
            import zmq

            return zmq.Context()
        """,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_green_zmq(case: Case) -> None:
    check(case, "green-zmq")
