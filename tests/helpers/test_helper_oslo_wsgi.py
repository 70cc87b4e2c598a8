"""`PasteLoader`, `WSGIRouter` and the options do what those of `oslo_service.wsgi` do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("oslo_service")

SUITE = """
import json
import sys

import routes
import webob
from oslo_config import cfg

conf = cfg.ConfigOpts()
conf([], default_config_dirs=[], default_config_files=["app.conf"])
told = {}


def outcome(work):
    try:
        return work()
    except Exception as error:
        return f"{type(error).__name__.removeprefix('Paste')}: {error}"


# --- options ---
register(conf)
register(conf)  # twice
told["options"] = {
    name: conf[name] for name in sorted(conf) if name not in ("config_dir", "config_file")
}
told["kinds"] = [
    (group, sorted((type(o).__name__, o.name, o.default) for o in options))
    for group, options in listed()
]

# --- loader ---
loader = Loader(conf)
told["path"] = loader.config_path.endswith("/api-paste.ini")
app = loader.load_app("hello")
told["hello"] = webob.Request.blank("/some").get_response(app).text
told["unknown"] = outcome(lambda: loader.load_app("bye")).replace(loader.config_path, "PATH")
told["broken"] = outcome(lambda: loader.load_app(name="broken")).partition(":")[0]
for name in ("other.ini", "/nowhere/api-paste.ini", loader.config_path):
    conf.set_override("api_paste_config", name)
    told[name.rpartition("/")[2] + str(len(name) > 15)] = outcome(lambda: Loader(conf) and "found")

# --- router ---


def controller(environ, start_response):
    args = {key: str(value)[:9] for key, value in environ["wsgiorg.routing_args"][1].items()}
    start_response("200 OK", [("X-Args", json.dumps(args, sort_keys=True))])
    return [environ["SCRIPT_NAME"].encode(), b"|", environ["PATH_INFO"].encode()]


@webob.dec.wsgify
def plain(req):
    return type(req).__mro__[-2].__name__ + req.urlvars["name"]


class Own(Router):
    def __init__(self, mapper):
        mapper.connect(None, "/own/{name}", controller=plain, action="show")
        mapper.connect(None, "/sub/{path_info:.*}", controller=controller)
        super().__init__(mapper)

    @classmethod
    def factory(cls, global_conf, **local):
        return cls(routes.Mapper())


for path in ("/own/x", "/own", "/", "/sub/a/b", "/own/y?z=1"):
    for method in ("GET", "POST"):
        answer = webob.Request.blank(path, method=method).get_response(Own.factory({}))
        told[f"{method} {path}"] = [answer.status, answer.headers.get("X-Args", ""), answer.text]


class Refuses(Own):
    @staticmethod
    @webob.dec.wsgify
    def _dispatch(req):
        return webob.exc.HTTPForbidden()


told["override"] = webob.Request.blank("/own/x").get_response(Refuses(routes.Mapper())).status
told["called with a request"] = callable(Own(routes.Mapper())(webob.Request.blank("/own/x")))
told["map"] = isinstance(Own(routes.Mapper()).map, routes.Mapper)
told["eventlet"] = "eventlet" in sys.modules
print(json.dumps(told))
"""

REAL = """
import warnings
warnings.simplefilter("ignore")
from oslo_service.wsgi import Loader, Router, list_opts as listed, register_opts as register
"""

TWIN = """
from eventlet_codemod.helpers.paste_loader import PasteLoader as Loader
from eventlet_codemod.helpers.wsgi_options import list_wsgi_opts as listed
from eventlet_codemod.helpers.wsgi_options import register_wsgi_opts as register
from eventlet_codemod.helpers.wsgi_router import WSGIRouter as Router
"""

PASTE = """
[app:hello]
paste.app_factory = app:hello

[app:broken]
paste.app_factory = app:nothing_there
"""

APP = """
import webob.dec


def hello(global_conf, **local):
    @webob.dec.wsgify
    def app(req):
        return "hello " + req.path
    return app
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    directory = tmp_path_factory.mktemp("paste")
    (directory / "api-paste.ini").write_text(PASTE)
    (directory / "app.py").write_text(APP)
    (directory / "app.conf").write_text("[DEFAULT]\n")
    return SimpleNamespace(real=_run(REAL, directory), twin=_run(TWIN, directory))


def _run(head: str, directory: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", head + SUITE],
        cwd=directory,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_they_tell_the_same(told):
    assert told.real.pop("eventlet") is True
    assert told.twin.pop("eventlet") is False
    assert told.twin == told.real


def test_the_suite_sees_what_it_is_for(told):
    assert told.twin["hello"] == "hello /some"
    assert told.twin["unknown"] == "AppNotFound: Could not load paste app 'bye' from PATH"
    assert told.twin["other.iniFalse"] == "ConfigNotFound: Could not find config at other.ini"
    assert told.twin["api-paste.iniTrue"] == "found"
    assert [told.twin["GET /own/x"][0], told.twin["GET /"][0]] == ["200 OK", "404 Not Found"]
    assert told.twin["override"] == "403 Forbidden"
