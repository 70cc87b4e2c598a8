"""Patches of what oslo.service's looping calls sleep by."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from eventlet_codemod import testing
from eventlet_codemod.testing import Case, check, noop

BY_BACKEND: dict[str, Any] = {"monkey_patch": "init-backend"}
DRIVER = {
    "pkg/__init__.py": "",
    "pkg/driver.py": "from oslo_service import loopingcall\n",
    "tests/__init__.py": "",
}
manual = partial(testing.manual, path="tests/test_driver.py", **BY_BACKEND)
fixes = partial(testing.fixes, path="tests/test_driver.py", files=DRIVER, **BY_BACKEND)

PATCHED = """
from unittest import mock


@mock.patch('oslo_utils.eventletutils.EventletEvent.wait', autospec=True)
def test_on(mock_sleep):
    assert mock_sleep.called
"""
#: Which rule leaves it, where that is not the one for patches.
RULES = {"no patch": "other-use"}
STAYS = "no code of this project that the run looks at uses it"

CASES = [
    noop("another wait", "from unittest import mock\n\nmock.patch('threading.Event.wait')\n"),
    manual("no looping calls", PATCHED, says=STAYS, files={"pkg/__init__.py": ""}),
    testing.manual(
        "the backend stays", PATCHED, says=STAYS, path="tests/test_driver.py", files=DRIVER
    ),
    manual(
        "another method",
        "from unittest import mock\n\nmock.patch('oslo_utils.eventletutils.EventletEvent.set')\n",
        says=STAYS,
        files=DRIVER,
    ),
    manual(
        "the class",
        "from unittest import mock\n\nmock.patch('oslo_utils.eventletutils.EventletEvent')\n",
        files=DRIVER,
    ),
    manual(
        "no patch",
        "WAIT = 'oslo_utils.eventletutils.EventletEvent.wait'\n",
        says="names eventlet",
        files=DRIVER,
    ),
    manual(
        "for a module of the project",
        "from unittest import mock\n\nmock.patch('pkg.driver.eventletutils.EventletEvent.wait')\n",
        files=DRIVER,
    ),
    fixes(
        "a decorator",
        PATCHED,
        PATCHED.replace(
            "oslo_utils.eventletutils.EventletEvent.wait",
            "oslo_service.loopingcall.LoopingCallBase._sleep",
        ),
        checks=["C-MOCK"],
    ),
    fixes(
        "what is put there by hand",
        """
        from unittest import mock


        @mock.patch('oslo_utils.eventletutils.EventletEvent.wait',
                    lambda *args, **kwargs: None)
        class Test:
            pass
        """,
        """
        from unittest import mock


        @mock.patch('oslo_service.loopingcall.LoopingCallBase._sleep',
                    lambda *args, **kwargs: None)
        class Test:
            pass
        """,
        checks=["C-MOCK"],
    ),
    fixes(
        "in a with statement",
        """
        from unittest import mock

        with mock.patch("oslo_utils.eventletutils.EventletEvent.wait") as wait:
            print(wait)
        """,
        """
        from unittest import mock

        with mock.patch("oslo_service.loopingcall.LoopingCallBase._sleep") as wait:
            print(wait)
        """,
        checks=["C-MOCK"],
    ),
    fixes(
        "a fixture",
        """
        import fixtures

        slow = fixtures.MockPatch('oslo_utils.eventletutils.EventletEvent.wait')
        """,
        """
        import fixtures

        slow = fixtures.MockPatch('oslo_service.loopingcall.LoopingCallBase._sleep')
        """,
        checks=["C-MOCK"],
    ),
    fixes(
        "a test that loops itself",
        """
        from unittest import mock

        from oslo_service import loopingcall

        mock.patch('oslo_utils.eventletutils.EventletEvent.wait').start()
        loopingcall.BackOffLoopingCall(print).start().wait()
        """,
        """
        from unittest import mock

        from oslo_service import loopingcall

        mock.patch('oslo_service.loopingcall.LoopingCallBase._sleep').start()
        loopingcall.BackOffLoopingCall(print).start().wait()
        """,
        checks=["C-MOCK"],
        files={},
    ),
    fixes(
        "a line that gets too long",
        """
        from unittest import mock


        class Test:
            @mock.patch("oslo_utils.eventletutils.EventletEvent.wait", autospec=True)
            def test(self, wait):
                pass
        """,
        """
        from unittest import mock


        class Test:
            @mock.patch(
                "oslo_service.loopingcall.LoopingCallBase._sleep", autospec=True
            )
            def test(self, wait):
                pass
        """,
        checks=["C-MOCK"],
        line_length=79,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_looping_call_sleep(case: Case) -> None:
    check(
        case, RULES.get(case.id, "looping-call-sleep" if case.kind != "manual" else "mock-target")
    )
