from __future__ import annotations

from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import run
from eventlet_codemod.testing import Case, check, fixes, manual, noop

HELPERS = {"helpers": "pkg.concurrency"}
ASKED = ("C-HTTP", "C-ATOM", "C-LOCAL", "C-BOUND", "C-FLOW", "C-LIFE")

CASES = [
    noop(
        "a server of the project",
        """
        from oslo_service import service
        from pkg import wsgi

        server = wsgi.Server(conf, "api", app)
        """,
        **HELPERS,
    ),
    noop(
        "another class of oslo.service",
        """
        from oslo_service import service

        server = service.Service(conf)
        """,
        **HELPERS,
    ),
    manual(
        "no helpers, so another rule names it",
        """
        from oslo_service import wsgi

        server = wsgi.Server(conf, "api", app)
        """,
        says="`helpers` names no module",
    ),
    manual(
        "a person is to decide",
        """
        from oslo_service import wsgi

        server = wsgi.Server(conf, "api", app)
        """,
        wsgi="manual",
        **HELPERS,
        says="only with eventlet",
    ),
    manual(
        "a protocol of its own",
        """
        from oslo_service import wsgi

        server = wsgi.Server(conf, "api", app, protocol=Protocol)
        """,
        **HELPERS,
        says="the helper has no `protocol`",
    ),
    manual(
        "keywords that cannot be seen",
        """
        from oslo_service import wsgi

        server = wsgi.Server(conf, "api", app, **options)
        """,
        **HELPERS,
        says="unseen keywords",
    ),
    manual(
        "the protocol by its position",
        """
        from oslo_service import wsgi

        server = wsgi.Server(conf, "api", app, "::", 80, 10, Protocol)
        """,
        **HELPERS,
        says="not all of its arguments",
    ),
    manual(
        "a class with a start of its own",
        """
        from oslo_service import wsgi


        class Server(wsgi.Server):
            def start(self):
                self._server = None
        """,
        **HELPERS,
        says="a start of its own",
    ),
    manual(
        "a class with another base",
        """
        from oslo_service import wsgi
        from pkg import Mixin


        class Server(Mixin, wsgi.Server):
            pass
        """,
        **HELPERS,
        says="other bases",
    ),
    manual(
        "the class is passed on",
        """
        from oslo_service import wsgi


        def make(factory):
            return factory(wsgi.Server)
        """,
        **HELPERS,
        says="it is passed on",
    ),
    manual(
        "the name may be another's",
        """
        try:
            from oslo_service import wsgi
        except ImportError:
            from pkg import wsgi

        server = wsgi.Server(conf, "api", app)
        """,
        **HELPERS,
        says="may not be eventlet's",
    ),
    fixes(
        "a service with a port",
        """
        from oslo_service import service
        from oslo_service import wsgi


        class Service(service.ServiceBase):
            def __init__(self, conf, app):
                self.server = wsgi.Server(
                    conf,
                    "api",
                    app,
                    host=conf.host,
                    port=conf.port,
                    use_ssl=conf.tls,
                )
        """,
        """
        from oslo_service import service
        from pkg import concurrency


        class Service(service.ServiceBase):
            def __init__(self, conf, app):
                self.server = concurrency.ConfiguredWSGIServer(
                    conf,
                    "api",
                    app,
                    host=conf.host,
                    port=conf.port,
                    use_ssl=conf.tls,
                )
        """,
        checks=ASKED,
        says="up to `wsgi_default_pool_size` (100) threads",
        **HELPERS,
    ),
    fixes(
        "its lines stand below the bracket",
        """
        from oslo_service import wsgi


        def make(conf, app):
            return wsgi.Server(conf, "api", app,
                               pool_size=conf.threads,
                               max_url_len=100)
        """,
        """
        from pkg import concurrency


        def make(conf, app):
            return concurrency.ConfiguredWSGIServer(conf, "api", app,
                                                    pool_size=conf.threads,
                                                    max_url_len=100)
        """,
        checks=ASKED,
        says="up to `conf.threads` threads",
        **HELPERS,
    ),
    fixes(
        "its lines would be too long",
        """
        import socket

        from oslo_service import wsgi


        def make(conf, app):
            return wsgi.Server(conf, "api", app, socket_family=socket.AF_UNIX,
                               socket_file=conf.path, socket_mode=conf.mode)
        """,
        """
        import socket

        from pkg import concurrency


        def make(conf, app):
            return concurrency.ConfiguredWSGIServer(
                conf,
                "api",
                app,
                socket_family=socket.AF_UNIX,
                socket_file=conf.path,
                socket_mode=conf.mode,
            )
        """,
        checks=ASKED,
        **HELPERS,
    ),
    fixes(
        "its Loader goes along",
        """
        from oslo_service import wsgi


        def make(conf):
            app = wsgi.Loader(conf).load_app("api")
            return wsgi.Server(conf, "api", app, "::", 80, 10)
        """,
        """
        from pkg import concurrency


        def make(conf):
            app = concurrency.PasteLoader(conf).load_app("api")
            return concurrency.ConfiguredWSGIServer(conf, "api", app, "::", 80, 10)
        """,
        checks=ASKED,
        says="up to `10` threads",
        **HELPERS,
    ),
    fixes(
        "a subclass that sets options of the socket",
        """
        from oslo_service import wsgi


        class Server(wsgi.Server):
            \"\"\"Keeps connections alive.\"\"\"

            def _set_socket_opts(self, _socket):
                return _socket
        """,
        """
        from pkg import concurrency


        class Server(concurrency.ConfiguredWSGIServer):
            \"\"\"Keeps connections alive.\"\"\"

            def _set_socket_opts(self, _socket):
                return _socket
        """,
        checks=ASKED,
        says="the class derives from",
        **HELPERS,
    ),
    fixes(
        "by its own name",
        """
        from oslo_service.wsgi import Server


        def make(conf, app):
            return Server(conf, "api", app)
        """,
        """
        from pkg import concurrency


        def make(conf, app):
            return concurrency.ConfiguredWSGIServer(conf, "api", app)
        """,
        checks=ASKED,
        **HELPERS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_oslo_wsgi_server(case: Case) -> None:
    check(case, "oslo-wsgi-server")


PROJECT = {
    "pkg/__init__.py": "",
    "pkg/cmd.py": "import eventlet\n\neventlet.monkey_patch()\n\n"
    "from oslo_service import service\n\nfrom pkg import api\n",
    "pkg/api.py": "from oslo_service import wsgi\n\n\ndef make(conf, app):\n"
    "    return wsgi.Server(conf, 'api', app)\n",
    "pkg/tests/__init__.py": "",
    "pkg/tests/test_api.py": "from unittest import mock\n\nfrom pkg import api\n\n\n"
    "@mock.patch('oslo_service.wsgi.Server')\ndef test_make(server):\n    api.make(1, 2)\n",
    "requirements.txt": "eventlet>=0.36.1\noslo.service>=4.5.0\n",
}


def test_one_run_takes_the_project_off_eventlet(tmp_path: Path) -> None:
    for name, text in PROJECT.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    settings = Settings(helpers="pkg.concurrency", monkey_patch="init-backend")
    given = [name for name in PROJECT if name.endswith(".py")]
    result = run(tmp_path, given, settings, whole_project=True)
    made = {c.entry.path: c.new.decode() for c in result.changes if c.new is not None}
    assert "backend.init_backend(backend.BackendType.THREADING)" in made["pkg/cmd.py"]
    assert "concurrency.ConfiguredWSGIServer(conf, 'api', app)" in made["pkg/api.py"]
    patched = "@mock.patch('pkg.api.concurrency.ConfiguredWSGIServer')"
    assert patched in made["pkg/tests/test_api.py"]
    assert "class ConfiguredWSGIServer:" in made["pkg/concurrency.py"]
    required = made["requirements.txt"].splitlines()
    assert {line.partition(">")[0] for line in required} == {
        "cheroot",
        "oslo.config",
        "oslo.service[threading]",
    }


def test_a_patch_stays_with_the_server(tmp_path: Path) -> None:
    for name, text in PROJECT.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    given = [name for name in PROJECT if name.endswith(".py")]
    result = run(tmp_path, given, Settings(), whole_project=True)
    (entry,) = (c.entry for c in result.changes if c.entry.path == "pkg/tests/test_api.py")
    assert [(f.rule, f.status, f.step) for f in entry.findings] == [("EVT411", "left", 3)]
