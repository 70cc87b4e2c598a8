from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    noop(
        "somebody else's patcher",
        """
        import eventlet.wsgi
        from pkg import patcher

        reversename = patcher.original("dns.reversename")
        """,
    ),
    manual(
        "a module of the standard library",
        """
        from eventlet import patcher

        socket = patcher.original("socket")
        """,
        says="was not asked for",
        steps=frozenset({1}),
    ),
    manual(
        "a package of the standard library",
        """
        from eventlet import patcher

        client = patcher.original("http.client")
        """,
        says="was not asked for",
        steps=frozenset({1}),
    ),
    manual(
        "a library that can be patched",
        """
        from eventlet import patcher

        driver = patcher.original("MySQLdb")
        """,
        says="was not asked for",
        steps=frozenset({1}),
    ),
    manual(
        "the function as a value",
        """
        from eventlet import patcher

        load = patcher.original
        """,
    ),
    manual(
        "a computed name",
        """
        from eventlet import patcher


        def load(name):
            return patcher.original(name)
        """,
        says="cannot be seen",
    ),
    fixes(
        "a module of a package, under its own name",
        """
        import eventlet.patcher
        from oslo_log import log

        # a workaround
        reversename = eventlet.patcher.original('dns.reversename')


        def zone_of(address):
            return reversename.from_address(address)
        """,
        """
        from dns import reversename
        from oslo_log import log

        # a workaround


        def zone_of(address):
            return reversename.from_address(address)
        """,
        tier="review",
        checks=["C-STATE", "C-STALE"],
    ),
    fixes(
        "under another name",
        """
        from eventlet import patcher

        names = patcher.original("dns.reversename")
        print(names)
        """,
        """
        from dns import reversename as names

        print(names)
        """,
        checks=["C-STATE"],
    ),
    fixes(
        "in a function",
        """
        from eventlet import patcher


        def resolve(address):
            return patcher.original("dns.reversename").from_address(address)
        """,
        """
        from dns import reversename


        def resolve(address):
            return reversename.from_address(address)
        """,
        checks=["C-STATE"],
    ),
    fixes(
        "a module that stands for itself",
        """
        from eventlet.patcher import original

        zmq = original("zmq")


        def context():
            return zmq.Context()
        """,
        """
        import zmq


        def context():
            return zmq.Context()
        """,
        checks=["C-STATE"],
    ),
    fixes(
        "imported above as well",
        """
        import requests
        from eventlet import patcher

        requests = patcher.original("requests")
        """,
        """
        import requests
        """,
        checks=["C-STATE"],
    ),
    fixes(
        "in a class",
        """
        from eventlet import patcher


        class Resolver:
            module = patcher.original("dns.resolver")
        """,
        """
        from dns import resolver


        class Resolver:
            module = resolver
        """,
        checks=["C-STATE"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_original_copy(case: Case) -> None:
    check(case, "original-copy")
