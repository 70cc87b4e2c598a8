"""What the codemod nova-background must leave alone, and what it makes of the rest."""

from pathlib import Path

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CODEMOD = str(Path(__file__).with_name("nova_background.py"))

LOOP = """
from {module} import utils


class Host:
    def start(self):
        utils.spawn(self.dispatch{more})  # green

    def dispatch(self):
        while True:
            self.one()
"""

CASES = [
    noop("another module", LOOP.format(module="other", more="")),
    manual(
        "work that ends",
        """
        from nova import utils


        class Host:
            def start(self):
                utils.spawn(self.dispatch)

            def dispatch(self):
                self.one()
        """,
        says="leaves this one",
    ),
    manual(
        "the result is used",
        "from nova import utils\n\nx = utils.spawn(work)\n",
        says="leaves this one",
    ),
    manual(
        "with arguments",
        LOOP.format(module="nova", more=", 1"),
        says="given arguments",
        advises="daemon",
    ),
    fixes(
        "an endless loop",
        LOOP.format(module="nova", more=""),
        """
        import threading

        from nova import utils


        class Host:
            def start(self):
                threading.Thread(target=self.dispatch, daemon=True).start()  # green

            def dispatch(self):
                while True:
                    self.one()
        """,
        checks=["C-LOCAL"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_nova_background(case: Case) -> None:
    check(case, CODEMOD)
