from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from eventlet_codemod import testing
from eventlet_codemod.config import Settings
from eventlet_codemod.run import run
from eventlet_codemod.testing import Case, check

if TYPE_CHECKING:
    from pathlib import Path

noop = partial(testing.noop, monkey_patch="init-backend")
manual = partial(testing.manual, monkey_patch="init-backend")
fixes = partial(testing.fixes, monkey_patch="init-backend")

GROUP = """
from oslo_service import threadgroup

group = threadgroup.ThreadGroup(thread_pool_size=10)
"""

CASES = [
    # --- what it is not about ---------------------------------------------------------------
    testing.noop("no backend is chosen", GROUP),
    testing.noop("nothing is patched", GROUP, monkey_patch="init-backend", monkey_patched="auto"),
    noop("in a test", GROUP, path="pkg/tests/test_group.py"),
    noop("by position", GROUP.replace("thread_pool_size=", "")),
    noop("by the name of the threading backend", GROUP.replace("thread_pool_size", "max_threads")),
    noop("without a size", GROUP.replace("thread_pool_size=10", "")),
    noop("a class of the project", GROUP.replace("oslo_service", "pkg")),
    noop(
        "the class is handed on",
        """
        from oslo_service import threadgroup

        make(threadgroup.ThreadGroup, thread_pool_size=10)
        """,
    ),
    # --- what it leaves ---------------------------------------------------------------------
    manual(
        "with something else",
        """
        from oslo_service import threadgroup

        group = threadgroup.ThreadGroup(thread_pool_size=10, **more)
        """,
        says="the size of this group is not its only argument",
    ),
    manual(
        "a name with two meanings",
        """
        from oslo_service import threadgroup
        if tests:
            from pkg import fakes as threadgroup

        group = threadgroup.ThreadGroup(thread_pool_size=10)
        """,
        says="the same name is also bound on line 3",
    ),
    # --- what it rewrites -------------------------------------------------------------------
    fixes("a number", GROUP, GROUP.replace("thread_pool_size=", "")),
    fixes(
        "imported by name",
        """
        from oslo_service.threadgroup import ThreadGroup as Group

        group = Group(thread_pool_size=CONF.workers)
        """,
        """
        from oslo_service.threadgroup import ThreadGroup as Group

        group = Group(CONF.workers)
        """,
    ),
    fixes(
        "the whole name",
        """
        import oslo_service.threadgroup

        group = oslo_service.threadgroup.ThreadGroup(thread_pool_size=size())
        """,
        """
        import oslo_service.threadgroup

        group = oslo_service.threadgroup.ThreadGroup(size())
        """,
    ),
    fixes(
        "with spaces and a comment",
        """
        from oslo_service import threadgroup

        group = threadgroup.ThreadGroup(
            thread_pool_size = 10,  # as many as there are drivers
        )
        """,
        """
        from oslo_service import threadgroup

        group = threadgroup.ThreadGroup(
            10,  # as many as there are drivers
        )
        """,
    ),
    fixes(
        "an expression",
        """
        from oslo_service import threadgroup


        class Manager:
            def __init__(self, size=None):
                self.tg = threadgroup.ThreadGroup(thread_pool_size=size or 10)
        """,
        """
        from oslo_service import threadgroup


        class Manager:
            def __init__(self, size=None):
                self.tg = threadgroup.ThreadGroup(size or 10)
        """,
    ),
    noop(
        "a class with a size of its own",
        """
        from oslo_service import threadgroup


        class Base(threadgroup.ThreadGroup):
            def __init__(self, thread_pool_size=1):
                super().__init__(thread_pool_size)


        class Group(Base):
            def __init__(self):
                super().__init__(thread_pool_size=3)


        group = Base(thread_pool_size=3)
        """,
    ),
    noop(
        "a class of something else",
        """
        from oslo_service import threadgroup
        from pkg import pools


        class Group(pools.Pool):
            def __init__(self):
                super().__init__(thread_pool_size=3)
                self.group = threadgroup.ThreadGroup(3)
        """,
    ),
    manual(
        "a class that hands on what it gets",
        """
        from oslo_service import threadgroup


        class Group(threadgroup.ThreadGroup):
            def __init__(self, **options):
                super().__init__(thread_pool_size=3, **options)
        """,
        says="the size of this group is not its only argument",
    ),
    fixes(
        "through the base of a class",
        """
        from oslo_service import threadgroup


        class Group(threadgroup.ThreadGroup):
            def __init__(self, size):
                super().__init__(thread_pool_size=size)


        class Other(threadgroup.ThreadGroup):
            def __init__(self, size):
                super(Other, self).__init__(thread_pool_size=size)


        class Third(threadgroup.ThreadGroup):
            def __init__(self, size):
                threadgroup.ThreadGroup.__init__(self, thread_pool_size=size)
        """,
        """
        from oslo_service import threadgroup


        class Group(threadgroup.ThreadGroup):
            def __init__(self, size):
                super().__init__(size)


        class Other(threadgroup.ThreadGroup):
            def __init__(self, size):
                super(Other, self).__init__(size)


        class Third(threadgroup.ThreadGroup):
            def __init__(self, size):
                threadgroup.ThreadGroup.__init__(self, size)
        """,
    ),
    fixes(
        "a class without an __init__ of its own, and one above that",
        """
        from oslo_service.threadgroup import ThreadGroup


        class Group(ThreadGroup):
            pass


        class Named(Group):
            def __init__(self, name):
                super().__init__(thread_pool_size=3)
                self.name = name


        group = Group(thread_pool_size=10)
        """,
        """
        from oslo_service.threadgroup import ThreadGroup


        class Group(ThreadGroup):
            pass


        class Named(Group):
            def __init__(self, name):
                super().__init__(3)
                self.name = name


        group = Group(10)
        """,
    ),
    fixes(
        "a call of its own",
        """
        from oslo_service import threadgroup

        group = threadgroup.ThreadGroup(thread_pool_size=(lambda: 3)())
        """,
        """
        from oslo_service import threadgroup

        group = threadgroup.ThreadGroup((lambda: 3)())
        """,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_thread_group_size(case: Case) -> None:
    check(case, "thread-group-size")


def test_the_backend_is_chosen_in_the_same_run(tmp_path: Path) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/group.py": GROUP,
        "pkg/main.py": "import eventlet\neventlet.monkey_patch()\n\nfrom pkg import group\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    settings = Settings(monkey_patch="init-backend")
    ledger = run(tmp_path, sorted(files), settings, whole_project=True).ledger
    told = [(f.name, f.status) for entry in ledger.files for f in entry.findings]
    assert told == [("thread-group-size", "rewritten"), ("init-backend", "rewritten")]
