from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

STATE = ["C-STATE"]

CASES = [
    noop(
        "a function of one's own",
        """
        from pkg import import_patched

        client = import_patched("ftplib")
        """,
    ),
    noop(
        "a local hides the package",
        """
        import eventlet


        def load(loader):
            eventlet = loader
            return eventlet.import_patched("ftplib")
        """,
    ),
    noop(
        "importlib itself",
        """
        import importlib

        import eventlet.wsgi

        client = importlib.import_module("ftplib")
        """,
    ),
    noop(
        "an attribute of self",
        """
        import eventlet.wsgi


        class Loader:
            def load(self):
                return self.import_patched("ftplib")
        """,
    ),
    manual(
        "a computed name",
        """
        import eventlet


        def load(name):
            return eventlet.import_patched(name)
        """,
        says="cannot be seen",
    ),
    manual(
        "a formatted name",
        """
        import eventlet

        client = eventlet.import_patched(f"ftplib")
        """,
        says="cannot be seen",
    ),
    manual(
        "a name by keyword",
        """
        import eventlet

        client = eventlet.import_patched(module_name="ftplib")
        """,
        says="cannot be seen",
    ),
    manual(
        "the function as a value",
        """
        import eventlet

        load = eventlet.import_patched
        """,
    ),
    manual(
        "green threads are left",
        """
        import eventlet

        client = eventlet.import_patched("ftplib")
        limit = eventlet.Timeout(4)
        """,
        says="must go first",
    ),
    manual(
        "not selected",
        """
        import eventlet

        client = eventlet.import_patched("ftplib")
        """,
        says="EVT502 is not selected",
        ignore=("import-patched",),
    ),
    fixes(
        "at the top",
        """
        import eventlet

        client = eventlet.import_patched("ftplib")
        print(client)
        """,
        """
        import ftplib as client

        print(client)
        """,
        checks=STATE,
    ),
    fixes(
        "a dotted name",
        """
        from eventlet import patcher

        client = patcher.import_patched('http.client')
        print(client)
        """,
        """
        from http import client

        print(client)
        """,
        checks=STATE,
    ),
    fixes(
        "the further keywords only greened it",
        """
        import eventlet

        client = eventlet.import_patched("ftplib", socket=None)
        print(client)
        """,
        """
        import ftplib as client

        print(client)
        """,
        checks=STATE,
    ),
    fixes(
        "in a try statement, in its own quotes",
        """
        import eventlet

        try:
            client = eventlet.import_patched('ftplib')
        except ImportError:
            client = None
        """,
        """
        import importlib

        try:
            client = importlib.import_module('ftplib')
        except ImportError:
            client = None
        """,
        checks=STATE,
    ),
    fixes(
        "an attribute of it",
        """
        import eventlet


        def load():
            return eventlet.import_patched("ftplib").FTP
        """,
        """
        import importlib


        def load():
            return importlib.import_module("ftplib").FTP
        """,
        checks=STATE,
    ),
    fixes(
        "importlib is a parameter",
        """
        import eventlet


        def load(importlib):
            return eventlet.import_patched("ftplib")
        """,
        """
        import importlib as importlib_lib


        def load(importlib):
            return importlib_lib.import_module("ftplib")
        """,
        checks=STATE,
    ),
    fixes(
        "by the bare name",
        """
        from eventlet.patcher import import_patched as load

        client = load("ftplib")
        print(client)
        """,
        """
        import ftplib as client

        print(client)
        """,
        checks=STATE,
    ),
    fixes(
        "a green module among the further arguments",
        """
        import eventlet
        from eventlet.green import socket

        client = eventlet.import_patched("ftplib", ("socket", socket))
        print(client)
        """,
        """
        import ftplib as client
        import socket

        print(client)
        """,
        checks=STATE,
    ),
    # --- found the hard way ---
    manual(
        "a comment between the brackets",
        """
            import eventlet

            client = eventlet.import_patched(
                "ftplib",  # the old one
            )
            """,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_import_patched(case: Case) -> None:
    check(case, "import-patched")
