"""Settings of eventlet's WSGI server, made by assignment, move to the helper `WSGIServer`.

`eventlet.wsgi.MAX_HEADER_LINE`, `MAX_TOTAL_HEADER_SIZE` and `is_accepting` hold for every server of
the process. The class `WSGIServer` of the helpers has them as `max_header_line`, `max_header_size`
and `is_accepting`, and a read or an assignment becomes one of these.

`eventlet.wsgi.HttpProtocol.default_request_version = "HTTP/1.0"` goes: it was about request lines
without a version, which cheroot refuses.

These go where no code of the project starts a server of eventlet that stays.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    is_alone_in_block,
    removed,
)
from eventlet_codemod.rules.servers import _serving

_TWINS = {
    "eventlet.wsgi.MAX_HEADER_LINE": "max_header_line",
    "eventlet.wsgi.MAX_TOTAL_HEADER_SIZE": "max_header_size",
    "eventlet.wsgi.is_accepting": "is_accepting",
}
_VERSION = "eventlet.wsgi.HttpProtocol.default_request_version"
_OTHERS = "does a server of eventlet that stays, in a library or a test, go by it?"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Name the class of the helpers, or remove what has no meaning for cheroot."""
    if use.kind != "reference" or use.doubt or not isinstance(use.node, ast.Attribute):
        return None
    objection = _objection(use, facts, settings)
    if objection:
        return Leave(
            message=f"`{use.path}` stays: {objection}",
            why="it holds for every server of eventlet in the process",
            advice=f"replace the server first. {_instead(use.api, settings)}",
            setting="wsgi",
        )
    if use.api == _VERSION:
        return Rewrite(
            message="`default_request_version` goes: no request comes without a version any more",
            why="cheroot answers 400 to a request line without a version",
            edits=(removed(use),),
            checks={"C-HTTP": "is there a client that sends request lines without a version?"},
        )
    module, twin = settings.helpers, _TWINS[use.api]
    assert module is not None
    return Rewrite(
        message=f"`{module}.WSGIServer.{twin}` holds for every server of that class",
        why="the server on cheroot goes by it",
        edits=(
            ReplaceExpression(
                use.node,
                lambda node, context: f"{context.name(module)}.WSGIServer.{twin}",
                f"{module}.WSGIServer.{twin}",
            ),
        ),
        checks={"C-FLOW": _OTHERS},
        needs=(module,),
        helpers=("WSGIServer",),
        setting="wsgi",
    )


def _instead(api: str, settings: Settings) -> str:
    """What says the same to the server that is to take the place."""
    if settings.wsgi != "external":
        return (
            "For cheroot: `server.max_request_header_size` limits the headers, and `server.stop()` "
            "ends it"
        )
    uwsgi = settings.wsgi_external == "uwsgi"
    if api == "eventlet.wsgi.is_accepting":
        return "A server outside stops, when its requests have ended, on SIGTERM"
    if api == _VERSION:
        return "It goes with the server: a request line without a version is refused"
    if uwsgi:
        return "uWSGI has one limit for all of a request's head, `buffer-size`"
    return (
        "gunicorn has `limit_request_field_size` for a header, and `limit_request_fields` for how "
        "many there are"
    )


def _objection(use: Use, facts: Facts, settings: Settings) -> str:
    if settings.wsgi != "cheroot":
        return f"`wsgi` is set to `{settings.wsgi}`"
    if settings.helpers is None:
        return "`helpers` names no module for a server"
    for other in _serving.servers_in(facts):
        if _serving.objection_to(other, settings):
            line = other.node.lineno  # type: ignore[attr-defined]
            return f"the server on line {line} stays"
    if place := _serving.stays_elsewhere(facts, settings):
        return f"the server of {place} stays"
    if use.api == _VERSION:
        statement = use.statement
        plain = isinstance(statement, ast.Assign) and statement.targets == [use.node]
        if not plain or is_alone_in_block(use):
            return "it is not just set"
    return ""


rule = Rule(
    code="EVT703",
    family="servers",
    step=2,
    summary="settings of eventlet's WSGI server become those of the one on cheroot",
    apis=frozenset({*_TWINS, _VERSION}),
    match=match,
    checks=("C-FLOW", "C-HTTP"),
    relies_on="socket",
    settings=("wsgi", "helpers"),
    references=("WSG-3",),
    example_settings={"helpers": "pkg.concurrency"},
    before="""\
import eventlet.wsgi


def configure(conf):
    eventlet.wsgi.MAX_HEADER_LINE = conf.max_header_line
""",
    after="""\
from pkg import concurrency


def configure(conf):
    concurrency.WSGIServer.max_header_line = conf.max_header_line
""",
)
