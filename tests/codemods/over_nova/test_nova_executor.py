"""What the codemod nova-executor must leave alone, and what it makes of the rest."""

from pathlib import Path

import pytest

from eventlet_codemod.testing import Case, check, fixes, noop

CODEMOD = str(Path(__file__).with_name("nova_executor.py"))

CASES = [
    noop(
        "somebody else's pool",
        """
        from other import GreenPool


        def _get_default_green_pool():
            return GreenPool(1)
        """,
    ),
    noop(
        "another function",
        """
        from other import eventlet


        def get_green_pool():
            return eventlet.greenpool.GreenPool(1)
        """,
    ),
    fixes(
        "the default pool",
        """
        import eventlet

        POOL = None


        def _get_default_green_pool():
            global POOL
            if POOL is None:
                POOL = eventlet.greenpool.GreenPool(  # one
                    CONF.default_green_pool_size
                )
            return POOL


        def spawn(func, *args):
            return pass_context(_get_default_green_pool().spawn, func, *args)


        def spawn_n(func, *args):
            pass_context(_get_default_green_pool().spawn_n, func, *args)
        """,
        """
        import concurrent.futures

        POOL = None


        def _get_default_green_pool():
            global POOL
            if POOL is None:
                POOL = concurrent.futures.ThreadPoolExecutor(  # one
                    CONF.default_green_pool_size
                )
            return POOL


        def spawn(func, *args):
            return pass_context(_get_default_green_pool().submit, func, *args)


        def spawn_n(func, *args):
            pass_context(_get_default_green_pool().submit, func, *args)
        """,
        path="nova/utils.py",
        checks=["C-CODEMOD"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_nova_executor(case: Case) -> None:
    check(case, CODEMOD)
