"""What the codemod nova-names must leave alone, and what it makes of the rest."""

from pathlib import Path

import pytest

from eventlet_codemod.testing import Case, check, fixes, noop

CODEMOD = str(Path(__file__).with_name("nova_names.py"))

CASES = [
    noop("another module", "from other import utils\n\nutils._get_default_green_pool()\n"),
    noop("a local name", "def f(_get_default_green_pool):\n    _get_default_green_pool()\n"),
    noop("a name of this module", "def _get_default_green_pool():\n    return 1\n"),
    fixes(
        "a call",
        """
        from nova import utils

        pool = utils._get_default_green_pool()  # shared
        """,
        """
        from nova import utils

        pool = utils._get_default_executor()  # shared
        """,
        checks=["C-CODEMOD"],
    ),
    fixes(
        "the global, and a string that a test patches",
        """
        import fixtures
        from nova import utils


        def f(self):
            utils.DEFAULT_GREEN_POOL = None
            self.useFixture(fixtures.MonkeyPatch('nova.utils._get_default_green_pool', f))
        """,
        """
        import fixtures
        from nova import utils


        def f(self):
            utils.DEFAULT_EXECUTOR = None
            self.useFixture(fixtures.MonkeyPatch('nova.utils._get_default_executor', f))
        """,
        checks=["C-CODEMOD"],
    ),
]

CASES += [
    fixes(
        "at home",
        """
        DEFAULT_GREEN_POOL = None


        def _get_default_green_pool():
            global DEFAULT_GREEN_POOL
            if DEFAULT_GREEN_POOL is None:
                DEFAULT_GREEN_POOL = make()
            return DEFAULT_GREEN_POOL
        """,
        """
        DEFAULT_EXECUTOR = None


        def _get_default_executor():
            global DEFAULT_EXECUTOR
            if DEFAULT_EXECUTOR is None:
                DEFAULT_EXECUTOR = make()
            return DEFAULT_EXECUTOR
        """,
        path="nova/utils.py",
        checks=["C-CODEMOD"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_nova_names(case: Case) -> None:
    check(case, CODEMOD)
