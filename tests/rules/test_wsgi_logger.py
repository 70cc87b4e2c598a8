from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

HELPERS = {"helpers": "pkg.concurrency"}
SERVE = """

        def serve(sock, app):
            wsgi.server(sock, app, log=LOG)
"""
CASES = [
    noop(
        "another logger",
        """
        import logging

        LOG = logging.getLogger("pkg.wsgi.server")
        """,
        **HELPERS,
    ),
    noop(
        "in a sentence",
        """
        import logging

        LOG = logging.getLogger(__name__)
        LOG.info("eventlet.wsgi.server logs elsewhere")
        """,
        **HELPERS,
    ),
    manual(
        "no helpers",
        f"""
        import logging
        from eventlet import wsgi

        LOG = logging.getLogger("eventlet.wsgi.server")
        {SERVE}
        """,
        says="the string 'eventlet.wsgi.server'",
    ),
    manual(
        "a person is to decide",
        f"""
        import logging
        from eventlet import wsgi

        LOG = logging.getLogger("eventlet.wsgi.server")
        {SERVE}
        """,
        says="the string 'eventlet.wsgi.server'",
        wsgi="manual",
        **HELPERS,
    ),
    manual(
        "no server in the file",
        """
        import logging

        LOG = logging.getLogger("eventlet.wsgi.server")
        """,
        says="the string 'eventlet.wsgi.server'",
        **HELPERS,
    ),
    manual(
        "a server that stays",
        """
        import logging
        from eventlet import wsgi

        LOG = logging.getLogger("eventlet.wsgi.server")


        def serve(sock, app):
            wsgi.server(sock, app, log=LOG, protocol=None)
        """,
        says="the string 'eventlet.wsgi.server'",
        **HELPERS,
    ),
    manual(
        "no logger is asked for",
        """
        NAMES = ["eventlet.wsgi.server"]
        """,
        says="the string 'eventlet.wsgi.server'",
        **HELPERS,
    ),
    fixes(
        "logging.getLogger of import logging",
        """
        import logging
        from eventlet import wsgi

        LOG = logging.getLogger('eventlet.wsgi.server')


        def serve(sock, app):
            wsgi.server(sock, app, log=LOG)
        """,
        """
        import logging

        from pkg import concurrency

        LOG = logging.getLogger('wsgi.server')


        def serve(sock, app):
            concurrency.wsgi_server(sock, app, log=LOG)
        """,
        checks=("C-FLOW",),
        **HELPERS,
    ),
    fixes(
        "getLogger of from logging import getLogger",
        """
        from logging import getLogger
        from eventlet import wsgi

        LOG = getLogger('eventlet.wsgi.server')


        def serve(sock, app):
            wsgi.server(sock, app, log=LOG)
        """,
        """
        from logging import getLogger

        from pkg import concurrency

        LOG = getLogger('wsgi.server')


        def serve(sock, app):
            concurrency.wsgi_server(sock, app, log=LOG)
        """,
        checks=("C-FLOW",),
        **HELPERS,
    ),
    fixes(
        "log.getLogger of from oslo_log import log",
        """
        from oslo_log import log
        from eventlet import wsgi

        LOG = log.getLogger('eventlet.wsgi.server')


        def serve(sock, app):
            wsgi.server(sock, app, log=LOG)
        """,
        """
        from oslo_log import log
        from pkg import concurrency

        LOG = log.getLogger('wsgi.server')


        def serve(sock, app):
            concurrency.wsgi_server(sock, app, log=LOG)
        """,
        checks=("C-FLOW",),
        **HELPERS,
    ),
    fixes(
        "logging.getLogger of from oslo_log import log as logging",
        """
        from oslo_log import log as logging
        from eventlet import wsgi

        LOG = logging.getLogger('eventlet.wsgi.server')


        def serve(sock, app):
            wsgi.server(sock, app, log=LOG)
        """,
        """
        from oslo_log import log as logging
        from pkg import concurrency

        LOG = logging.getLogger('wsgi.server')


        def serve(sock, app):
            concurrency.wsgi_server(sock, app, log=LOG)
        """,
        checks=("C-FLOW",),
        **HELPERS,
    ),
    fixes(
        "log.getLogger of from oslo_log import log with more",
        """
        from oslo_log import log
        from eventlet import wsgi

        LOG = log.getLogger('eventlet.wsgi.server', 'project')


        def serve(sock, app):
            wsgi.server(sock, app, log=LOG)
        """,
        """
        from oslo_log import log
        from pkg import concurrency

        LOG = log.getLogger('wsgi.server', 'project')


        def serve(sock, app):
            concurrency.wsgi_server(sock, app, log=LOG)
        """,
        checks=("C-FLOW",),
        **HELPERS,
    ),
    fixes(
        "structlog.get_logger of import structlog",
        """
        import structlog
        from eventlet import wsgi

        LOG = structlog.get_logger('eventlet.wsgi.server')


        def serve(sock, app):
            wsgi.server(sock, app, log=LOG)
        """,
        """
        import structlog
        from pkg import concurrency

        LOG = structlog.get_logger('wsgi.server')


        def serve(sock, app):
            concurrency.wsgi_server(sock, app, log=LOG)
        """,
        checks=("C-FLOW",),
        **HELPERS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_wsgi_logger(case: Case) -> None:
    check(case, "wsgi-logger")
