"""What swift.common.concurrency is, and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventlet_codemod.codemods.loading import load_codemod
from eventlet_codemod.testing import Case, check, fixes, manual, noop

CODEMOD = str(Path(__file__).with_name("swift_concurrency.toml"))

CASES = [
    # --- what only looks like it ---
    noop(
        "another module",
        "from other.common import concurrency\n\nconcurrency.sleep(1)\n",
    ),
    noop(
        "a parameter",
        "from swift.common import concurrency\n\n\ndef f(concurrency):\n    concurrency.sleep(1)\n",
    ),
    noop(
        "another module of swift",
        "from swift.common import utils\n\nutils.sleep(1)\n",
    ),
    noop(
        "a name that it does not have",
        "from swift.common import concurrency\n\nconcurrency.hibernate(1)\n",
    ),
    # --- what is told ---
    manual(
        "a name without a native twin",
        """
        from swift.common.concurrency import websocket

        application = websocket.WebSocketWSGI(handle)
        """,
        says="WebSocketWSGI` is left",
    ),
    manual(
        "an error of eventlet's server",
        """
        from swift.common.concurrency import wsgi


        def f(read):
            try:
                read()
            except wsgi.ChunkReadError:
                pass
        """,
        says="eventlet.wsgi.ChunkReadError",
    ),
    # --- what is rewritten ---
    fixes(
        "modules and names",
        """
        from swift.common.concurrency import queue, sleep, subprocess


        class Middleware:
            def __init__(self):
                self.queue = queue.Queue()

            def run(self):
                self.queue.put(1)
                subprocess.check_call(["sync"])
                sleep(1)
        """,
        """
        import queue
        import subprocess
        import time


        class Middleware:
            def __init__(self):
                self.queue = queue.Queue()

            def run(self):
                self.queue.put(1)
                subprocess.check_call(["sync"])
                time.sleep(1)
        """,
    ),
    fixes(
        "through the module",
        """
        from swift.common import concurrency as c

        c.sleep(3)
        """,
        """
        import time

        time.sleep(3)
        """,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_swift_concurrency(case: Case) -> None:
    check(case, CODEMOD)


def test_its_patching_is_that_of_eventlet() -> None:
    names = load_codemod(CODEMOD).declared.names
    assert names["swift.common.concurrency.monkey_patch"] == "eventlet.patcher.monkey_patch"
