from __future__ import annotations

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one
from eventlet_codemod.testing import Case, check, fixes, manual, noop

BRANCH = ["C-BRANCH"]
LONGER = "within a longer condition"

CASES = [
    noop(
        "a function of the project",
        """
        from pkg.utils import is_monkey_patched

        if is_monkey_patched("thread"):
            pass
        """,
    ),
    noop(
        "a parameter hides the module",
        """
        from eventlet import patcher


        def start(patcher):
            return patcher.is_monkey_patched("thread")
        """,
    ),
    noop(
        "gevent's",
        """
        from gevent import monkey

        import eventlet.wsgi

        monkey.is_module_patched("thread")
        """,
    ),
    noop(
        "a name in a text",
        """
        import eventlet.wsgi

        TEXT = "eventlet.patcher.is_monkey_patched is not asked"
        """,
    ),
    manual(
        "in a longer condition",
        """
        from eventlet import patcher

        if DEBUG and patcher.is_monkey_patched("thread"):
            start()
        """,
        says=LONGER,
    ),
    manual(
        "an elif belongs to it",
        """
        from eventlet import patcher

        if patcher.is_monkey_patched("thread"):
            first()
        elif DEBUG:
            second()
        """,
        says=LONGER,
    ),
    manual(
        "it is an elif",
        """
        from eventlet import patcher

        if DEBUG:
            first()
        elif patcher.is_monkey_patched("thread"):
            second()
        """,
        says=LONGER,
    ),
    manual(
        "the condition of a loop",
        """
        from eventlet import patcher

        while patcher.is_monkey_patched("thread"):
            pass
        """,
        says=LONGER,
    ),
    manual(
        "an assertion",
        """
        from eventlet import patcher

        assert patcher.is_monkey_patched("thread")
        """,
        says=LONGER,
    ),
    manual(
        "the function as a value",
        """
        from eventlet import patcher

        asks = patcher.is_monkey_patched
        """,
    ),
    manual(
        "green threads are left",
        """
        import eventlet
        from eventlet import patcher

        if patcher.is_monkey_patched("thread"):
            start()
        limit = eventlet.Timeout(4)
        """,
        says="must go first",
    ),
    fixes(
        "nothing stays where there was no else",
        """
        from eventlet import patcher

        first()
        if patcher.is_monkey_patched("thread"):
            second()
        third()
        """,
        """
        first()
        third()
        """,
        checks=BRANCH,
    ),
    fixes(
        "the else stays, with its comments",
        """
        import eventlet


        def start(green, native):
            \"\"\"Start one of two.\"\"\"
            if eventlet.patcher.is_monkey_patched("thread"):
                # under the hub
                green()
            else:
                # natively
                native()  # here

            return green
        """,
        """
        def start(green, native):
            \"\"\"Start one of two.\"\"\"
            # natively
            native()  # here

            return green
        """,
        checks=BRANCH,
        loses=["# under the hub"],
    ),
    fixes(
        "a negated question",
        """
        from eventlet.patcher import is_monkey_patched

        if not is_monkey_patched("thread"):
            native()
        else:
            green()
        """,
        """
        native()
        """,
        checks=BRANCH,
    ),
    fixes(
        "all that a function does",
        """
        from eventlet import patcher


        def start():
            if patcher.is_monkey_patched("thread"):
                green()
        """,
        """
        def start():
            pass
        """,
        checks=BRANCH,
    ),
    fixes(
        "one-line branches",
        """
        from eventlet import patcher

        if not patcher.is_monkey_patched("thread"): a(); b()
        else: c()
        """,
        """
        a(); b()
        """,
        checks=BRANCH,
    ),
    fixes(
        "strings and brackets over several lines keep their indentation",
        '''
        from eventlet import patcher


        def start():
            if not patcher.is_monkey_patched("thread"):
                text = """
            a
          b
        """
                return (text,
                        1)
            return None
        ''',
        '''
        def start():
            text = """
            a
          b
        """
            return (text,
                    1)
            return None
        ''',
        checks=BRANCH,
    ),
    fixes(
        "conditional expressions",
        """
        from eventlet import patcher

        first = 1 if patcher.is_monkey_patched("os") else 2
        second = (1 if not patcher.is_monkey_patched("os") else 2) + 1
        """,
        """
        first = 2
        second = 1 + 1
        """,
        checks=BRANCH,
    ),
    fixes(
        "the answer as a value",
        """
        from eventlet import patcher


        def start():
            patched = patcher.is_monkey_patched("os")
            run(patched=patcher.is_monkey_patched("os"))
            return patcher.is_monkey_patched("os")
        """,
        """
        def start():
            patched = False
            run(patched=False)
            return False
        """,
        checks=BRANCH,
    ),
    fixes(
        "functions and classes in the branch that stays",
        """
        from eventlet import patcher

        if patcher.is_monkey_patched("os"):
            pass
        else:
            @decorate
            def start():
                return 1

            class Service:
                x = 1
        """,
        """
        @decorate
        def start():
            return 1

        class Service:
            x = 1
        """,
        checks=BRANCH,
    ),
    # --- found the hard way ---
    fixes(
        "what is chosen binds less than what is around it",
        """
        from eventlet import patcher

        number = (1 if patcher.is_monkey_patched("os") else a or b) + 1
        """,
        """
        number = (a or b) + 1
        """,
        checks=BRANCH,
    ),
    fixes(
        "oslo's question",
        """
        from oslo_utils import eventletutils

        if eventletutils.is_monkey_patched("thread"):
            green()
        else:
            native()
        """,
        """
        native()
        """,
        checks=BRANCH,
    ),
    fixes(
        "the branch that goes uses eventlet in ways that no rule rewrites",
        """
        from eventlet import greenpool, patcher

        if patcher.is_monkey_patched("thread"):
            pool = greenpool.GreenPool()
        else:
            pool = make()
        """,
        """
        pool = make()
        """,
        checks=BRANCH,
        force=True,
    ),
    fixes(
        "the branch that goes imports",
        """
        from eventlet import patcher

        if patcher.is_monkey_patched("thread"):
            import queue
            jobs = queue.Queue()
        else:
            jobs = []
        """,
        """
        jobs = []
        """,
        checks=BRANCH,
    ),
    fixes(
        "a comment above the else",
        """
        from eventlet import patcher

        if patcher.is_monkey_patched("thread"):
            green()
        # natively
        else:
            native()
        """,
        """
        # natively
        native()
        """,
        checks=BRANCH,
    ),
    fixes(
        "a comment at the end of the branch that stays",
        """
        from eventlet import patcher

        if not patcher.is_monkey_patched("thread"):
            native()
            # and that is all
        after()
        """,
        """
        native()
        # and that is all
        after()
        """,
        checks=BRANCH,
    ),
    manual(
        "an argument that does something",
        """
        from eventlet import patcher

        if patcher.is_monkey_patched(load()):
            run()
        """,
        force=True,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_monkey_patched(case: Case) -> None:
    check(case, "is-monkey-patched")


@pytest.mark.parametrize(
    ("leaves", "told"),
    [("return", True), ("raise Refused", True), ("x.prepare()", False)],
)
def test_what_is_never_reached_is_told(leaves: str, told: bool) -> None:
    source = f"""
from eventlet import patcher


def start(x):
    if not patcher.is_monkey_patched("thread"):
        {leaves}
    x.run()
"""
    settings = Settings(force=True, monkey_patched="yes")
    change = rewrite_one(source.encode(), "example.py", settings)
    (finding,) = change.entry.findings
    assert (change.new or b"").decode().endswith(f"def start(x):\n    {leaves}\n    x.run()\n")
    assert ("Nothing reaches line 8 any more" in finding.advice) is told


@pytest.mark.parametrize("patched", ["yes", "no"])
def test_a_project_that_patches_nothing_itself_is_told_of_those_that_may(patched: str) -> None:
    source = 'from eventlet import patcher\n\npatched = patcher.is_monkey_patched("socket")\n'
    settings = Settings(monkey_patched=patched)  # type: ignore[arg-type]
    (finding,) = rewrite_one(source.encode(), "example.py", settings).entry.findings
    assert finding.may_differ == ("C-BRANCH",)
    assert ("a program that imports it" in finding.advice) is (patched == "no")
