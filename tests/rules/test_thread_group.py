from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from eventlet_codemod import testing
from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one
from eventlet_codemod.testing import Case, check

if TYPE_CHECKING:
    from eventlet_codemod.ledger import Finding

noop = partial(testing.noop, monkey_patch="init-backend")
manual = partial(testing.manual, monkey_patch="init-backend")

LINKED = """
from oslo_service import threadgroup


def start(work, done):
    group = threadgroup.ThreadGroup()
    thread = group.add_thread(work)
    thread.link(done, 1)
"""
LOOP = """
from oslo_service import service


class Listener(service.Service):
    def accept(self):
        while self.running:
            self.tg.add_thread(self.handle, self.sock.accept())
"""
STOPPED = """
from oslo_service import threadgroup


class Engine:
    def __init__(self):
        self.group = threadgroup.ThreadGroup()
        self.group.add_thread(self.poll, 1)

    def stop(self):
        self.group.stop()
"""


def kept(id: str, source: str, *checks: str, says: str = "", left: int = 0) -> Case:
    """A case in which a use stays as it is, with questions."""
    return testing.fixes(
        id, source, source, checks=checks, says=says, left=left, monkey_patch="init-backend"
    )


CASES = [
    # --- what it is not about ---------------------------------------------------------------
    testing.noop("no backend is chosen", LINKED),
    testing.noop("nothing is patched", LINKED, monkey_patch="init-backend", monkey_patched="auto"),
    noop("in a test", LINKED, path="pkg/tests/test_group.py"),
    noop(
        "a thread that nobody asks for anything", LINKED.replace("    thread.link(done, 1)\n", "")
    ),
    noop("another loop than the function's", LOOP.replace("while self.running", "if self.running")),
    noop(
        "a function in a loop",
        """
        from oslo_service import service

        for name in names:
            def start(name=name):
                tg.add_thread(name)
        """,
    ),
    noop(
        "a method of the class itself",
        """
        from oslo_service import service


        class Pool(service.Service):
            def fill(self):
                while True:
                    self.add_thread(work).link(done)
        """,
    ),
    noop(
        "a function of a module",
        """
        from oslo_service import service
        from pkg import utils


        def fill():
            for item in items:
                thread = utils.add_thread(item)
                os.link(a, b)
        """,
    ),
    noop(
        "a file that has nothing of oslo.service",
        """
        def fill(pool):
            for item in items:
                pool.add_thread(item)
        """,
    ),
    noop(
        "a wait that nobody looks at",
        """
        from oslo_service import threadgroup


        def run(work):
            group = threadgroup.ThreadGroup()
            thread = group.add_thread(work)
            thread.wait()
            group.wait()
        """,
    ),
    noop(
        "a group with timers only is stopped",
        STOPPED.replace("add_thread(self.poll, 1)", "add_timer(1, self.poll)"),
    ),
    noop(
        "something else is stopped",
        STOPPED.replace("self.group.stop()", "self.server.stop()"),
    ),
    # --- what it leaves ---------------------------------------------------------------------
    manual(
        "a link",
        LINKED,
        says="link() of a ThreadGroup's thread does nothing, so done is never called",
    ),
    manual(
        "a link on a thread that a function gave",
        """
        from oslo_service import threadgroup


        class Manager:
            def start(self, key, work):
                return self.groups[key].add_thread(work)

            def start_locked(self, key, work, lock):
                thread = self.start(key, work)
                thread.link(lock.release)
        """,
        says="so lock.release is never called",
    ),
    manual(
        "at once",
        """
        from oslo_service import service


        def run(tg, work):
            return tg.add_thread(work).wait()
        """,
        says="`tg.add_thread(work).wait()` gives None, and raises nothing",
    ),
    manual(
        "a value",
        """
        from oslo_service import threadgroup


        def run(group, work):
            thread = group.add_thread(work)
            return thread.wait()
        """,
        says="`thread.wait()` gives None, and raises nothing",
    ),
    manual(
        "an error",
        """
        from oslo_service import threadgroup


        def run(group, work):
            thread = group.add_thread(work)
            try:
                thread.wait()
            except Exception:
                report()
        """,
        says="`thread.wait()` gives None, and raises nothing",
    ),
    manual(
        "a thread that is stopped",
        """
        from oslo_service import threadgroup


        def run(group, work):
            thread = group.add_thread(work)
            thread.stop()
        """,
        says="`thread.stop()` does nothing on the threading backend",
    ),
    manual(
        "a thread that is cancelled",
        """
        from oslo_service import threadgroup


        def run(group, work):
            thread = group.add_thread(work)
            thread.cancel()
        """,
        says="`thread.cancel()` does nothing on the threading backend",
    ),
    manual(
        "a group that is cancelled",
        STOPPED.replace("self.group.stop()", "self.group.cancel(timeout=3)"),
        says="`self.group.cancel()` is not there on the threading backend",
    ),
    # --- what stays, with a question --------------------------------------------------------
    kept("a loop", LOOP, "C-BOUND", says="the loop goes on adding threads to the group"),
    kept(
        "a loop in a file that names oslo.service nowhere",
        LOOP.replace("from oslo_service import service", "from pkg import service"),
        "C-BOUND",
    ),
    kept("a group that is stopped", STOPPED, "C-KILL", says="the group lets go of its threads"),
    kept(
        "a group with a name",
        """
        from oslo_service import threadgroup

        group = threadgroup.ThreadGroup(20)


        def run(work, *given):
            for item in given:
                group.add_thread(work, item)


        def stop():
            group.stop(graceful=True)
        """,
        "C-BOUND",
        "C-KILL",
    ),
    kept(
        "beside what is left",
        """
        from oslo_service import threadgroup


        def run(group, jobs):
            for job in jobs:
                thread = group.add_thread(job)
                thread.link(done)
        """,
        "C-BOUND",
        left=1,
    ),
    testing.fixes(
        "beside what is rewritten",
        """
        import eventlet
        from oslo_service import threadgroup


        def run(jobs):
            group = threadgroup.ThreadGroup(thread_pool_size=3)
            for job in jobs:
                group.add_thread(job)
                eventlet.sleep(1)
        """,
        """
        import time

        from oslo_service import threadgroup


        def run(jobs):
            group = threadgroup.ThreadGroup(3)
            for job in jobs:
                group.add_thread(job)
                time.sleep(1)
        """,
        checks=["C-BOUND"],
        monkey_patch="init-backend",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_thread_group(case: Case) -> None:
    check(case, "thread-group")


def finding_of(source: str, **settings: object) -> Finding:
    given = {"monkey_patch": "init-backend", "monkey_patched": "yes", **settings}
    change = rewrite_one(source.encode(), "example.py", Settings(**given))  # type: ignore[arg-type]
    return next(f for f in change.entry.findings if f.name == "thread-group")


def test_the_advice_is_for_the_spot() -> None:
    assert "`finally: done(None, 1)`" in finding_of(LINKED).advice
    assert "self.group (self.poll)" in finding_of(STOPPED).advice
    assert "when self.tg is full" in finding_of(LOOP).advice


def test_a_question_that_waits_is_told_already() -> None:
    source = f"import eventlet\neventlet.spawn_n(f).x\n{LOOP}"
    finding = finding_of(source)
    assert finding.status == "left" and finding.tier == "manual"
    assert finding.message.endswith("must go first")
    assert "when that is done: the loop goes on adding" in finding.advice
    assert "C-BOUND: when self.tg is full" in finding.advice


def test_a_comment_suppresses_it() -> None:
    source = LINKED.replace("(done, 1)", "(done, 1)  # eventlet-codemod: ignore[EVT413] both")
    assert finding_of(source).status == "suppressed"
