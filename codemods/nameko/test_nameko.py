"""What is reported of nameko, and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventlet_codemod.testing import Case, check, manual, noop

CODEMOD = str(Path(__file__).with_name("nameko.py"))

CASES = [
    # --- what only looks like it ---
    noop("another rpc", "from other.rpc import rpc\n\n\n@rpc\ndef f():\n    pass\n"),
    noop("a local name", "def rpc(f):\n    return f\n\n\n@rpc\ndef f():\n    pass\n"),
    noop(
        "what runs in plain threads",
        "from nameko.standalone.rpc import ClusterRpcProxy\n\nproxy = ClusterRpcProxy(config)\n",
    ),
    noop("an exception", "from nameko.exceptions import RemoteError\n\nraise RemoteError()\n"),
    # --- what is told ---
    manual(
        "a call",
        """
        from nameko.rpc import rpc


        class Service:
            name = "shop"

            @rpc
            def order(self):
                pass
        """,
        says="rpc is an entrypoint that nameko calls with a message",
        advises="ConsumerMixin",
    ),
    manual(
        "an event, with arguments",
        """
        from nameko import events


        class Service:
            @events.event_handler("shop", "ordered", handler_type=events.SINGLETON)
            def ordered(self, payload):
                pass
        """,
        says="event_handler is an entrypoint",
    ),
    manual(
        "a page",
        """
        from nameko.web.handlers import http


        class Service:
            @http("GET", "/health")
            def health(self, request):
                return "fine"
        """,
        advises="gunicorn --worker-class gthread",
    ),
    manual(
        "a timer",
        """
        from nameko.timer import timer as every


        class Service:
            @every(interval=1)
            def tick(self):
                pass
        """,
        advises="stopped.wait(interval)",
    ),
    manual(
        "a dependency of its own",
        """
        from nameko.extensions import DependencyProvider


        class Storage(DependencyProvider):
            def setup(self):
                pass
        """,
        says="that nameko's container makes and injects",
        advises="`close()`",
    ),
    manual(
        "a runner",
        "from nameko.runners import ServiceRunner\n\nrunner = ServiceRunner(config)\n",
        says="what runs nameko's services",
    ),
    manual(
        "a helper",
        """
        from nameko.utils.concurrency import fail_fast_imap

        list(fail_fast_imap(pool, work, items))
        """,
        advises="ThreadPoolExecutor.map",
    ),
    manual(
        "a test",
        """
        from nameko.testing.services import worker_factory

        service = worker_factory(Service)
        """,
        says="for tests",
        path="tests/test_service.py",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_nameko(case: Case) -> None:
    check(case, CODEMOD)
