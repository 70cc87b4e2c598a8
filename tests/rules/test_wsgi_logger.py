from __future__ import annotations

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one
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


CONFIG = """
        CONFIG = {
            "version": 1,
            "loggers": {
                "OLD.server": {"level": "WARNING"},
                "OLD": {"propagate": False},
                "eventlet.event": {"level": "INFO"},
            },
        }
        CONFIG["loggers"]["OLD.server"]["level"] = "INFO"
"""
SERVES = """
        from PLACE


        def serve(sock, app):
            CALL(sock, app)
"""


def configured(name: str, place: str, call: str) -> str:
    serves = SERVES.replace("PLACE", place).replace("CALL", call)
    return serves + CONFIG.replace("OLD", name)


EVENTLET = ("eventlet.wsgi", "eventlet import wsgi", "wsgi.server")
NATIVE = ("wsgi", "pkg import concurrency", "concurrency.wsgi_server")
CASES += [
    fixes(
        "loggers in a dictionary",
        configured(*EVENTLET),
        configured(*NATIVE),
        checks=["C-FLOW"],
        left=1,
        says="the logger of the WSGI server is called `wsgi",
        **HELPERS,
    ),
    manual(
        "loggers in a dictionary, and nothing serves",
        CONFIG.replace("OLD", "eventlet.wsgi"),
        says="the string 'eventlet.wsgi.server' names the logger",
        **HELPERS,
    ),
    manual(
        "another dictionary",
        """
        NAMES = {"eventlet.wsgi.server": 1}
        """,
        says="the string 'eventlet.wsgi.server' names eventlet",
        **HELPERS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_wsgi_logger(case: Case) -> None:
    check(case, "wsgi-logger")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"wsgi": "external"}, "`gunicorn.access` has gunicorn's requests"),
        ({"wsgi": "external", "wsgi_external": "uwsgi"}, "`log-format`"),
        ({}, "with the helper it is `wsgi`"),
    ],
)
def test_the_advice_names_the_loggers_of_the_server(settings: dict, says: str) -> None:
    source = b"import logging\n\nlogging.getLogger('eventlet.wsgi').setLevel(logging.INFO)\n"
    chosen = Settings(**{"monkey_patched": "yes", **settings})
    (found,) = rewrite_one(source, "a.py", chosen).entry.findings
    assert (found.rule, found.step) == ("EVT705", 3)
    assert says in found.advice
