"""`getLogger("eventlet.wsgi.server")` gets the logger `wsgi.server`.

The name is that of a module of eventlet, by which operators set a level for the access log. Where
the helper `wsgi_server` serves, the logger goes by the name that `ConfiguredWSGIServer` has for it;
levels in the project's code follow (`log-level`). The finding asks about settings elsewhere.

It stays where a server of the file stays with eventlet, and without the setting `helpers`.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rule
from eventlet_codemod.rules.ecosystem._calls import last_name
from eventlet_codemod.rules.servers import _logger, _serving


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Rename the logger that a call gets."""
    if use.kind != "string" or use.path != _logger.OLD:
        return None
    if settings.helpers is None or settings.wsgi != "cheroot":
        return None
    if not _is_got(use) or not _goes(facts, settings):
        return None
    return _logger.renamed(use)


def _is_got(use: Use) -> bool:
    call = use.parent
    return (
        isinstance(call, ast.Call)
        and last_name(call.func) in ("getLogger", "get_logger", "getAdapter")
        and call.args[:1] == [use.node]
    )


def _goes(facts: Facts, settings: Settings) -> bool:
    """Whether all servers of the file become the helper, and there is one."""
    servers = _serving.servers_in(facts)
    return bool(servers) and not any(_serving.objection_to(item, settings) for item in servers)


rule = Rule(
    code="EVT705",
    family="servers",
    step=2,
    summary="the logger of eventlet's WSGI server gets the name that the helper's has",
    apis=frozenset({_logger.OLD}),
    match=match,
    checks=("C-FLOW",),
    relies_on="socket",
    settings=("wsgi", "helpers"),
    references=("WSG-7",),
    example_settings={"helpers": "pkg.concurrency"},
    before="""\
import logging

import eventlet.wsgi

LOG = logging.getLogger("eventlet.wsgi.server")


def serve(sock, app):
    eventlet.wsgi.server(sock, app, log=LOG)
""",
    after="""\
import logging

from pkg import concurrency

LOG = logging.getLogger("wsgi.server")


def serve(sock, app):
    concurrency.wsgi_server(sock, app, log=LOG)
""",
)
