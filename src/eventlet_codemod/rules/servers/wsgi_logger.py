"""`getLogger("eventlet.wsgi.server")` gets the logger `wsgi.server`.

The name is that of a module of eventlet, by which operators set a level for the access log. Where
the helper `wsgi_server` serves, the logger goes by the name that `ConfiguredWSGIServer` has for it;
levels in the project's code follow (`log-level`), and so do the keys of `"loggers"` in a dictionary
for `logging.config.dictConfig`, those of `eventlet.wsgi` too, where all servers of the project
become the helper. The finding asks about settings elsewhere.

It stays where a server stays with eventlet, and without the setting `helpers`; the finding then
says which loggers the server in its place has.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Leave, Rule
from eventlet_codemod.rules.ecosystem._calls import last_name
from eventlet_codemod.rules.servers import _logger, _serving

_ENDS = 3  # the step at which levels of eventlet's loggers go


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Rename the logger that a call gets or a dictionary configures."""
    if use.kind != "string" or use.path not in (_logger.OLD, _logger.PARENT):
        return None
    got, configured = _is_got(use), _is_configured(use)
    if not got and not configured:
        return None
    if settings.helpers is not None and settings.wsgi == "cheroot":
        goes = got and use.path == _logger.OLD and _goes(facts, settings)
        if goes or (configured and _logger.is_served(facts, settings)):
            return _logger.renamed(use)
    return Leave(
        message=f"the string {use.path!r} names the logger of eventlet's WSGI server",
        why="no other server writes to it by itself",
        advice=_advice(use, settings),
        setting="wsgi",
        step=_ENDS,
    )


def _advice(use: Use, settings: Settings) -> str:
    if settings.wsgi == "external" and settings.wsgi_external == "uwsgi":
        return (
            "drop it with the server: uWSGI writes its log itself, by `log-format` and "
            "`disable-logging`"
        )
    outside = "`gunicorn.access` has gunicorn's requests, `gunicorn.error` the rest"
    if settings.wsgi == "external":
        return f"name the loggers of the server outside: {outside}"
    return (
        "name the logger of the server in its place: with the helper it is "
        f"`{use.path.removeprefix('eventlet.')}`, where it gets that as `log`; {outside}"
    )


def _is_got(use: Use) -> bool:
    call = use.parent
    return (
        isinstance(call, ast.Call)
        and last_name(call.func) in ("getLogger", "get_logger", "getAdapter")
        and call.args[:1] == [use.node]
    )


def _is_configured(use: Use) -> bool:
    """Whether it stands for a logger in a dictionary as `logging.config.dictConfig` takes it."""
    parent, above = use.parent, use.parents[-2]
    if isinstance(parent, ast.Subscript) and parent.slice is use.node:
        return isinstance(parent.value, ast.Subscript) and _is_loggers(parent.value.slice)
    if not isinstance(parent, ast.Dict) or use.node not in parent.keys:
        return False
    if isinstance(above, ast.keyword):
        return above.arg == "loggers"
    if not isinstance(above, ast.Dict) or parent not in above.values:
        return False
    return _is_loggers(above.keys[above.values.index(parent)])


def _is_loggers(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value == "loggers"


def _goes(facts: Facts, settings: Settings) -> bool:
    """Whether all servers of the file become the helper, and there is one."""
    servers = _serving.servers_in(facts)
    return bool(servers) and not any(_serving.objection_to(item, settings) for item in servers)


rule = Rule(
    code="EVT705",
    family="servers",
    step=2,
    summary="the logger of eventlet's WSGI server gets the name that the helper's has",
    apis=frozenset({_logger.OLD, _logger.PARENT}),
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
