"""An accept loop with a handler, and the exception that ends it."""

from __future__ import annotations

from functools import partial

import pytest

from eventlet_codemod import testing
from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one
from eventlet_codemod.testing import Case, check, noop

HELPERS = "pkg.concurrency"
manual = testing.manual
fixes = partial(testing.fixes, helpers=HELPERS)
ASKED = ["C-ATOM", "C-BOUND", "C-EXC"]

CASES = [
    noop("one of the project", "import eventlet.event\nfrom pkg.net import serve\n\nserve(1)\n"),
    noop("a method", "import eventlet.event\n\nserver.serve(sock, handle)\n"),
    noop(
        "a parameter of that name",
        """
        import eventlet.event


        def run(serve, sock):
            serve(sock, print)
        """,
    ),
    manual(
        "no helpers",
        """
        import eventlet


        def run(sock, handle):
            eventlet.serve(sock, handle)
        """,
        says="`helpers` names no module",
    ),
    manual(
        "StopServe without helpers",
        """
        import eventlet


        def handle(conn, addr):
            raise eventlet.StopServe()
        """,
        says="`helpers` names no module",
    ),
    manual(
        "a green thread that is killed, without helpers",
        """
        import eventlet


        def run(sock, handle, until):
            thread = eventlet.spawn(eventlet.serve, sock, handle)
            until()
            thread.kill()
        """,
        says="`helpers` names no module",
    ),
    manual(
        "the name may be another's",
        """
        try:
            from eventlet import serve
        except ImportError:
            from pkg.net import serve

        serve(sock, handle)
        """,
        says="may not be eventlet's",
        helpers=HELPERS,
    ),
    manual(
        "a part in doubt keeps the rest",
        """
        import eventlet

        try:
            from eventlet import StopServe
        except ImportError:
            StopServe = None


        def handle(conn, addr):
            raise StopServe


        def run(sock):
            eventlet.serve(sock, handle)
        """,
        says="may not be eventlet's",
        helpers=HELPERS,
    ),
    fixes(
        "a server that a handler ends",
        """
        import eventlet


        def handle(conn, addr):
            if conn.recv(10) == b"quit":
                raise eventlet.StopServe()


        def run(sock):
            eventlet.serve(sock, handle)
        """,
        """
        from pkg import concurrency


        def handle(conn, addr):
            if conn.recv(10) == b"quit":
                raise concurrency.StopServe()


        def run(sock):
            concurrency.serve(sock, handle)
        """,
        checks=ASKED,
    ),
    fixes(
        "by bare names",
        """
        from eventlet import convenience
        from eventlet import serve, StopServe


        class Stop(StopServe):
            pass


        def run(sock, handle):
            try:
                serve(sock, handle, 5)
                convenience.serve(sock, handle=handle, concurrency=size)
            except StopServe:
                return False
        """,
        """
        from pkg import concurrency


        class Stop(concurrency.StopServe):
            pass


        def run(sock, handle):
            try:
                concurrency.serve(sock, handle, 5)
                concurrency.serve(sock, handle=handle, concurrency=size)
            except concurrency.StopServe:
                return False
        """,
        checks=ASKED,
    ),
    fixes(
        "with the socket that is made for it",
        """
        import eventlet


        def run(handle):
            eventlet.serve(eventlet.listen(("", 7000)), handle)
        """,
        """
        from pkg import concurrency


        def run(handle):
            concurrency.serve(concurrency.listen(("", 7000)), handle)
        """,
        checks=ASKED,
    ),
    fixes(
        "in a thread of its own",
        """
        import eventlet


        def start(sock, handle):
            eventlet.spawn_n(eventlet.serve, sock, handle)
        """,
        """
        import threading

        from pkg import concurrency


        def start(sock, handle):
            threading.Thread(
                target=concurrency.serve, args=(sock, handle), daemon=True
            ).start()
        """,
        checks=ASKED,
    ),
    fixes(
        "beside a name that is taken",
        """
        import eventlet


        def run(sock, handle, concurrency):
            eventlet.serve(sock, handle, concurrency)
        """,
        """
        from pkg import concurrency as concurrency_lib


        def run(sock, handle, concurrency):
            concurrency_lib.serve(sock, handle, concurrency)
        """,
        checks=ASKED,
    ),
    fixes(
        "a green thread that is killed",
        """
        import eventlet


        class Service:
            def start(self, sock):
                self.loop = eventlet.spawn(eventlet.serve, sock, self.handle, 64)

            def stop(self):
                if self.loop is not None:
                    self.loop.kill()
        """,
        """
        from pkg import concurrency


        class Service:
            def start(self, sock):
                self.loop = concurrency.ServeThread(sock, self.handle, 64)

            def stop(self):
                if self.loop is not None:
                    self.loop.stop()
        """,
        checks=["C-ATOM", "C-BOUND"],
    ),
    fixes(
        "a function that runs one is killed",
        """
        import eventlet


        def run(sock, handle):
            eventlet.serve(sock, handle)


        def serve(sock, handle, until):
            loop = eventlet.spawn(run, sock, handle)
            until()
            loop.kill()
        """,
        """
        import eventlet
        from pkg import concurrency


        def run(sock, handle):
            concurrency.serve(sock, handle)


        def serve(sock, handle, until):
            loop = eventlet.spawn(run, sock, handle)
            until()
            loop.kill()
        """,
        checks=ASKED,
        left=2,
    ),
    fixes(
        "one that a handler may end too",
        """
        import eventlet


        def handle(conn, addr):
            raise eventlet.StopServe


        def run(sock, until):
            loop = eventlet.spawn(eventlet.serve, sock, handle)
            until()
            loop.kill()
        """,
        """
        import eventlet
        from pkg import concurrency


        def handle(conn, addr):
            raise concurrency.StopServe


        def run(sock, until):
            loop = eventlet.spawn(concurrency.serve, sock, handle)
            until()
            loop.kill()
        """,
        checks=ASKED,
        left=2,
    ),
    fixes(
        "a clause in a tuple with another exit",
        """
        import eventlet
        import greenlet


        def handle(conn, addr):
            try:
                conn.work()
            except (OSError, eventlet.StopServe):
                conn.end()
            eventlet.StopServe
        """,
        """
        import greenlet
        from pkg import concurrency


        def handle(conn, addr):
            try:
                conn.work()
            except (OSError, concurrency.StopServe):
                conn.end()
            concurrency.StopServe
        """,
        left=1,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_serve(case: Case) -> None:
    check(case, "serve")


@pytest.mark.parametrize(
    ("arguments", "limit"),
    [
        ("sock, handle", "up to 1000, the default, threads"),
        ("sock, handle, 20", "up to 20 threads"),
        ("sock, handle, concurrency=conf.size", "up to conf.size threads"),
        ("sock, handle, **more", "up to as many as are given threads"),
    ],
)
def test_how_many_threads(arguments: str, limit: str) -> None:
    source = f"import eventlet\n\neventlet.serve({arguments})\n"
    settings = Settings(helpers=HELPERS, monkey_patched="yes")
    (finding,) = rewrite_one(source.encode(), "example.py", settings).entry.findings
    assert limit in finding.advice
