from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

ASKED = ["C-TYPE"]

CASES = [
    noop(
        "a class of the project",
        """
        from pkg.tpool import Proxy

        import eventlet.wsgi


        def unwrap(client):
            return client._obj if isinstance(client, Proxy) else client
        """,
    ),
    noop(
        "a parameter hides the module",
        """
        from eventlet import tpool


        def is_wrapped(tpool, client):
            return isinstance(client, tpool.Proxy)
        """,
    ),
    manual(
        "a longer condition asks",
        """
        from eventlet import tpool


        def unwrap(client):
            if client and isinstance(client, tpool.Proxy):
                return client._obj
            return client
        """,
    ),
    manual(
        "one class of several",
        """
        from eventlet import tpool


        def is_wrapped(client):
            return isinstance(client, (tpool.Proxy, Wrapper))
        """,
    ),
    manual(
        "what is asked about does something",
        """
        from eventlet import tpool


        def unwrap(pool):
            if isinstance(pool.get(), tpool.Proxy):
                return pool.last._obj
            return pool.last
        """,
    ),
    manual(
        "a function of the project that is named like the assertion's",
        """
        from eventlet import tpool


        def check(client):
            return assertIsInstance(client, tpool.Proxy)
        """,
    ),
    manual(
        "the class as a value",
        """
        from eventlet import tpool

        WRAPPERS = [tpool.Proxy]
        """,
    ),
    manual(
        "the class is replaced",
        """
        from eventlet import tpool

        tpool.Proxy = Fake
        """,
        says="is assigned to",
    ),
    manual(
        "the new method is made by a call",
        """
        from eventlet import tpool

        tpool.Proxy.__str__ = make("_obj")
        """,
        says="is assigned to",
    ),
    manual(
        "two names get the new method",
        """
        from eventlet import tpool

        tpool.Proxy.__str__ = text = str_method
        """,
        says="is assigned to",
    ),
    manual(
        "a proxy stays in another file",
        """
        from eventlet import tpool


        def test_client(client):
            assert isinstance(client, tpool.Proxy)
        """,
        files={
            "pkg/client.py": """
            from eventlet import tpool


            def get(client):
                return tpool.Proxy(client).get(nonblocking=True)
            """
        },
    ),
    manual(
        "a wrapper is asked for",
        """
        from eventlet import tpool


        def test_client(client):
            assert isinstance(client, tpool.Proxy)
        """,
        tpool="helper",
        helpers="pkg.concurrency",
    ),
    manual(
        "green threads are left",
        """
        import eventlet
        from eventlet import tpool

        limit = eventlet.Timeout(4)


        def is_wrapped(client):
            return isinstance(client, tpool.Proxy)
        """,
        says="must go first",
    ),
    fixes(
        "an assertion among others",
        """
        from eventlet import tpool


        class TestClient(Base):
            def test_all(self):
                for client in self.pool.all():
                    self.assertIsInstance(client, tpool.Proxy)
                    self.assertTrue(client.ready)
        """,
        """
        class TestClient(Base):
            def test_all(self):
                for client in self.pool.all():
                    self.assertTrue(client.ready)
        """,
        checks=ASKED,
    ),
    fixes(
        "all that a loop asserts",
        """
        from eventlet import tpool


        class TestClient(Base):
            def test_all(self):
                clients = self.pool.all()
                self.assertEqual(2, len(clients))
                for client in clients:
                    self.assertIsInstance(client, tpool.Proxy, "it is bare")
        """,
        """
        class TestClient(Base):
            def test_all(self):
                clients = self.pool.all()
                self.assertEqual(2, len(clients))
        """,
        checks=ASKED,
    ),
    fixes(
        "a loop that may do more than assert, or whose names are used below",
        """
        from eventlet import tpool


        class TestClient(Base):
            def test_all(self):
                for client in self.pool.all():
                    self.assertIsInstance(client, tpool.Proxy)
                found = self.find(self.clients)
                for client in found:
                    self.assertIsInstance(client, tpool.Proxy)
                items = self.find(self.clients)
                for item in items:
                    self.assertIsInstance(item, tpool.Proxy)
                self.assertEqual(2, len(self.clients))
                assert len(items) < 3
                return item
        """,
        """
        class TestClient(Base):
            def test_all(self):
                for client in self.pool.all():
                    pass
                found = self.find(self.clients)
                for client in found:
                    pass
                items = self.find(self.clients)
                for item in items:
                    pass
                self.assertEqual(2, len(self.clients))
                assert len(items) < 3
                return item
        """,
        checks=ASKED,
    ),
    fixes(
        "all that a test asserts",
        """
        from eventlet import tpool


        class TestClient(Base):
            def test_wrapped(self):
                # the driver blocks
                self.assertIsInstance(self.client, tpool.Proxy)
        """,
        """
        class TestClient(Base):
            def test_wrapped(self):
                # the driver blocks
                pass
        """,
        checks=ASKED,
        says="nothing of `test_wrapped` is left",
    ),
    fixes(
        "the object is made in the assertion",
        """
        from eventlet import tpool


        def test_get(pool):
            assert isinstance(pool.get(3), tpool.Proxy), "it is bare"
            pool.assertNotIsInstance(pool.find(), tpool.Proxy)
            assert pool.size == 2
        """,
        """
        def test_get(pool):
            pool.get(3)
            pool.find()
            assert pool.size == 2
        """,
        checks=ASKED,
    ),
    fixes(
        "conditions that ask",
        """
        from eventlet.tpool import Proxy


        def unwrap(client):
            obj = client._obj if isinstance(client, Proxy) else client
            if not isinstance(obj, Proxy):
                obj.check()
            wrapped = isinstance(obj, Proxy)
            return obj, wrapped
        """,
        """
        def unwrap(client):
            obj = client
            obj.check()
            wrapped = False
            return obj, wrapped
        """,
        checks=ASKED,
    ),
    fixes(
        "methods of the class that are replaced",
        """
        from eventlet import tpool


        def patch_proxy():
            def str_method(self):
                return str(self._obj)

            tpool.Proxy.__str__ = str_method
            tpool.Proxy.__repr__ = lambda self: "proxy"  # old classes


        patch_proxy()
        """,
        """
        def patch_proxy():
            def str_method(self):
                return str(self._obj)


        patch_proxy()
        """,
        checks=ASKED,
        loses=["# old classes"],
        says="no object of this class",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_proxy_class(case: Case) -> None:
    check(case, "proxy-class")
