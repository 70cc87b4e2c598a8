from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    # --- what it is not about ---------------------------------------------------------------
    noop("levels of others", "LOG_LEVELS = ['amqp=WARN', 'sqlalchemy=WARN']  # no eventlet\n"),
    noop("prose", "LOG_LEVELS = ['amqp=WARN']\n'''eventlet.wsgi.server=WARN'''\n"),
    noop("part of a name", "LOG_LEVELS = ['my_eventlet=WARN', 'amqp=WARN']\n"),
    # --- what it leaves ---------------------------------------------------------------------
    manual(
        "a string by itself",
        "LOG_LEVEL = 'eventlet.wsgi.server=WARN'\n",
        says="it stands in no list",
    ),
    manual(
        "a tuple",
        "LOG_LEVELS = ('eventlet.wsgi.server=WARN', 'amqp=WARN')\n",
        says="it stands in no list",
    ),
    manual(
        "a list that has another name",
        "SETTINGS = ['eventlet.wsgi.server=WARN', 'amqp=WARN']\n",
        says="not said to be of log levels",
    ),
    manual(
        "nothing else in the list",
        "LOG_LEVELS = ['eventlet.wsgi.server=WARN']\n",
        says="nothing else is in the list",
    ),
    manual(
        "something else in the list",
        "LOG_LEVELS = ['eventlet.wsgi.server=WARN', OTHER]\n",
        says="holds something else as well",
    ),
    manual(
        "a comment would go with it",
        """
        default_log_levels = [
            'amqp=WARN',
            # its access log
            'eventlet.wsgi.server=WARN',
        ]
        """,
        says="the comment '# its access log' would be lost",
    ),
    manual(
        "the logger itself",
        """
        import logging

        LOG = logging.getLogger('eventlet.wsgi.server')
        """,
        says="names the logger of eventlet's WSGI server",
    ),
    manual(
        "a server is left",
        """
        import eventlet
        import eventlet.wsgi

        LOG_LEVELS = ['eventlet.wsgi.server=WARN', 'amqp=WARN']
        eventlet.wsgi.server(sock, app)
        """,
        says="must go first",
    ),
    # --- what it rewrites -------------------------------------------------------------------
    fixes(
        "the first of several lines",
        """
        _DEFAULT_LOG_LEVELS = [
            'eventlet.wsgi.server=WARN',
            'oslo_service.periodic_task=INFO',
            'oslo_service.loopingcall=INFO',
        ]
        """,
        """
        _DEFAULT_LOG_LEVELS = [
            'oslo_service.periodic_task=INFO',
            'oslo_service.loopingcall=INFO',
        ]
        """,
    ),
    fixes(
        "the last of several lines",
        """
        default_log_levels = [
            'amqp=WARN',
            'eventlet.wsgi.server=WARN'
        ]
        """,
        """
        default_log_levels = [
            'amqp=WARN'
        ]
        """,
    ),
    fixes(
        "in the midst of a line",
        """
        from oslo_log import log


        def setup():
            log.set_defaults(
                default_log_levels=['amqp=WARN', 'eventlet.wsgi.server=WARN', 'amqplib=WARN'])
        """,
        """
        from oslo_log import log


        def setup():
            log.set_defaults(
                default_log_levels=['amqp=WARN', 'amqplib=WARN'])
        """,
    ),
    fixes(
        "several of them",
        """
        LOG_LEVELS = ['eventlet=WARN', 'amqp=WARN', 'eventlet.wsgi.server=WARN']
        """,
        """
        LOG_LEVELS = ['amqp=WARN']
        """,
    ),
    fixes(
        "added to others",
        """
        from oslo_log import log

        log_levels = log.get_default_log_levels() + ['glanceclient=WARN', 'eventlet=INFO']
        """,
        """
        from oslo_log import log

        log_levels = log.get_default_log_levels() + ['glanceclient=WARN']
        """,
    ),
    fixes(
        "an attribute of a class",
        """
        class Config:
            LOG_LEVELS: list[str] = ['eventlet.wsgi=WARN', 'amqp=WARN']
        """,
        """
        class Config:
            LOG_LEVELS: list[str] = ['amqp=WARN']
        """,
    ),
    fixes(
        "a helper serves in another file",
        """
        LOG_LEVELS = ['eventlet.wsgi.server=WARN', 'eventlet=INFO', 'amqp=WARN']
        """,
        """
        LOG_LEVELS = ['wsgi.server=WARN', 'amqp=WARN']
        """,
        checks=("C-FLOW",),
        files={"pkg/api.py": "from pkg.concurrency import ConfiguredWSGIServer\n"},
        helpers="pkg.concurrency",
    ),
    fixes(
        "a helper served before",
        """
        LOG_LEVELS = ['eventlet.wsgi.server=WARN']
        """,
        """
        LOG_LEVELS = ['wsgi.server=WARN']
        """,
        checks=("C-FLOW",),
        files={"pkg/api.py": "from pkg.concurrency import wsgi_server\n"},
        helpers="pkg.concurrency",
    ),
    fixes(
        "something else than the helper serves",
        """
        LOG_LEVELS = ['eventlet.wsgi.server=WARN', 'amqp=WARN']
        """,
        """
        LOG_LEVELS = ['amqp=WARN']
        """,
        files={"pkg/api.py": "from pkg import wsgi\n\nwsgi.Server(1, 2, 3)\n"},
        helpers="pkg.concurrency",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_log_level(case: Case) -> None:
    check(case, "log-level")
