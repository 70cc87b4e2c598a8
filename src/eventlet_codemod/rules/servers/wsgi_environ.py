"""Keys that eventlet's WSGI server puts into the environ are called after the helper's.

The helper `wsgi_server` has `wsgi_server.posthooks`, functions that are called when a request is
answered, and `wsgi_server.minimum_write_chunk_size`, the bytes that are sent at once. Where the
project serves by it, `environ["eventlet.posthooks"]` becomes `environ["wsgi_server.posthooks"]`,
also where it is only asked for. Whether this application runs under that server is asked.

`eventlet.input` and `eventlet.set_idle` stay (`wsgi-connection`): they are about eventlet's own
socket.
"""

from __future__ import annotations

import ast

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Decision, Leave, ReplaceExpression, Rewrite, Rule
from eventlet_codemod.rules.servers import _logger

_KEYS = frozenset({"eventlet.minimum_write_chunk_size", "eventlet.posthooks"})


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Rename the key, where the project serves by the helper."""
    if use.kind != "string" or use.path not in _KEYS or not isinstance(use.node, ast.Constant):
        return None
    if not _logger.is_served(facts, settings):
        return Leave(
            message=f"{use.path!r} is a key that only eventlet's server puts into the environ",
            why="no server of this project that takes its place is seen",
            advice="for posthooks, return an iterator whose close() does what the hook did: every "
            "WSGI server calls it when the request is over. A chunk size needs no twin: other "
            "servers send each part at once",
            setting="wsgi",
        )
    return Rewrite(
        message=f"the key is `{use.path.replace('eventlet', 'wsgi_server', 1)}` now",
        why="the helper that serves has it, with the same meaning",
        edits=(ReplaceExpression(use.node, _renamed),),
        checks={"C-FLOW": "does this application run under the project's own server, or another?"},
        setting="wsgi",
    )


def _renamed(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    assert isinstance(node, cst.SimpleString)
    return cst.SimpleString(node.value.replace("eventlet.", "wsgi_server."))


rule = Rule(
    code="EVT707",
    family="servers",
    step=2,
    summary="keys of eventlet's WSGI server in the environ become those of the helper",
    apis=_KEYS,
    match=match,
    checks=("C-FLOW",),
    settings=("wsgi", "helpers"),
    references=("WSG-5",),
    example_settings={"helpers": "pkg.concurrency"},
    before="""\
from eventlet import wsgi


def application(environ, start_response):
    environ["eventlet.posthooks"].append((print, (), {}))
    start_response("200 OK", [])
    return []


wsgi.server(sock, application, max_size=4)
""",
    after="""\
from pkg import concurrency


def application(environ, start_response):
    environ["wsgi_server.posthooks"].append((print, (), {}))
    start_response("200 OK", [])
    return []


concurrency.wsgi_server(sock, application, max_size=4)
""",
)
