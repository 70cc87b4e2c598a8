from __future__ import annotations

import textwrap

import pytest
from looking import lines_of, look

POOL = """
import eventlet
import threading


class Auditor:
    def __init__(self):
        self.errors = 0
        self.names = []
        self.lock = threading.Lock()
        self.pool = eventlet.GreenPool(10)

    def run(self, jobs):
        for job in jobs:
            self.pool.spawn_n(self.check, job)
        self.pool.waitall()
        self.errors += 1  # everything has ended

    def check(self, job):
{check}
"""


def auditor(check: str, **replaced: str) -> str:
    source = POOL.format(check=textwrap.indent(textwrap.dedent(check).strip("\n"), " " * 8))
    for old, new in replaced.items():
        source = source.replace(old, new)
    return source


QUIET = {
    "a lock is held": "with self.lock:\n    self.errors += 1",
    "a lock of any name is held": "with self.guard:\n    self.errors += 1",
    "one of several is held": "with self.guards[job]:\n    self.errors += 1",
    "a lock is made by a call": "with lockutils.lock('audit'):\n    self.errors += 1",
    "a lock is taken": "self.lock.acquire()\nself.errors += 1\nself.lock.release()",
    "the number is its own": "errors = 0\nerrors += 1",
    "a list grows in one step": "self.names += [job]",
    "what it is does not show": "self.total += job.size",
    "it is only set": "self.errors = 1",
    "the object is its own": "job.errors += 1",
    "a function in it that nobody calls": "def later():\n    self.errors += 1",
    "it is called under a lock": "with self.lock:\n    self.count()",
}


@pytest.mark.parametrize("check", QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(check: str) -> None:
    more = "\n    def count(self):\n        self.errors += 1\n" if "count()" in check else ""
    source = auditor(check) + more
    if more:  # otherwise it would be a public method that others may call
        source = source.replace("count(", "_count(")
    assert look("lost-update", source) == []


def test_a_decorator_may_hold_the_lock() -> None:
    source = auditor("self.errors += 1").replace(
        "    def check", "    @lockutils.synchronized('audit')\n    def check"
    )
    assert look("lost-update", source) == []


def test_other_contexts_are_no_locks() -> None:
    assert len(look("lost-update", auditor("with open(job):\n    self.errors += 1"))) == 1


def test_one_thread_alone_loses_nothing() -> None:
    source = auditor("self.errors += 1").replace("for job in jobs:", "if jobs:")
    assert look("lost-update", source.replace("self.check, job", "self.check, jobs")) == []


def test_each_thread_has_its_attributes_in_a_local() -> None:
    source = auditor("self.errors += 1").replace(
        "class Auditor:", "class Auditor(threading.local):"
    )
    assert look("lost-update", source) == []


def test_tests_say_nothing() -> None:
    assert look("lost-update", auditor("self.errors += 1"), path="tests/test_it.py") == []


@pytest.mark.parametrize(
    "check",
    ["self.errors += 1", "self.errors = self.errors + 1", "self.errors -= job.size"],
)
def test_the_tasks_of_a_pool_share_a_counter(check: str) -> None:
    (hazard,) = look("lost-update", auditor(check))
    assert "`self.errors`" in hazard.message
    assert lines_of(hazard) == [("service.py", 14), ("service.py", 19)]
    assert "several times in a loop" in hazard.evidence[0].what
    assert "lock" in hazard.advice


def test_the_counters_of_one_pool_are_told_together() -> None:
    (hazard,) = look("lost-update", auditor("self.errors += 1\nself.seen['all'] += len(job)"))
    assert "`self.errors`, `self.seen['all']`" in hazard.message


def test_items_of_other_keys_are_no_common_counter() -> None:
    assert look("lost-update", auditor("self.seen[job] += 1")) == []


def test_a_function_that_the_target_calls_counts() -> None:
    source = auditor("self._count()") + "\n    def _count(self):\n        self.errors += 1\n"
    (hazard,) = look("lost-update", source)
    assert hazard.line == 22


TWO = """
    import eventlet


    class Service:
        def __init__(self):
            self.seen = 0

        def start(self):
            self.seen += 1
            eventlet.spawn(self._loop)

        def _loop(self):
            while True:
                self.seen += 1
                eventlet.sleep(1)
    """


def test_what_comes_before_the_start_is_fine() -> None:
    assert look("lost-update", TWO) == []


def test_a_public_method_may_run_meanwhile() -> None:
    more = "\n        def see(self):\n            self.seen += 1\n"
    (hazard,) = look("lost-update", TWO.rstrip() + more)
    assert lines_of(hazard) == [("service.py", 10), ("service.py", 14), ("service.py", 17)]


def test_a_second_thread_runs_meanwhile() -> None:
    more = "\n        def _other(self):\n            self.seen += 1\n"
    source = TWO.rstrip().replace(
        "eventlet.spawn(self._loop)", "eventlet.spawn(self._loop); eventlet.spawn(self._other)"
    )
    (hazard,) = look("lost-update", source + more)
    assert len(hazard.evidence) == 4


def test_a_global_counter_counts() -> None:
    source = """
        import eventlet

        retries = 0


        def put(item):
            global retries
            retries += 1


        def main(items):
            pool = eventlet.GreenPool()
            for item in items:
                pool.spawn(put, item)
            pool.waitall()
        """
    (hazard,) = look("lost-update", source)
    assert "`retries`" in hazard.message


RPC = """
    import eventlet
    import oslo_messaging as messaging


    class Manager:
        target = messaging.Target(version='1.0')

        def __init__(self):
            self.calls = 0

        def start(self{argument}):
            self.calls += 1
    """


def test_an_rpc_server_calls_what_takes_a_context() -> None:
    assert look("lost-update", RPC.format(argument="")) == []
    (hazard,) = look("lost-update", RPC.format(argument=", context"))
    assert "an RPC server calls the methods of Manager" in hazard.evidence[0].what


def test_the_class_may_stand_in_another_file() -> None:
    base = (
        auditor("self.errors += 1")
        .replace("import eventlet\n", "")
        .replace("eventlet.GreenPool(10)", "make()")
    )
    source = """
        import eventlet

        from base import Auditor


        class Service(Auditor):
            def again(self, jobs):
                for job in jobs:
                    eventlet.spawn(self.check, job)
        """
    (hazard,) = look("lost-update", source, files={"base.py": base})
    assert lines_of(hazard)[-1] == ("base.py", 18)
    ignored = {"base.py": ("lost-update",)}
    assert look("lost-update", source, files={"base.py": base}, per_file_ignores=ignored) == []
