"""What becomes of nova's wrappers, and what only looks like them."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CODEMOD = str(Path(__file__).with_name("nova_wrappers.py"))

CASES = [
    # --- what only looks like it ---
    noop("another module", "from other import utils\n\nutils.spawn_n(work)\n"),
    noop("a parameter", "from nova import utils\n\n\ndef f(utils):\n    utils.spawn_n(work)\n"),
    noop("a pool", "def f(pool):\n    pool.spawn_n(work)\n"),
    noop("nova's other utils", "from nova.compute import utils\n\nutils.spawn_n(work)\n"),
    noop("spawn without a result", "from nova import utils\n\nutils.spawn(work)\n"),
    noop(
        "a pool, whose method the built-in rules follow into the wrapper",
        """
        from nova import utils


        def run(pool, work):
            utils.pass_context(pool.spawn_n, work)
        """,
    ),
    noop(
        "code in a string",
        """
        def test():
            check("nova.utils.spawn_n(work)")
        """,
    ),
    noop("a string that is no target", 'x = "nova.utils.spawn_n"\n'),
    noop(
        "spawn_n of something else is patched",
        """
        from unittest import mock


        def test(pool):
            mock.patch.object(pool, "spawn_n")
        """,
    ),
    # --- what is told ---
    manual(
        "spawn_n is handed on",
        "from nova import utils\n\nrun = utils.spawn_n\n",
        says="is handed on",
        advises="use `utils.spawn`",
    ),
    manual(
        "the result of spawn_n",
        "from nova import utils\n\ngt = utils.spawn_n(work)\n",
        says="what it gives is used",
    ),
    manual(
        "imported by itself",
        "from nova.utils import spawn_n\n\nspawn_n(work)\n",
        says="imported by itself",
    ),
    manual(
        "a result that is used",
        """
        from nova import utils


        def f(work, event):
            opthread = utils.spawn(work)
            opthread.link(finished, event)
        """,
        says="the green thread that nova.utils.spawn gives",
        advises="`.add_done_callback(",
    ),
    manual(
        "both are patched",
        """
        import fixtures


        class Synchronous(fixtures.Fixture):
            def setUp(self):
                self.useFixture(fixtures.MonkeyPatch('nova.utils.spawn_n', Fake))
                self.useFixture(fixtures.MonkeyPatch('nova.utils.spawn', Fake))
        """,
        says="patches nova.utils.spawn as well",
    ),
    manual(
        "patched by another name",
        """
        from unittest import mock


        @mock.patch('nova.compute.manager.utils.spawn_n')
        def test(spawn):
            pass
        """,
        says="by another name",
    ),
    # --- what is rewritten ---
    fixes(
        "a call",
        """
        from nova import utils


        def index(nodes):
            utils.spawn_n(fetch,  # in the background
                          nodes)
        """,
        """
        from nova import utils


        def index(nodes):
            utils.spawn(fetch,  # in the background
                        nodes)
        """,
        checks=["C-CODEMOD"],
    ),
    fixes(
        "an alias, and the whole name",
        """
        import nova.utils
        from nova import utils as u

        u.spawn_n(work)
        nova.utils.spawn_n(work, x=1)
        """,
        """
        import nova.utils
        from nova import utils as u

        u.spawn(work)
        nova.utils.spawn(work, x=1)
        """,
        checks=["C-CODEMOD"],
    ),
    fixes(
        "patches in tests",
        """
        from unittest import mock

        from nova import utils


        class Test:
            def setUp(self):
                self.stub_out("nova.utils.spawn_n", run)

            @mock.patch.object(utils, 'spawn_n')
            def test_one(self, spawn):
                with mock.patch('nova.utils.spawn_n', side_effect=run) as spawn_n:
                    spawn_n.assert_called_once_with(work)
        """,
        """
        from unittest import mock

        from nova import utils


        class Test:
            def setUp(self):
                self.stub_out("nova.utils.spawn", run)

            @mock.patch.object(utils, 'spawn')
            def test_one(self, spawn):
                with mock.patch('nova.utils.spawn', side_effect=run) as spawn_n:
                    spawn_n.assert_called_once_with(work)
        """,
        checks=["C-CODEMOD"],
    ),
    fixes(
        "beside what is told",
        """
        from nova import utils


        def f(work):
            utils.spawn_n(work)
            return utils.spawn(work)
        """,
        """
        from nova import utils


        def f(work):
            utils.spawn(work)
            return utils.spawn(work)
        """,
        checks=["C-CODEMOD"],
        left=1,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_nova_wrappers(case: Case) -> None:
    check(case, CODEMOD)
