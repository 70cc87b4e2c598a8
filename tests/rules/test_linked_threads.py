from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from eventlet_codemod import testing
from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one, run
from eventlet_codemod.testing import Case, check

CHOSEN = {"monkey_patch": "init-backend", "helpers": "pkg.concurrency"}

noop = partial(testing.noop, **CHOSEN)
manual = partial(testing.manual, **CHOSEN)
fixes = partial(testing.fixes, **CHOSEN)

LINKED = """
from oslo_service import threadgroup


def start(work, done):
    group = threadgroup.ThreadGroup()
    thread = group.add_thread(work)
    thread.link(done, 1)
"""

ENGINE = """
import sys

from oslo_service import threadgroup


class Engine:
    def __init__(self, size):
        self.groups = {}
        self.size = size

    def start(self, key, work, *args):
        if key not in self.groups:
            self.groups[key] = threadgroup.ThreadGroup(self.size)
        return self.groups[key].add_thread(work, *args)

    def start_locked(self, key, lock, work):
        def release(gt):
            try:
                lock.release()
            except Exception:
                sys.exit(1)

        thread = self.start(key, work)
        thread.link(release)

    def stop(self, key):
        threadgroup = self.groups.pop(key)
        threadgroup.stop()
        threadgroup.wait()
"""

CASES = [
    # --- what it is not about ---------------------------------------------------------------
    testing.noop("no backend is chosen", LINKED, helpers="pkg.concurrency"),
    noop("in a test", LINKED, path="pkg/tests/test_group.py"),
    noop("a group whose threads are not asked", LINKED.replace("    thread.link(done, 1)\n", "")),
    noop(
        "another ThreadGroup",
        """
        from pkg.threads import ThreadGroup


        def run(work):
            ThreadGroup().add_thread(work).link(print)
        """,
    ),
    # --- what it leaves ---------------------------------------------------------------------
    testing.manual(
        "no helpers",
        LINKED,
        monkey_patch="init-backend",
        says="this group's threads are linked",
    ),
    manual(
        "a thread is stopped, too",
        LINKED + "    thread.stop()\n",
        says="this group's threads are linked",
    ),
    manual(
        "the group is cancelled",
        LINKED + "    group.cancel(timeout=3)\n",
        says="this group's threads are linked",
    ),
    manual(
        "a class derives from a group",
        LINKED + "\n\nclass Group(threadgroup.ThreadGroup):\n    pass\n",
        says="this group's threads are linked",
    ),
    manual(
        "more than a size",
        LINKED.replace("ThreadGroup()", "ThreadGroup(*sizes)"),
        says="this group's threads are linked",
    ),
    # --- what it rewrites -------------------------------------------------------------------
    fixes(
        "a link",
        LINKED,
        LINKED.replace(
            "from oslo_service import threadgroup", "from pkg import concurrency"
        ).replace("threadgroup.ThreadGroup", "concurrency.LinkedThreadGroup"),
        checks=("C-KILL", "C-ATOM"),
        says="`pkg.concurrency.LinkedThreadGroup` takes the place of the group",
    ),
    fixes(
        "a value, and an error",
        """
        from oslo_service.threadgroup import ThreadGroup


        def run(work):
            group = ThreadGroup(5)
            try:
                return group.add_thread(work).wait()
            except ValueError:
                return None
        """,
        """
        from pkg import concurrency


        def run(work):
            group = concurrency.LinkedThreadGroup(5)
            try:
                return group.add_thread(work).wait()
            except ValueError:
                return None
        """,
        checks=("C-KILL",),
    ),
    fixes(
        "a group of the module",
        """
        from oslo_service import threadgroup as tg

        GROUP = tg.ThreadGroup()


        def run(jobs, ended):
            for job in jobs:
                GROUP.add_thread(job).link(ended, job)
        """,
        """
        from pkg import concurrency

        GROUP = concurrency.LinkedThreadGroup()


        def run(jobs, ended):
            for job in jobs:
                GROUP.add_thread(job).link(ended, job)
        """,
        checks=("C-KILL", "C-ATOM"),
    ),
    fixes(
        "the size keeps its keyword, and a full group makes the loop wait",
        """
        from oslo_service import threadgroup


        def run(jobs):
            group = threadgroup.ThreadGroup(thread_pool_size=3)
            for job in jobs:
                thread = group.add_thread(job)
                thread.link(print)
            group.stop()
        """,
        """
        from pkg import concurrency


        def run(jobs):
            group = concurrency.LinkedThreadGroup(thread_pool_size=3)
            for job in jobs:
                thread = group.add_thread(job)
                thread.link(print)
            group.stop()
        """,
        checks=("C-KILL", "C-ATOM"),
    ),
    fixes(
        "groups by key, and a local of the module's name",
        ENGINE,
        ENGINE.replace(
            "from oslo_service import threadgroup", "from pkg import concurrency"
        ).replace("threadgroup.ThreadGroup(", "concurrency.LinkedThreadGroup("),
        checks=("C-KILL", "C-FLOW", "C-ATOM", "C-EXIT"),
    ),
    fixes(
        "a service's own group stays with what is asked of it",
        """
        from oslo_service import service
        from oslo_service import threadgroup


        class Server(service.Service):
            def start(self):
                self.group = threadgroup.ThreadGroup()
                self.group.add_thread(self.poll).link(self.ended)
                self.tg.add_thread(self.serve).link(self.ended)
        """,
        """
        from oslo_service import service
        from pkg import concurrency


        class Server(service.Service):
            def start(self):
                self.group = concurrency.LinkedThreadGroup()
                self.group.add_thread(self.poll).link(self.ended)
                self.tg.add_thread(self.serve).link(self.ended)
        """,
        checks=("C-KILL", "C-ATOM"),
        left=1,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_linked_threads(case: Case) -> None:
    check(case, "linked-threads")


def _questions(source: str) -> str:
    settings = Settings(**CHOSEN, monkey_patched="yes")
    change = rewrite_one(source.encode(), "example.py", settings)
    return "\n".join(finding.advice for finding in change.entry.findings)


def test_the_questions_are_for_the_spot() -> None:
    asked = _questions(ENGINE)
    assert "what ends work?" in asked
    assert "C-FLOW: does `thread` come from a group" in asked
    assert "C-EXIT: line 22: `sys.exit(1)` ends this one thread" in asked


def test_a_handler_of_signals_cannot_be_set_there() -> None:
    source = LINKED.replace(
        "def start", "def done(gt, number):\n    signal.signal(1, f)\n\n\ndef start"
    )
    assert "C-MAIN: line 6: `signal.signal(1, f)` raises ValueError" in _questions(source)


def test_what_stands_against_it_is_said_where_it_is_left() -> None:
    settings = Settings(**CHOSEN, monkey_patched="yes")
    source = LINKED + "    thread.stop()\n"
    change = rewrite_one(source.encode(), "example.py", settings)
    assert "is not used here, since line 9 calls stop()" in change.entry.findings[1].advice


def test_a_comment_keeps_all_of_it() -> None:
    settings = Settings(**CHOSEN, monkey_patched="yes")
    source = LINKED.replace("(done, 1)", "(done, 1)  # eventlet-codemod: ignore[EVT418] ours")
    assert rewrite_one(source.encode(), "example.py", settings).new is None


PROJECT = {
    "pkg/__init__.py": "",
    "pkg/cmd.py": "import eventlet\n\neventlet.monkey_patch()\n\nfrom pkg import engine\n",
    "pkg/engine.py": LINKED.lstrip(),
    "pkg/tests/__init__.py": "",
    "pkg/tests/test_engine.py": "from unittest import mock\n\n\n"
    "@mock.patch('pkg.engine.threadgroup')\ndef test_start(group):\n    pass\n",
    "requirements.txt": "eventlet>=0.36.1\noslo.service>=4.5.0\n",
}


def test_one_run_takes_the_project_off_eventlet(tmp_path: Path) -> None:
    for name, text in PROJECT.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    given = [name for name in PROJECT if name.endswith(".py")]
    result = run(tmp_path, given, Settings(**CHOSEN), whole_project=True)
    made = {c.entry.path: c.new.decode() for c in result.changes if c.new is not None}
    assert "backend.init_backend(backend.BackendType.THREADING)" in made["pkg/cmd.py"]
    assert "class LinkedThreadGroup:" in made["pkg/concurrency.py"]
    (engine,) = (c.entry for c in result.changes if c.entry.path == "pkg/engine.py")
    assert "pkg/tests/test_engine.py:4" in engine.findings[0].advice

    for name, text in made.items():
        (tmp_path / name).write_text(text)
    again = run(tmp_path, [*given, "pkg/concurrency.py"], Settings(**CHOSEN), whole_project=True)
    assert not [f for c in again.changes for f in c.entry.findings]
