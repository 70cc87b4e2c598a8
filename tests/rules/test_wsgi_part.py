"""Parts of eventlet's WSGI server."""

from __future__ import annotations

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one
from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop(
        "a module of the project",
        """
        import eventlet.event
        from pkg import wsgi

        wsgi.HttpProtocol()
        """,
    ),
    noop(
        "the standard library",
        """
        from wsgiref import simple_server

        import eventlet.event

        simple_server.WSGIServer
        """,
    ),
    noop(
        "a text",
        """
        import eventlet.event

        TEXT = 'eventlet wsgi'
        """,
    ),
    manual(
        "a protocol",
        """
        from eventlet import wsgi


        class Quiet(wsgi.HttpProtocol):
            def log_message(self, *args):
                pass
        """,
        says="HttpProtocol` is left",
    ),
    manual(
        "a protocol that only names clients",
        """
        from eventlet import wsgi


        class Local(wsgi.HttpProtocol):
            def __init__(self, conn_state, server):
                if not conn_state[0]:
                    conn_state[0] = ("<local>", 0)
                super().__init__(conn_state, server)
        """,
        says="HttpProtocol` is left",
        advises="delete the class, with its tests",
    ),
    manual(
        "the class of a server",
        """
        import eventlet.wsgi


        def is_server(item):
            return isinstance(item, eventlet.wsgi.Server)
        """,
        says="Server` is left",
    ),
    manual(
        "a date",
        """
        from eventlet.wsgi import format_date_time

        DATE = format_date_time(0)
        """,
        says="format_date_time` is left",
    ),
    manual(
        "a constant",
        """
        from eventlet import wsgi

        FORMAT = wsgi.DEFAULT_LOG_FORMAT
        """,
        says="DEFAULT_LOG_FORMAT` is left",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_wsgi_part(case: Case) -> None:
    check(case, "wsgi-part")


def test_the_advice_goes_by_what_a_protocol_overrides() -> None:
    source = b"""\
from eventlet import wsgi


class Own(wsgi.HttpProtocol):
    minimum_chunk_size = 1

    def get_environ(self):
        return {}

    def helper(self):
        pass
"""
    (found,) = rewrite_one(source, "a.py", Settings(monkey_patched="yes")).entry.findings
    assert "`minimum_chunk_size` (line 5) becomes: parts of that size" in found.advice
    assert "`get_environ` (line 7) becomes: middleware" in found.advice
    assert "`helper`" not in found.advice


def test_an_application_that_took_the_socket() -> None:
    source = b"from eventlet import wsgi\n\n\ndef app(e, s):\n"
    source += b"    return wsgi.WSGI_LOCAL.already_handled\n"
    (found,) = rewrite_one(source, "a.py", Settings(monkey_patched="yes")).entry.findings
    assert "answers by the socket itself" in found.advice
