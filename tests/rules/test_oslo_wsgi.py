from __future__ import annotations

from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import run
from eventlet_codemod.testing import Case, check, fixes, manual, noop

HELPERS = {"helpers": "pkg.concurrency"}

CASES = [
    noop(
        "a Loader of the project",
        """
        from oslo_service import service
        from pkg import wsgi

        app = wsgi.Loader(conf).load_app("api")
        """,
        **HELPERS,
    ),
    noop(
        "a Router of another library",
        """
        from oslo_service import service
        import routes

        mapper = routes.Mapper()
        """,
        **HELPERS,
    ),
    manual(
        "the class is replaced",
        """
        from oslo_service import wsgi

        wsgi.Loader = Loader
        """,
        **HELPERS,
        says="is assigned to",
    ),
    manual(
        "no helpers, so another rule names it",
        """
        from oslo_service import wsgi

        app = wsgi.Loader(conf).load_app("api")
        """,
        says="only with eventlet",
    ),
    manual(
        "the name may be another's",
        """
        try:
            from oslo_service import wsgi
        except ImportError:
            from pkg import wsgi

        app = wsgi.Loader(conf).load_app("api")
        """,
        **HELPERS,
        says="may not be eventlet's",
    ),
    manual(
        "a Server that stays registers the options, too",
        """
        from oslo_service import wsgi


        def make(conf):
            app = wsgi.Loader(conf).load_app("api")
            return wsgi.Server(conf, "api", app, protocol=Protocol)
        """,
        **HELPERS,
        says="the one on line 6 stays",
    ),
    fixes(
        "an application is loaded",
        """
        from oslo_config import cfg
        from oslo_service import wsgi


        def application():
            try:
                return wsgi.Loader(cfg.CONF).load_app(name="api")
            except (wsgi.ConfigNotFound, wsgi.PasteAppNotFound):
                raise SystemExit(1)
        """,
        """
        from oslo_config import cfg
        from pkg import concurrency


        def application():
            try:
                return concurrency.PasteLoader(cfg.CONF).load_app(name="api")
            except (concurrency.PasteConfigNotFound, concurrency.PasteAppNotFound):
                raise SystemExit(1)
        """,
        checks=("C-FLOW",),
        **HELPERS,
    ),
    fixes(
        "options",
        """
        from oslo_service import wsgi


        def register(conf):
            wsgi.register_opts(conf)


        def list_opts():
            return wsgi.list_opts()
        """,
        """
        from pkg import concurrency


        def register(conf):
            concurrency.register_wsgi_opts(conf)


        def list_opts():
            return concurrency.list_wsgi_opts()
        """,
        checks=("C-FLOW",),
        **HELPERS,
    ),
    fixes(
        "a router is derived from",
        """
        from oslo_service import wsgi as base_wsgi


        class APIRouter(base_wsgi.Router):
            def __init__(self, mapper):
                super().__init__(mapper)
        """,
        """
        from pkg import concurrency


        class APIRouter(concurrency.WSGIRouter):
            def __init__(self, mapper):
                super().__init__(mapper)
        """,
        tier="safe",
        **HELPERS,
    ),
    fixes(
        "requests need no helper",
        """
        from oslo_service import wsgi


        class Request(wsgi.Request):
            pass


        def blank(path):
            return wsgi.Request.blank(path)
        """,
        """
        import webob


        class Request(webob.Request):
            pass


        def blank(path):
            return webob.Request.blank(path)
        """,
        tier="safe",
    ),
    fixes(
        "webob can be reached already",
        """
        from oslo_service import wsgi
        import webob.exc


        class Request(wsgi.Request):
            def fail(self):
                raise webob.exc.HTTPNotFound()
        """,
        """
        import webob.exc


        class Request(webob.Request):
            def fail(self):
                raise webob.exc.HTTPNotFound()
        """,
        tier="safe",
    ),
    fixes(
        "a request is tested for",
        """
        from oslo_service import wsgi


        def is_request(thing):
            return isinstance(thing, wsgi.Request)
        """,
        """
        import webob


        def is_request(thing):
            return isinstance(thing, webob.Request)
        """,
        checks=("C-FLOW",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_oslo_wsgi(case: Case) -> None:
    check(case, "oslo-wsgi")


PROJECT = {
    "pkg/__init__.py": "",
    "pkg/api.py": "from oslo_service import service, wsgi\n\n\n"
    "class Service(service.Service):\n"
    "    def __init__(self, conf):\n"
    "        super().__init__()\n"
    "        self.app = wsgi.Loader(conf).load_app('api')\n"
    "        self.server = wsgi.Server(conf, 'api', self.app)\n",
    "pkg/conf.py": "from oslo_service import wsgi\n\n\n"
    "def register(conf):\n    wsgi.register_opts(conf)\n",
    "pkg/tests/__init__.py": "",
    "pkg/tests/test_api.py": """\
from unittest import mock

from oslo_service import wsgi

from pkg import api
from pkg.tests import base


class Test(base.TestCase):
    def setUp(self):
        super().setUp()
        self.mock_object(wsgi.Loader, 'load_app')

    def test_loads(self):
        api.Service(1)
        wsgi.Loader.load_app.assert_called_once_with('api')

    @mock.patch('oslo_service.wsgi.Server')
    @mock.patch('oslo_service.wsgi.Loader')
    def test_by_its_name(self, loader, server):
        api.Service(1)

    @mock.patch('pkg.api.wsgi.Server')
    @mock.patch('pkg.api.wsgi.Loader.load_app')
    def test_by_way_of_the_module(self, loader, server):
        api.Service(1)

    def test_an_object(self):
        with mock.patch.object(api.wsgi, 'Server'):
            with mock.patch.object(wsgi, 'Loader') as loader:
                api.Service(1)
        loader.assert_called_once_with(1)
""",
}

FOLLOWED = """\
from unittest import mock

from pkg import api
from pkg import concurrency
from pkg.tests import base


class Test(base.TestCase):
    def setUp(self):
        super().setUp()
        self.mock_object(api.concurrency.PasteLoader, 'load_app')

    def test_loads(self):
        api.Service(1)
        concurrency.PasteLoader.load_app.assert_called_once_with('api')

    @mock.patch('pkg.api.concurrency.ConfiguredWSGIServer')
    @mock.patch('pkg.api.concurrency.PasteLoader')
    def test_by_its_name(self, loader, server):
        api.Service(1)

    @mock.patch('pkg.api.concurrency.ConfiguredWSGIServer')
    @mock.patch('pkg.api.concurrency.PasteLoader.load_app')
    def test_by_way_of_the_module(self, loader, server):
        api.Service(1)

    def test_an_object(self):
        with mock.patch.object(api.concurrency, 'ConfiguredWSGIServer'):
            with mock.patch.object(api.concurrency, 'PasteLoader') as loader:
                api.Service(1)
        loader.assert_called_once_with(1)
"""


def _write(root: Path, files: dict[str, str]) -> list[str]:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return [name for name in files if name.endswith(".py")]


def test_tests_follow_whichever_way_they_patch(tmp_path: Path) -> None:
    given = _write(tmp_path, PROJECT)
    result = run(tmp_path, given, Settings(**HELPERS, monkey_patched="yes"), whole_project=True)
    made = {c.entry.path: c.new.decode() for c in result.changes if c.new is not None}
    assert made["pkg/tests/test_api.py"] == FOLLOWED
    imported = "from oslo_service import service\n\n"
    assert made["pkg/api.py"].startswith(imported)
    assert "concurrency.register_wsgi_opts(conf)" in made["pkg/conf.py"]


def test_what_registers_options_stays_everywhere_for_one_server(tmp_path: Path) -> None:
    files = dict(PROJECT)
    files["pkg/other.py"] = (
        "from oslo_service import wsgi\n\n\nclass Server(wsgi.Server):\n"
        "    def start(self):\n        pass\n"
    )
    given = _write(tmp_path, files)
    result = run(tmp_path, given, Settings(**HELPERS, monkey_patched="yes"), whole_project=True)
    assert not [c.entry.path for c in result.changes if c.new is not None]
    (finding,) = next(c for c in result.changes if c.entry.path == "pkg/conf.py").entry.findings
    assert "the wsgi in pkg/other.py:4 stays" in str(finding)
