from __future__ import annotations

from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one
from eventlet_codemod.testing import Case, check, fixes, manual, noop

ASKED = ["C-TYPE", "C-BOUND"]
ALONE = "cannot be taken away by itself"

CASES = [
    noop(
        "xmlrpc's proxy",
        """
        from xmlrpc.client import ServerProxy as Proxy

        import eventlet.wsgi

        server = Proxy("http://a")
        """,
    ),
    noop(
        "a class of the project",
        """
        from pkg.tpool import Proxy

        proxy = Proxy(3)
        """,
    ),
    noop(
        "a parameter hides the module",
        """
        from eventlet import tpool


        def wrap(tpool, client):
            return tpool.Proxy(client)
        """,
    ),
    noop(
        "a method of that name",
        """
        import eventlet.wsgi


        def wrap(pool, client):
            return pool.Proxy(client)
        """,
    ),
    manual(
        "methods are called with nonblocking",
        """
        from eventlet import tpool


        def get(client):
            proxy = tpool.Proxy(client)
            return proxy.get(nonblocking=True)
        """,
        says=ALONE,
    ),
    manual(
        "a hidden object",
        """
        from eventlet import tpool


        def wrap(*args):
            return tpool.Proxy(*args)
        """,
        says=ALONE,
    ),
    manual(
        "an object by keyword",
        """
        from eventlet import tpool

        proxy = tpool.Proxy(obj=3)
        """,
        says=ALONE,
    ),
    manual(
        "the class is tested against",
        """
        from eventlet import tpool


        def unwrap(client):
            return client._obj if isinstance(client, (tpool.Proxy, Wrapper)) else client
        """,
    ),
    manual(
        "a subclass",
        """
        from eventlet import tpool


        class Client(tpool.Proxy):
            pass
        """,
    ),
    manual(
        "a wrapper is asked for",
        """
        from eventlet import tpool

        proxy = tpool.Proxy(3)
        """,
        says="`tpool` is set to `helper`",
        tpool="helper",
    ),
    manual(
        "green threads are left",
        """
        import eventlet
        from eventlet import tpool

        proxy = tpool.Proxy(3)
        limit = eventlet.Timeout(4)
        """,
        says="must go first",
    ),
    fixes(
        "a name",
        """
        from eventlet import tpool


        def wrap(client):
            return tpool.Proxy(client)
        """,
        """
        def wrap(client):
            return client
        """,
        checks=ASKED,
    ),
    fixes(
        "the wrapping was configured",
        """
        import eventlet.tpool

        conn = eventlet.tpool.Proxy(connect(), autowrap=(Domain,))
        """,
        """
        conn = connect()
        """,
        checks=ASKED,
    ),
    fixes(
        "objects that need brackets",
        """
        from eventlet.tpool import Proxy

        first = Proxy(a or b).get()
        second = -Proxy(3).real
        third = Proxy(a if b else c)
        fourth = Proxy(
            a
            or b
        )
        fifth = Proxy(x := a)
        """,
        """
        first = (a or b).get()
        second = -(3).real
        third = a if b else c
        fourth = (a
            or b)
        fifth = (x := a)
        """,
        checks=ASKED,
    ),
    fixes(
        "a yield",
        """
        from eventlet import tpool


        def run():
            proxy = tpool.Proxy((yield))
            return proxy
        """,
        """
        def run():
            proxy = (yield)
            return proxy
        """,
        checks=ASKED,
    ),
    fixes(
        "one in the other",
        """
        from eventlet import tpool

        proxy = tpool.Proxy(tpool.Proxy(load)())
        """,
        """
        proxy = load()
        """,
        checks=ASKED,
    ),
    fixes(
        "an object over several lines in brackets of its own",
        """
        from eventlet import tpool

        proxy = tpool.Proxy(
            connect(
                1,
                2,
            )
        )
        """,
        """
        proxy = connect(1, 2)
        """,
        checks=ASKED,
    ),
    # --- found the hard way ---
    pytest.param(
        fixes(
            "an object over two lines that has no brackets of its own",
            """
            from eventlet import tpool

            proxy = tpool.Proxy(driver
                                .connect)
            """,
            """
            proxy = (driver
                                .connect)
            """,
            checks=ASKED,
        ),
        marks=pytest.mark.xfail(
            reason="the file fails as a whole where nothing else in it is rewritten"
        ),
    ),
    manual(
        "a comment between the brackets",
        """
            from eventlet import tpool

            proxy = tpool.Proxy(
                connect()  # blocks
            )
            """,
    ),
    fixes(
        "an object over several lines is laid out for its place",
        """
        from eventlet import tpool


        class Driver:
            def connect(self, pool, name, snapshot):
                self.client = tpool.Proxy(library.Client(pool, name,
                                                         snapshot=snapshot,
                                                         read_only=True))
                self.image = tpool.Proxy(
                    library.Image(name,
                                  # by its time
                                  snapshot))
        """,
        """
        class Driver:
            def connect(self, pool, name, snapshot):
                self.client = library.Client(
                    pool, name, snapshot=snapshot, read_only=True
                )
                self.image = library.Image(name,
                                  # by its time
                                  snapshot)
        """,
        checks=ASKED,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_tpool_proxy(case: Case) -> None:
    check(case, "tpool-proxy")


def test_reaching_through_the_proxy_is_asked_about(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/tests.py").write_text("def test(client):\n    assert client._obj.calls\n")
    source = b"from eventlet import tpool\n\nclient = tpool.Proxy(Client())\n"
    change = rewrite_one(source, "pkg/client.py", Settings(force=True), root=tmp_path)
    (finding,) = change.entry.findings
    assert "`._obj`, which pkg/tests.py reads, is the Proxy's own" in finding.advice
