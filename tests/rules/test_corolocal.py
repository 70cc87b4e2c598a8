from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    noop(
        "threading's own",
        """
        import threading

        import eventlet.wsgi

        store = threading.local()
        """,
    ),
    noop(
        "a parameter hides the module",
        """
        from eventlet import corolocal


        def make(corolocal):
            return corolocal.local()
        """,
    ),
    noop(
        "a module of the project of that name",
        """
        from pkg import corolocal

        store = corolocal.local()
        """,
    ),
    noop(
        "another part of corolocal",
        """
        from eventlet import corolocal

        wrap = corolocal._localbase
        """,
    ),
    manual(
        "an optional import",
        """
        try:
            from eventlet.corolocal import local
        except ImportError:
            from pkg.threads import local

        store = local()
        """,
        says="optional",
    ),
    manual(
        "it is replaced",
        """
        from eventlet import corolocal

        corolocal.local = object
        """,
        says="assigned to",
    ),
    manual(
        "a mock target",
        """
        TARGET = "pkg.mod.corolocal.get_ident"
        """,
    ),
    manual(
        "a module of the project is called threading",
        """
        from eventlet import corolocal

        store = corolocal.local()
        """,
        files={"threading.py": ""},
        says="a module of this project",
    ),
    fixes(
        "an object",
        """
        from eventlet import corolocal

        store = corolocal.local()
        """,
        """
        import threading

        store = threading.local()
        """,
    ),
    fixes(
        "a subclass",
        """
        import eventlet.corolocal


        class Store(eventlet.corolocal.local):
            def __init__(self):
                self.items = []
        """,
        """
        import threading


        class Store(threading.local):
            def __init__(self):
                self.items = []
        """,
    ),
    fixes(
        "the ident",
        """
        from eventlet.corolocal import get_ident as ident


        def key():
            return ident()
        """,
        """
        import threading


        def key():
            return threading.get_ident()
        """,
    ),
    fixes(
        "the ident as a value",
        """
        from eventlet import corolocal

        KEY = corolocal.get_ident
        """,
        """
        import threading

        KEY = threading.get_ident
        """,
    ),
    fixes(
        "threading is imported already",
        """
        import threading

        from eventlet import corolocal

        store, lock = corolocal.local(), threading.Lock()
        """,
        """
        import threading

        store, lock = threading.local(), threading.Lock()
        """,
    ),
    fixes(
        "the name threading is bound in the class",
        """
        from eventlet import corolocal


        class Store:
            threading = True
            items = corolocal.local()
        """,
        """
        import threading as threading_lib


        class Store:
            threading = True
            items = threading_lib.local()
        """,
    ),
    fixes(
        "an annotation in the code",
        """
        from eventlet.corolocal import local


        def keep(store: local) -> local:
            return store
        """,
        """
        import threading


        def keep(store: threading.local) -> threading.local:
            return store
        """,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_corolocal(case: Case) -> None:
    check(case, "corolocal")
