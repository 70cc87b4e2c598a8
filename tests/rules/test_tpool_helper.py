from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

BOTH = {"tpool": "helper", "helpers": "pkg.concurrency"}

CASES = [
    noop(
        "another module of that name",
        """
        import eventlet.wsgi
        from pkg import tpool

        tpool.execute(print)
        """,
        **BOTH,
    ),
    manual(
        "a hidden function",
        """
        from eventlet import tpool


        def run(*args):
            return tpool.execute(*args)
        """,
        says="starred argument",
        **BOTH,
    ),
    manual(
        "no function",
        """
        from eventlet import tpool

        tpool.execute(meth=print)
        """,
        says="starred argument",
        **BOTH,
    ),
    manual(
        "wraps by names",
        """
        from eventlet import tpool


        def connect(driver):
            return tpool.Proxy(driver, autowrap_names=("cursor",))
        """,
        says="wraps by names",
        **BOTH,
    ),
    manual(
        "a hidden object",
        """
        from eventlet import tpool


        def connect(*driver):
            return tpool.Proxy(*driver)
        """,
        says="cannot be seen",
        **BOTH,
    ),
    manual(
        "methods that do not block",
        """
        from eventlet import tpool


        def connect(driver):
            proxy = tpool.Proxy(driver)
            return proxy.get(nonblocking=True)
        """,
        says="nonblocking",
        **BOTH,
    ),
    manual(
        "a class to test against",
        """
        from eventlet import tpool


        def is_proxy(driver):
            return isinstance(driver, tpool.Proxy)
        """,
        says="it is not called",
        **BOTH,
    ),
    manual(
        "a function that is passed on",
        """
        from eventlet import tpool


        def run(runner, function):
            return runner(tpool.execute, function)
        """,
        says="it is not called",
        **BOTH,
    ),
    manual(
        "no helpers module",
        """
        from eventlet import tpool


        def connect(driver):
            return tpool.Proxy(driver)
        """,
        says="`helpers` names no module",
        tpool="helper",
    ),
    manual(
        "no helpers module, in dual mode",
        """
        from eventlet import tpool


        def connect(driver):
            return tpool.Proxy(driver)
        """,
        says="`monkey-patch` is set to `switch`, and `helpers` names no module",
        monkey_patch="switch",
    ),
    fixes(
        "in dual mode, where it would otherwise be unwrapped",
        """
        from eventlet import tpool


        def connect(driver):
            return tpool.Proxy(driver)
        """,
        """
        from pkg import concurrency


        def connect(driver):
            return concurrency.tpool_wrap(driver)
        """,
        tier="safe",
        monkey_patch="switch",
        tpool="unwrap",
        helpers="pkg.concurrency",
        force=True,
    ),
    fixes(
        "a call and a proxy",
        """
        from eventlet import tpool


        def connect(driver, path):
            checksum = tpool.execute(driver.checksum, path, chunk=65536)  # slow
            return tpool.Proxy(driver.connect(checksum), autowrap=(driver.Pool,))
        """,
        """
        from pkg import concurrency


        def connect(driver, path):
            checksum = concurrency.tpool_execute(driver.checksum, path, chunk=65536)  # slow
            return concurrency.tpool_wrap(driver.connect(checksum), autowrap=(driver.Pool,))
        """,
        tier="safe",
        **BOTH,
    ),
    fixes(
        "names taken by themselves",
        """
        from eventlet.tpool import execute, Proxy


        def connect(driver):
            return Proxy(execute(driver))
        """,
        """
        from pkg import concurrency


        def connect(driver):
            return concurrency.tpool_wrap(concurrency.tpool_execute(driver))
        """,
        tier="safe",
        **BOTH,
    ),
    fixes(
        "at the top of the module",
        """
        from eventlet import tpool
        import driver

        DRIVER = tpool.Proxy(driver)
        """,
        """
        from pkg import concurrency
        import driver

        DRIVER = concurrency.tpool_wrap(driver)
        """,
        checks=["C-EARLY"],
        **BOTH,
    ),
    fixes(
        "a lambda, called at once",
        """
        import eventlet.tpool


        def size(path):
            return eventlet.tpool.execute(lambda: path.stat().st_size)
        """,
        """
        from pkg import concurrency


        def size(path):
            return concurrency.tpool_execute(lambda: path.stat().st_size)
        """,
        tier="safe",
        **BOTH,
    ),
    fixes(
        "what is wrapped, by place",
        """
        from eventlet import tpool as pool


        def connect(driver, types):
            return pool.Proxy(driver, types)
        """,
        """
        from pkg import concurrency


        def connect(driver, types):
            return concurrency.tpool_wrap(driver, types)
        """,
        tier="safe",
        **BOTH,
    ),
    fixes(
        "starred arguments behind the function",
        """
        from eventlet import tpool


        def run(function, *args, **kwargs):
            return tpool.execute(function, *args, **kwargs)
        """,
        """
        from pkg import concurrency


        def run(function, *args, **kwargs):
            return concurrency.tpool_execute(function, *args, **kwargs)
        """,
        tier="safe",
        **BOTH,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_tpool_helper(case: Case) -> None:
    check(case, "tpool-helper")
