from __future__ import annotations

import pytest
from looking import ledger_of, lines_of, look

QUIET = {
    "a small pool": """
        from concurrent.futures import ThreadPoolExecutor

        import eventlet

        POOL = ThreadPoolExecutor(100)
        """,
    "no size": """
        from concurrent.futures import ThreadPoolExecutor

        import eventlet

        POOL = ThreadPoolExecutor()
        """,
    "a size that nothing says": """
        from concurrent.futures import ThreadPoolExecutor

        import eventlet


        def pool(size):
            return ThreadPoolExecutor(size)
        """,
    "processes are no threads": """
        from concurrent.futures import ProcessPoolExecutor

        import eventlet

        POOL = ProcessPoolExecutor(1000)
        """,
    "a class that is only named": """
        from concurrent.futures import ThreadPoolExecutor

        import eventlet

        KINDS = {1000: ThreadPoolExecutor}
        """,
    "a name with two values": """
        from concurrent.futures import ThreadPoolExecutor

        import eventlet

        SIZE = 1000
        SIZE = 10
        POOL = ThreadPoolExecutor(SIZE)
        """,
    "a rewrite asks the same": """
        import eventlet

        POOL = eventlet.GreenPool(1000)


        def go(job):
            POOL.spawn_n(job)
        """,
}


@pytest.mark.parametrize("source", QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(source: str) -> None:
    assert look("large-pool", source) == []


def test_the_rewrite_that_keeps_it_quiet_does_ask() -> None:
    ledger = ledger_of({"service.py": QUIET["a rewrite asks the same"]})
    asked = {code for f in ledger.files[0].findings for code in f.may_differ}
    assert "C-BOUND" in asked


def test_a_test_may_have_any_pool() -> None:
    source = "from concurrent.futures import ThreadPoolExecutor as T\nimport eventlet\nT(1000)\n"
    assert look("large-pool", source, path="tests/test_it.py") == []


@pytest.mark.parametrize(
    "call",
    [
        "futures.ThreadPoolExecutor(1000)",
        "futures.ThreadPoolExecutor(max_workers=1000)",
        "futures.ThreadPoolExecutor(max_workers=SIZE)",
    ],
)
def test_a_number_is_found(call: str) -> None:
    source = f"from concurrent import futures\nimport eventlet\nSIZE = 1000\nPOOL = {call}\n"
    (hazard,) = look("large-pool", source)
    assert (hazard.line, hazard.tier, hazard.status) == (4, "review", "open")
    assert "1000" in hazard.message


def test_the_default_of_a_parameter_is_found() -> None:
    source = """
        from concurrent.futures import ThreadPoolExecutor

        import eventlet


        class Service:
            def __init__(self, threads=1000):
                self.pool = ThreadPoolExecutor(threads)
        """
    (hazard,) = look("large-pool", source)
    assert lines_of(hazard) == [("service.py", 8), ("service.py", 7)]


OPTIONS = """
    from oslo_config import cfg

    opts = [
        cfg.IntOpt("sync-pool-size", default={default}, min=1),
    ]
    """
SERVICE = """
    from concurrent.futures import ThreadPoolExecutor

    import eventlet

    import conf

    CONF = conf.CONF


    def pool():
        return ThreadPoolExecutor(CONF.sync_pool_size)
    """


def test_the_default_of_an_option_is_found() -> None:
    files = {"conf.py": OPTIONS.format(default=1000)}
    (hazard,) = look("large-pool", SERVICE, files=files)
    assert lines_of(hazard) == [("service.py", 11), ("conf.py", 4)]


def test_an_option_with_a_small_default_or_two_definitions_says_nothing() -> None:
    large, small = OPTIONS.format(default=1000), OPTIONS.format(default=10)
    assert look("large-pool", SERVICE, files={"conf.py": small}) == []
    assert look("large-pool", SERVICE, files={"conf.py": large, "other.py": small}) == []
