from __future__ import annotations

from functools import partial

import pytest

from eventlet_codemod import testing
from eventlet_codemod.testing import Case, check, noop

manual = partial(testing.manual, monkey_patched="auto")

CASES = [
    # --- what it is not about ---------------------------------------------------------------
    noop("other modules of oslo.service", "from oslo_service import service, systemd\n"),
    noop("a module of the project", "from neutron.api import wsgi\n\nwsgi.Server('x')\n"),
    noop("a name like it", "from oslo_service import wsgi_tools\n\nwsgi_tools.Server()\n"),
    noop("a package like it", "from oslo_service_wsgi import Server\n\nServer()\n"),
    noop(
        "a name that is bound to something else",
        """
        from oslo_service import service as wsgi

        wsgi.Server()
        """,
    ),
    # --- what it leaves ---------------------------------------------------------------------
    manual(
        "a string for a mock",
        "patch = mock.patch('oslo_service.wsgi.Server')\n",
        says="the string 'oslo_service.wsgi.Server' names",
    ),
    manual(
        "a string for a mock of its Loader",
        "patch = mock.patch('oslo_service.wsgi.Loader')\n",
        says="the string 'oslo_service.wsgi.Loader' names",
    ),
    manual(
        "a mock of an attribute",
        """
        from oslo_service import wsgi

        patch = mock.patch.object(wsgi, "Server")
        """,
        says="`oslo_service.wsgi` can be had only with eventlet",
    ),
    manual(
        "the server",
        """
        from oslo_service import wsgi

        server = wsgi.Server(CONF, 'api', app)
        """,
        says="`oslo_service.wsgi.Server` can be had only with eventlet",
    ),
    manual(
        "by its whole name",
        """
        import oslo_service.wsgi

        server = oslo_service.wsgi.Server(CONF, 'api', app)
        """,
        says="`oslo_service.wsgi.Server` can be had only with eventlet",
    ),
    manual(
        "a class that derives from it",
        """
        from oslo_service.wsgi import Server as Base


        class Server(Base):
            pass
        """,
        says="`oslo_service.wsgi.Server` can be had only with eventlet",
    ),
    manual(
        "among others",
        """
        from oslo_service import (
            service,
            wsgi as base,
        )

        service.launch(CONF, base.Loader(CONF).load_app('api'))
        """,
        says="`oslo_service.wsgi.Loader` can be had only with eventlet",
    ),
    manual(
        "its options",
        """
        from oslo_service import wsgi


        def register(conf):
            wsgi.register_opts(conf)
        """,
        says="`oslo_service.wsgi.register_opts`",
    ),
    manual(
        "an exception",
        """
        from oslo_service import wsgi

        try:
            load()
        except wsgi.PasteAppNotFound:
            pass
        """,
        says="`oslo_service.wsgi.PasteAppNotFound`",
    ),
    manual(
        "an import that nobody uses",
        "from oslo_service import wsgi\n",
        says="`oslo_service.wsgi` is imported and not used",
    ),
    manual(
        "a name with two meanings",
        """
        from oslo_service import wsgi
        if tests:
            wsgi = None

        wsgi.Server(CONF, 'api', app)
        """,
        says="may not be eventlet's here: the same name is also bound on line 3",
    ),
    manual(
        "the fixture",
        """
        from oslo_service import fixture as service_fixture


        class Test(TestCase):
            def setUp(self):
                self.useFixture(service_fixture.SleepFixture())
        """,
        says="SleepFixture does nothing on oslo.service's threading backend",
        path="pkg/tests/test_it.py",
    ),
    manual(
        "on either profile",
        """
        from oslo_service import wsgi

        server = wsgi.Server(CONF, 'api', app)
        """,
        says="`oslo_service.wsgi.Server`",
        profile="openstack",
        monkey_patch="init-backend",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_eventlet_only(case: Case) -> None:
    check(case, "eventlet-only")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Server", "cheroot"),
        ("Loader", "paste.deploy.loadapp"),
        ("Router", "routes.middleware"),
        ("register_opts", "api_paste_config"),
        ("Loader", "`PasteLoader` of it"),
        ("InvalidInput", "catch ValueError"),
        ("ConfigNotFound", "an exception of the project's own"),
        ("_something", "copy it into the project"),
    ],
)
def test_the_advice_is_for_the_name(name: str, says: str) -> None:
    from eventlet_codemod.config import Settings
    from eventlet_codemod.run import rewrite_one

    source = f"from oslo_service import wsgi\n\nprint(wsgi.{name})\n"
    (finding,) = rewrite_one(source.encode(), "a.py", Settings()).entry.findings
    assert says in finding.advice
