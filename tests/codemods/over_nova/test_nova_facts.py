"""What nova's wrappers are, and what only looks like them."""

from pathlib import Path

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CODEMOD = str(Path(__file__).with_name("nova_facts.toml"))

CASES = [
    noop(
        "another spawn",
        """
        from other import utils

        gt = utils.spawn(work)
        gt.wait()
        """,
    ),
    noop(
        "stub_out of something else",
        """
        def test(self):
            self.stub_out("time.sleep", None)
        """,
    ),
    manual(
        "a green thread that is killed",
        """
        from nova import utils

        gt = utils.spawn(work)
        gt.kill()
        """,
        says="it is killed",
    ),
    manual(
        "arguments that cannot be seen",
        """
        import nova.utils

        nova.utils.tpool_execute(*given)
        """,
        says="cannot be seen",
    ),
    fixes(
        "wait() on what spawn gives",
        """
        from nova import utils

        gt = utils.spawn(work, 1)  # a cell
        print(gt.wait())
        """,
        """
        from nova import utils

        gt = utils.spawn(work, 1)  # a cell
        print(gt.result())
        """,
    ),
    fixes(
        "a native thread for one call",
        """
        import nova.utils

        nova.utils.tpool_execute(client.call, 2, args=(1, 2))
        """,
        """
        client.call(2, args=(1, 2))
        """,
        checks=["C-BOUND", "C-LOCAL"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_nova_facts(case: Case) -> None:
    check(case, CODEMOD)
