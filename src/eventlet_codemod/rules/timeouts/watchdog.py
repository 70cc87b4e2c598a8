"""A `Timeout` that `setUp()` starts, to end a test that hangs, is the `Timeout` of `fixtures`.

That one works by an alarm signal, which does interrupt the main thread, natively too, and the
fixture stops it by itself. So the assignment and the `cancel` at the end of the test become one
`self.useFixture(fixtures.Timeout(…, gentle=True))`. It is done where the project has `fixtures`
already, the limit is a whole number, and nothing else is done to the Timeout.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.api import TIMEOUT
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Decision, ReplaceStatement, Rewrite, Rule
from eventlet_codemod.rules.timeouts import _watchdog
from eventlet_codemod.rules.timeouts._watchdog import Watchdog


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a Timeout that setUp() keeps on the test."""
    watchdog = _watchdog.read(use, facts)
    if watchdog is None:
        return None
    return Rewrite(
        message="the Timeout of `fixtures` ends a test that hangs",
        why="an alarm signal interrupts the main thread with eventlet and without",
        edits=(
            ReplaceStatement(use.statement, lambda node, context: [_fixture(watchdog, context)]),
            ReplaceStatement(watchdog.cancel, lambda node, context: ()),
        ),
        checks={
            "C-MAIN": "a process has one alarm: does a base class set one already "
            "(OS_TEST_TIMEOUT)? This one takes its place, and it works in the main thread only"
        },
        needs=(_watchdog.LIBRARY,),
    )


def _fixture(watchdog: Watchdog, context: Context) -> str:
    library = context.name(_watchdog.LIBRARY)
    return f"self.useFixture({library}.Timeout({watchdog.seconds}, gentle=True))"


rule = Rule(
    code="EVT224",
    family="timeouts",
    step=1,
    summary="a Timeout that ends a hanging test becomes that of fixtures",
    apis=frozenset({TIMEOUT}),
    match=match,
    checks=("C-MAIN",),
    references=("TMO-6",),
    before="""\
import eventlet
import fixtures

from pkg.tests import base


class TestQueue(base.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.NestedTempfile())
        self.limit = eventlet.Timeout(15)
        self.addCleanup(self.limit.cancel)
""",
    after="""\
import fixtures

from pkg.tests import base


class TestQueue(base.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.NestedTempfile())
        self.useFixture(fixtures.Timeout(15, gentle=True))
""",
)
