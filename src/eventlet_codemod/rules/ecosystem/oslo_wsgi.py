"""What `oslo_service.wsgi` has beside its server becomes helpers of the project.

The module imports eventlet, so a service that is deployed under uWSGI or mod_wsgi, and only loads
its application with `Loader`, needs eventlet as well. With the setting `helpers`, the project's
module gets classes and functions that take the same arguments:

| `oslo_service.wsgi` | helper |
|---|---|
| `Loader` | `PasteLoader` |
| `ConfigNotFound` | `PasteConfigNotFound` |
| `PasteAppNotFound` | `PasteAppNotFound` |
| `Router` | `WSGIRouter` |
| `register_opts` | `register_wsgi_opts` |
| `list_opts` | `list_wsgi_opts` |

`Request` is `webob.Request` under another name, and needs no helper.

The options have the same names, kinds and defaults; their help texts differ, and they are not
deprecated. For oslo.config they are other options for that: what registers oslo.service's own
behind them gets a DuplicateOptError. So `Server`, `Loader` and `register_opts` change together in
the whole project or not at all.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.patches import patch_of
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.rules.base import Decision, Rewrite, Rule, leave_in_doubt
from eventlet_codemod.rules.servers import _calls, _oslo

_WSGI = "oslo_service.wsgi"

#: By the name in `oslo_service.wsgi`: what takes its place, and the helper that it comes with.
HELPERS = {
    "ConfigNotFound": ("PasteConfigNotFound", "PasteLoader"),
    "Loader": ("PasteLoader", "PasteLoader"),
    "PasteAppNotFound": ("PasteAppNotFound", "PasteLoader"),
    "Router": ("WSGIRouter", "WSGIRouter"),
    "list_opts": ("list_wsgi_opts", "register_wsgi_opts"),
    "register_opts": ("register_wsgi_opts", "register_wsgi_opts"),
}

#: Those that are the same library's code under another name.
_PLAIN = frozenset({"Router"})

_REQUEST = f"{_WSGI}.Request"


def replaces(api: str, settings: Settings) -> bool:
    """Whether this rule has something for a name of oslo.service."""
    name = api.removeprefix(f"{_WSGI}.").partition(".")[0]
    return name == "Request" or (settings.helpers is not None and name in HELPERS)


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Name the helper; a patch in a test is for `mock-target`."""
    if use.kind != "reference" or patch_of(use) is not None or leave_in_doubt(use):
        return None
    if not replaces(use.api, settings):
        return None
    name, _, member = use.api.removeprefix(f"{_WSGI}.").partition(".")
    if use.api.startswith(_REQUEST):
        return _request(use, member)
    assert settings.helpers is not None
    helper, comes_with = HELPERS[name]
    dotted = f"{helper}.{member}" if member else helper
    checks = {}
    if name not in _PLAIN and not is_test(facts.path):
        checks["C-FLOW"] = (
            "does a library register oslo.service's own options behind this (they differ in their "
            "help, which oslo.config refuses), or a sample configuration list `oslo.service.wsgi`?"
        )
    return Rewrite(
        message=f"`{settings.helpers}.{helper}` takes the place of `{_WSGI}.{name}`",
        why="it does the same, and needs no eventlet",
        edits=(_calls.named(use, settings.helpers, dotted),),
        checks=checks,
        needs=(settings.helpers,),
        helpers=(comes_with,),
        setting="helpers",
        together=_oslo.TOGETHER,
    )


def _request(use: Use, member: str) -> Rewrite:
    """``class Request(wsgi.Request): pass`` is all that oslo.service has."""
    tested = isinstance(use.parent, ast.Call) and use.node in use.parent.args
    return Rewrite(
        message="the class is `webob.Request`",
        why="oslo.service's only derives from it",
        edits=(_calls.named(use, "webob", f"Request.{member}" if member else "Request"),),
        checks={"C-FLOW": "webob's own requests are meant now, too: does that differ here?"}
        if tested
        else {},
        needs=("webob",),
    )


rule = Rule(
    code="EVT417",
    family="ecosystem",
    step=2,
    summary="the Loader, Router and options of oslo.service become helpers",
    apis=frozenset({_REQUEST, f"{_REQUEST}.*"})
    | {f"{_WSGI}.{name}{tail}" for name in HELPERS for tail in ("", ".*")},
    match=match,
    checks=("C-FLOW",),
    settings=("helpers",),
    references=("OSL-10",),
    example_settings={"helpers": "pkg.concurrency"},
    before="""\
from oslo_service import wsgi


class APIRouter(wsgi.Router):
    pass


def application(conf):
    return wsgi.Loader(conf).load_app('api')
""",
    after="""\
from pkg import concurrency


class APIRouter(concurrency.WSGIRouter):
    pass


def application(conf):
    return concurrency.PasteLoader(conf).load_app('api')
""",
)
