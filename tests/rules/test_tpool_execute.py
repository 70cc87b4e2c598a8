from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

ASKED = ["C-LOCAL", "C-BOUND"]

CASES = [
    noop(
        "a cursor",
        """
        import eventlet.wsgi


        def run(cursor, tpool):
            cursor.execute("x")
            tpool.execute("x")
        """,
    ),
    noop(
        "a module of the project",
        """
        from pkg import tpool

        tpool.execute(print)
        """,
    ),
    noop(
        "a local hides the module",
        """
        from eventlet import tpool


        def run(pool):
            tpool = pool
            tpool.execute(print)
        """,
    ),
    noop(
        "another part of tpool",
        """
        from eventlet import tpool

        tpool.setup()
        size = tpool._nthreads
        """,
        steps=frozenset({1}),
    ),
    manual(
        "the function is hidden in stars",
        """
        from eventlet import tpool


        def run(*args):
            return tpool.execute(*args)
        """,
        says="cannot be seen",
    ),
    manual(
        "no function, a TypeError today",
        """
        from eventlet import tpool

        tpool.execute(meth=print)
        """,
        says="cannot be seen",
    ),
    manual(
        "a generator expression",
        """
        from eventlet import tpool

        tpool.execute(x for x in ())
        """,
        says="cannot be seen",
    ),
    manual(
        "execute as a value",
        """
        from eventlet import tpool

        run = tpool.execute
        """,
    ),
    manual(
        "execute is asked for, and not called",
        """
        from unittest import mock

        from eventlet import tpool


        def test_run(runner, self):
            runner.assert_called_once_with(tpool.execute, print)
            self.assertEqual(tpool.execute, runner.how)
            assert runner.call_args == mock.call(tpool.execute, print)
            assert callable(tpool.execute)
        """,
    ),
    manual(
        "a green thread is to call it",
        """
        import eventlet
        from eventlet import tpool

        eventlet.spawn_n(tpool.execute, print, 3)
        """,
        ignore=("EVT110",),
    ),
    manual(
        "execute by keyword",
        """
        from eventlet import tpool

        run(print, runner=tpool.execute)
        """,
    ),
    fixes(
        "another function is to call it",
        """
        from eventlet import tpool


        def run(pass_context, func, *args, **kwargs):
            return pass_context(tpool.execute, func, *args, **kwargs)


        def run_all(jobs):
            return list(map(tpool.execute, jobs))
        """,
        """
        def run(pass_context, func, *args, **kwargs):
            return pass_context(
                lambda function, *args, **kwargs: function(*args, **kwargs),
                func,
                *args,
                **kwargs,
            )


        def run_all(jobs):
            return list(map(
                lambda function, *args, **kwargs: function(*args, **kwargs), jobs
            ))
        """,
        checks=[*ASKED, "C-FLOW"],
    ),
    fixes(
        "a partial of it",
        """
        import functools

        from eventlet import tpool


        def binding(client):
            return functools.partial(tpool.execute, client.get, timeout=3)
        """,
        """
        import functools


        def binding(client):
            return functools.partial(client.get, timeout=3)
        """,
        checks=ASKED,
    ),
    fixes(
        "a partial whose function comes later",
        """
        import functools

        from eventlet import tpool

        run = functools.partial(tpool.execute)
        """,
        """
        import functools

        run = functools.partial(
            lambda function, *args, **kwargs: function(*args, **kwargs)
        )
        """,
        checks=[*ASKED, "C-FLOW"],
    ),
    manual(
        "green threads are left, which a direct call would block",
        """
        import eventlet
        from eventlet import tpool

        tpool.execute(print)
        limit = eventlet.Timeout(4)
        """,
        says="must go first",
    ),
    manual(
        "a wrapper is asked for",
        """
        from eventlet import tpool

        tpool.execute(print)
        """,
        says="`tpool` is set to `helper`",
        tpool="helper",
    ),
    manual(
        "a mock target",
        """
        TARGET = "pkg.mod.tpool.execute"
        """,
    ),
    fixes(
        "arguments of all kinds",
        """
        from eventlet import tpool


        def run(f, *a, **k):
            return tpool.execute(f, 1, *a, x=2, **k)
        """,
        """
        def run(f, *a, **k):
            return f(1, *a, x=2, **k)
        """,
        checks=ASKED,
    ),
    fixes(
        "no arguments, and what it returns is called",
        """
        import eventlet.tpool

        x = eventlet.tpool.execute(load)(3)
        """,
        """
        x = load()(3)
        """,
        checks=ASKED,
    ),
    fixes(
        "functions that need brackets",
        """
        from eventlet.tpool import execute

        execute(lambda x: x, 1)
        execute(a if b else c, 1)
        execute(d := e, 1)
        execute("".join, [])
        """,
        """
        (lambda x: x)(1)
        (a if b else c)(1)
        (d := e)(1)
        "".join([])
        """,
        checks=ASKED,
    ),
    fixes(
        "one in the other",
        """
        from eventlet import tpool

        tpool.execute(f, tpool.execute(g, 1))
        """,
        """
        f(g(1))
        """,
        checks=ASKED,
    ),
    fixes(
        "in an f-string",
        """
        from eventlet import tpool

        print(f"{tpool.execute(f, 1)!r:>{tpool.execute(g)}}")
        """,
        """
        print(f"{f(1)!r:>{g()}}")
        """,
        checks=ASKED,
    ),
    fixes(
        "a call over several lines is laid out anew",
        """
        from eventlet import tpool


        def run(self):
            return tpool.execute(self.driver.copy_volume_data_to_image,
                                 self.context, self.image,
                                 size=self.size)
        """,
        """
        def run(self):
            return self.driver.copy_volume_data_to_image(
                self.context, self.image, size=self.size
            )
        """,
        checks=ASKED,
    ),
    fixes(
        "a comprehension and an async function",
        """
        from eventlet import tpool


        async def run(paths):
            return [tpool.execute(open, path) for path in paths]
        """,
        """
        async def run(paths):
            return [open(path) for path in paths]
        """,
        checks=ASKED,
    ),
    fixes(
        "a string over several lines",
        '''
        from eventlet import tpool

        tpool.execute(f, """a
        b""")
        ''',
        '''
        f("""a
        b""")
        ''',
        checks=ASKED,
    ),
    # --- found the hard way ---
    pytest.param(
        fixes(
            "comments between the arguments",
            """
            from eventlet import tpool

            tpool.execute(
                run,
                1,  # one
                2,
            )
            """,
            """
            run(
                1,  # one
                2,
            )
            """,
            checks=ASKED,
        ),
        marks=pytest.mark.xfail(
            reason="the file fails as a whole where nothing else in it is rewritten"
        ),
    ),
    manual(
        "execute is what is executed",
        """
        from eventlet import tpool

        tpool.execute(tpool.execute, run, 1)
        """,
        says="cannot be seen",
        force=True,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_tpool_execute(case: Case) -> None:
    check(case, "tpool-execute")
