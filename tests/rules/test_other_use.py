"""What no other rule rewrites is reported by this one, with advice; it rewrites nothing."""

from __future__ import annotations

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.rules.reporting.advice import ADVICE, advice_for
from eventlet_codemod.run import rewrite_one
from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop("nothing of eventlet", "import os\n"),
    noop("a word in a comment", "x = 1  # eventlet.sleep\n"),
    noop("a word in a docstring", '"""Uses eventlet and greenlet."""\n'),
    noop(
        "a word in a text",
        """
        TEXT = "we use eventlet here"
        OTHER = "eventlet/queue.py"
        """,
    ),
    noop(
        "modules of the project that end in eventlet",
        """
        from nova.cmd import eventlet_patch
        import neutron.common.eventlet_utils
        """,
    ),
    noop(
        "a string that names a module of the project",
        """
        TARGET = "neutron.cmd.eventlet.agents.dhcp"
        """,
    ),
    manual(
        "a function with a time limit",
        """
        import eventlet

        eventlet.with_timeout(4, print)
        """,
        says="`eventlet.with_timeout` is left",
    ),
    manual(
        "the package itself",
        """
        import eventlet

        patch(eventlet)
        """,
        says="`eventlet` is left",
    ),
    manual("an import for nobody", "from eventlet import sleep\n", says="imported and not used"),
    manual(
        "a star import",
        "from eventlet.greenpool import *\n",
        says="`from eventlet.greenpool import *`",
    ),
    manual(
        "a mode word",
        """
        serve(async_mode="eventlet")
        """,
        says="the string 'eventlet'",
    ),
    manual(
        "a mock target",
        """
        from unittest import mock

        TARGET = "pkg.mod.eventlet.spawn_n"
        """,
        says="the string 'pkg.mod.eventlet.spawn_n'",
    ),
    manual(
        "a name of another module's namespace",
        """
        from pkg import mod

        mod.eventlet.GreenPool()
        """,
    ),
    manual(
        "a name that nothing binds",
        """
        eventlet.GreenPool()
        """,
        says="nothing in this file binds the name eventlet",
    ),
    manual(
        "the backdoor of oslo.service",
        """
        from oslo_service import eventlet_backdoor


        def start(conf):
            return eventlet_backdoor.initialize_if_enabled(conf)
        """,
        says="initialize_if_enabled` is left",
    ),
    manual(
        "a mock of that backdoor",
        """
        from unittest import mock

        patch = mock.patch("oslo_service.eventlet_backdoor.initialize_if_enabled")
        """,
        says="oslo_service.eventlet_backdoor.initialize_if_enabled",
    ),
    manual(
        "what is green in futurist by another name",
        """
        import futurist

        worker = futurist.GreenWorker()
        """,
        says="futurist.GreenWorker",
    ),
    manual(
        "a subclass of oslo's event",
        """
        from oslo_utils import eventletutils


        class Done(eventletutils.EventletEvent):
            pass
        """,
        says="oslo_utils.eventletutils.EventletEvent",
    ),
    manual(
        "a greenlet",
        """
        import greenlet

        greenlet.greenlet(print).switch()
        """,
        says="greenlet.greenlet",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_other_use(case: Case) -> None:
    check(case, "other-use")


@pytest.mark.parametrize("api", sorted(ADVICE))
def test_advice_says_why_and_what_to_do(api: str) -> None:
    why, advice = ADVICE[api]
    assert len(why) > 20 and len(advice) > 15
    for text in (why, advice):
        assert not text.endswith(".")
    assert advice_for(f"{api}.anything_below")[0]


def test_the_longest_key_wins() -> None:
    assert advice_for("eventlet.greenthread.kill") == ADVICE["eventlet.greenthread.kill"]
    assert advice_for("eventlet.greenthread.odd") == ADVICE["eventlet.greenthread"]
    assert advice_for("eventlet.odd") == ADVICE["eventlet"]


def test_every_finding_that_is_left_has_advice() -> None:
    source = b"import eventlet\neventlet.serve(eventlet.hubs.get_hub(), app)\n"
    findings = rewrite_one(source, "example.py", Settings(monkey_patched="yes")).entry.findings
    assert [finding.status for finding in findings] == ["left", "left"]
    assert all(finding.advice and finding.why for finding in findings)
