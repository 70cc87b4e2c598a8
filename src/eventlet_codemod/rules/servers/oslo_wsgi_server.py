"""`oslo_service.wsgi.Server` becomes the helper `ConfiguredWSGIServer`, a server on cheroot.

oslo.service's own server runs on eventlet only, and refuses to be made on the threading backend.
With the setting `helpers` the project's `ConfiguredWSGIServer` takes its place: the same arguments,
the same options of oslo.config (`wsgi_default_pool_size` threads at most, `wsgi_log_format`,
`client_socket_timeout`, the group `ssl` and the others), and `start`, `stop`, `wait`, `reset`,
`host`, `port` and `socket`.

A class that derives from it derives from the helper if it overrides `_set_socket_opts` at most.

It is left where a `protocol` is given, or arguments cannot be seen, and where `wsgi` is set to
`manual`; `eventlet-only` says what to do then, as for all else that `oslo_service.wsgi` has. With
`wsgi = "external"` the run writes files for gunicorn or uWSGI as `wsgi-server` does. What the
server reads from oslo.config is written out in them with its default.

The access log goes to the logger `wsgi.server`, where `eventlet.wsgi.server` named a module that is
there no more; the finding asks who sets its level.
"""

from __future__ import annotations

from dataclasses import replace

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.patches import patch_of
from eventlet_codemod.rules.base import Decision, Rewrite, Rule
from eventlet_codemod.rules.servers import _calls, _oslo, _outside

HELPER = "ConfiguredWSGIServer"

_ENDS = 3  # the step before which it has to go: the threading backend refuses it


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Name the helper, where nothing stands in the way."""
    if _oslo.runs_outside(use, settings):
        message = "oslo.service's WSGI server stays: `wsgi` is set to `external`"
        left = _outside.external(message, use, facts, settings)
        return replace(left, together=_oslo.TOGETHER, step=_ENDS)
    module = settings.helpers
    if module is None or patch_of(use) is not None or _oslo.objection_to(use, settings):
        return None
    derived = use.call is None
    checks = {
        "C-HTTP": "cheroot reads the requests: 100 Continue is sent before the application reads, "
        "a head that is cut off is no request, a chunked body that is raises ValueError, headers "
        "that are too many get 413 and a late request 408, and `eventlet.input` is not in the "
        "environ; does a client or the application rely on one of these?",
        "C-ATOM": "requests run in parallel: is what the application shares between them guarded?",
        "C-LOCAL": "its threads are used again: does a request expect thread-locals as at the "
        "start?",
        "C-BOUND": f"it may come to {_oslo.size_of(use)} threads: do memory, and pools such as "
        "that of the database, allow for it?",
        "C-FLOW": "is more of it used than start, stop, wait, reset, host, port and socket, and "
        "does a setting name its logger, which was `eventlet.wsgi.server` and is `wsgi.server`?",
        "C-LIFE": "wait() returns when it was stopped, where it returned when no request was under "
        "way: is it called before stop()?",
    }
    return Rewrite(
        message=f"the class derives from `{module}.{HELPER}`"
        if derived
        else f"`{module}.{HELPER}` takes the place of oslo.service's server, with up to "
        f"{_oslo.size_of(use)} threads, started when needed",
        why="it has the same arguments, options and methods, and needs no eventlet",
        edits=(_calls.named(use, module, HELPER),),
        checks=checks,
        needs=(module,),
        helpers=("ConfiguredWSGIServer",),
        setting="wsgi",
        together=_oslo.TOGETHER,
    )


rule = Rule(
    code="EVT704",
    family="servers",
    step=2,
    summary="oslo.service's WSGI server becomes one on cheroot",
    apis=frozenset({_oslo.API}),
    match=match,
    checks=("C-HTTP", "C-ATOM", "C-LOCAL", "C-BOUND", "C-FLOW", "C-LIFE"),
    relies_on="socket",
    settings=("wsgi", "wsgi-external", "helpers"),
    references=("OSL-10",),
    example_settings={"helpers": "pkg.concurrency"},
    before="""\
from oslo_service import wsgi


class Service:
    def __init__(self, conf, app):
        self.server = wsgi.Server(conf, 'api', app)

    def start(self):
        self.server.start()
""",
    after="""\
from pkg import concurrency


class Service:
    def __init__(self, conf, app):
        self.server = concurrency.ConfiguredWSGIServer(conf, 'api', app)

    def start(self):
        self.server.start()
""",
)
