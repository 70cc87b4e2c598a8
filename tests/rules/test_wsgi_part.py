"""Parts of eventlet's WSGI server."""

from __future__ import annotations

import pytest

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
