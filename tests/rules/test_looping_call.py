from __future__ import annotations

from functools import partial

import pytest

from eventlet_codemod import testing
from eventlet_codemod.testing import Case, check

noop = partial(testing.noop, monkey_patch="init-backend")
manual = partial(testing.manual, monkey_patch="init-backend")

LOOP = """
from oslo_service import loopingcall


def report(agent):
    heartbeat = loopingcall.FixedIntervalLoopingCall(agent.report)
    heartbeat.start(interval=30)
"""
WAITED = LOOP.replace("start(interval=30)", "start(interval=30).wait(10)")


def kept(id: str, source: str) -> Case:
    """A case in which a loop stays as it is, with a question."""
    says = "nothing in this file stops this loop"
    return testing.fixes(
        id, source, source, checks=["C-LIFE"], says=says, monkey_patch="init-backend"
    )


CASES = [
    # --- what it is not about ---------------------------------------------------------------
    testing.noop("no backend is chosen", LOOP),
    testing.noop("nothing is patched", LOOP, monkey_patch="init-backend", monkey_patched="auto"),
    noop("in a test", LOOP, path="pkg/tests/test_loop.py"),
    noop("waited for", LOOP.replace("30)", "30).wait()")),
    noop("waited for by its name", LOOP + "    return heartbeat.wait()\n"),
    noop("stopped", LOOP + "    agent.register(heartbeat.stop)\n"),
    noop("its value is used", LOOP.replace("heartbeat.start", "return heartbeat.start")),
    noop("something else is started", LOOP.replace("heartbeat.start", "agent.start")),
    noop("a class of the project", LOOP.replace("from oslo_service", "from pkg")),
    noop(
        "a retry",
        """
        from oslo_service import loopingcall


        @loopingcall.RetryDecorator(max_retry_count=3)
        def start():
            pass
        """,
    ),
    # --- what it leaves ---------------------------------------------------------------------
    manual("a limit", WAITED, says="`heartbeat.start(interval=30).wait()` raises RuntimeError"),
    manual(
        "a limit by keyword",
        WAITED.replace("wait(10)", "wait(timeout=agent.limit)"),
        says="raises RuntimeError when its time is over",
    ),
    manual(
        "a limit on the event",
        """
        from oslo_service import loopingcall


        def poll(check):
            done = loopingcall.BackOffLoopingCall(check).start(initial_delay=1)
            if done.wait(10) is None:
                raise TimeoutError
        """,
        says="`done.wait()` raises RuntimeError when its time is over",
    ),
    # --- what stays, with a question --------------------------------------------------------
    kept("a loop with a name", LOOP),
    kept(
        "an attribute",
        """
        from oslo_service import loopingcall


        class Agent:
            def __init__(self):
                self.loop = loopingcall.DynamicLoopingCall(self.run)

            def start(self):
                self.loop.start(initial_delay=1)
        """,
    ),
    kept(
        "at once",
        """
        from oslo_service import loopingcall

        loopingcall.FixedIntervalLoopingCall(work).start(1)
        """,
    ),
    kept(
        "imported by name",
        """
        from oslo_service.loopingcall import FixedIntervalLoopingCall

        loop = FixedIntervalLoopingCall(work)
        loop.start(1)
        """,
    ),
    kept("another one is stopped", LOOP + "    agent.timer.stop()\n"),
    kept(
        "in a module that has a name for it",
        LOOP.replace("loopingcall", "loopingcall as lc", 1).replace("loopingcall.F", "lc.F"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_looping_call(case: Case) -> None:
    check(case, "looping-call")
