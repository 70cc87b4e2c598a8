from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

SWITCH = {"monkey_patch": "switch"}
NAMED = {**SWITCH, "monkey_patch_module": "pkg.monkey_patch"}
PACKAGE = {"pkg/__init__.py": ""}

CASES = [
    noop(
        "a function of the project",
        """
        from pkg import monkey_patch

        if monkey_patch.is_patched("thread"):
            pass
        """,
        files=PACKAGE,
        **SWITCH,
    ),
    noop(
        "a parameter hides the module",
        """
        from eventlet import patcher


        def start(patcher):
            return patcher.is_monkey_patched("thread")
        """,
        **NAMED,
    ),
    manual(
        "no package",
        """
        from eventlet import patcher

        GREEN = patcher.is_monkey_patched("thread")
        """,
        says="there is none",
        **SWITCH,
    ),
    manual(
        "a module that has no answer",
        """
        from eventlet import patcher

        GREEN = patcher.is_monkey_patched("thread")
        """,
        path="pkg/api.py",
        files={**PACKAGE, "pkg/monkey_patch.py": "def patch(**parts):\n    pass\n"},
        says="it has no `is_patched(part='thread')`",
        **SWITCH,
    ),
    manual(
        "outside of the package",
        """
        from eventlet import patcher

        GREEN = patcher.is_monkey_patched("thread")
        """,
        path="bin/api.py",
        files=PACKAGE,
        says="cannot be asked of the project's own module here",
        **SWITCH,
    ),
    manual(
        "handed on",
        """
        from eventlet import patcher

        ask = patcher.is_monkey_patched
        """,
        says="cannot be asked",
        **NAMED,
    ),
    manual(
        "its argument is named",
        """
        from eventlet import patcher

        GREEN = patcher.is_monkey_patched(module="thread")
        """,
        says="cannot be asked",
        **NAMED,
    ),
    manual(
        "its arguments are hidden",
        """
        from eventlet import patcher

        GREEN = patcher.is_monkey_patched(*PARTS)
        """,
        says="cannot be asked",
        **NAMED,
    ),
    fixes(
        "both branches stay",
        """
        from eventlet import patcher


        def start(green, native):
            if patcher.is_monkey_patched("thread"):
                green()
            else:
                native()
        """,
        """
        from pkg import monkey_patch


        def start(green, native):
            if monkey_patch.is_patched("thread"):
                green()
            else:
                native()
        """,
        path="pkg/api.py",
        files=PACKAGE,
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "in any condition, with any argument",
        """
        import select
        import eventlet.patcher

        SLOW = not (DEBUG or eventlet.patcher.is_monkey_patched(select)) and LIMIT
        """,
        """
        import select

        from pkg import monkey_patch

        SLOW = not (DEBUG or monkey_patch.is_patched(select)) and LIMIT
        """,
        tier="safe",
        **NAMED,
    ),
    fixes(
        "oslo's question",
        """
        from oslo_utils import eventletutils


        def start(green, native):
            return green() if eventletutils.is_monkey_patched("thread") else native()
        """,
        """
        from pkg import monkey_patch


        def start(green, native):
            return green() if monkey_patch.is_patched("thread") else native()
        """,
        tier="safe",
        **NAMED,
    ),
    fixes(
        "by a name of its own, in a condition of an elif",
        """
        from eventlet.patcher import is_monkey_patched as patched

        if DEBUG:
            first()
        elif not patched("os"):
            second()
        """,
        """
        from pkg import monkey_patch

        if DEBUG:
            first()
        elif not monkey_patch.is_patched("os"):
            second()
        """,
        tier="safe",
        **NAMED,
    ),
    fixes(
        "in a function that has a variable of the module's name",
        """
        import eventlet


        def start(monkey_patch):
            return monkey_patch or eventlet.patcher.is_monkey_patched("thread")
        """,
        """
        from pkg import monkey_patch as monkey_patch_lib


        def start(monkey_patch):
            return monkey_patch or monkey_patch_lib.is_patched("thread")
        """,
        tier="safe",
        **NAMED,
    ),
    fixes(
        "beside what stays while there are two modes",
        """
        from eventlet import hubs
        from eventlet import patcher

        if patcher.is_monkey_patched("select"):
            hubs.use_hub("poll")
        """,
        """
        from eventlet import hubs
        from pkg import monkey_patch

        if monkey_patch.is_patched("select"):
            hubs.use_hub("poll")
        """,
        left=1,
        tier="safe",
        **NAMED,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_mode_question(case: Case) -> None:
    check(case, "mode-question")
