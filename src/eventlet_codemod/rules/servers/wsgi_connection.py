"""What eventlet's WSGI server tells an application of its connection is left, with what to do.

`environ["eventlet.input"]` is the body as eventlet reads it, with the socket under it;
`environ["eventlet.set_idle"]` lets a stop end the connection while the application still answers.
No other server has the two, the helper `wsgi_server` included. What is done with them decides:

- `get_socket()`: a protocol of its own, such as WebSocket, is served by a server for that, in a
  thread or process of its own. gunicorn has `gunicorn.socket`.
- `send_hundred_continue_response()`: `wsgi.input` is read, and the server sends 100 Continue.
- `set_hundred_continue_response_headers()`: the headers go into the answer.
- It is read: so is `wsgi.input`.
- It is asked for: it is there under eventlet's server alone.
- `set_idle()`: the loop of the answer asks an Event, which is set when the service stops.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Leave, Rule

_INPUT, _IDLE = "eventlet.input", "eventlet.set_idle"

_ADVICE = {
    "get_socket": "serve a protocol of its own, such as WebSocket, by a server for that, on a port "
    "or path of its own; gunicorn gives the socket as environ['gunicorn.socket'], and the helper "
    "does not",
    "send_hundred_continue_response": "read environ['wsgi.input']: the server sends 100 Continue "
    "before that, or when it is read",
    "set_hundred_continue_response_headers": "send these headers with the answer: no other server "
    "lets an application choose those of 100 Continue",
}
_READ = "read environ['wsgi.input'], which has the same body under every server"
_ASKED = (
    "it is there under eventlet's server alone: keep the branch for when it is not, once another "
    "serves"
)
_STOP = (
    "an answer that never ends holds up a stop: let its loop ask a threading.Event, which is set "
    "when the service stops, and end"
)


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave the key, with advice for what is done with it."""
    if use.kind != "string" or use.path not in (_INPUT, _IDLE):
        return None
    return Leave(
        message=f"the string {use.path!r} is a key that only eventlet's server puts into the "
        "environ",
        why="it is about eventlet's own connection, of which no other server has the like",
        advice=_advice(use),
        setting="wsgi",
    )


def _advice(use: Use) -> str:
    parent = use.parent
    if isinstance(parent, ast.Compare):
        return _ASKED
    if use.path == _IDLE:
        return _STOP
    above = use.parents[-2] if len(use.parents) > 1 else None
    deed = above.attr if isinstance(above, ast.Attribute) and above.value is parent else ""
    return _ADVICE.get(deed, _READ)


_EXAMPLE = """\
def upload(environ, start_response):
    sock = environ["eventlet.input"].get_socket()
    sock.settimeout(60)
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]
"""

rule = Rule(
    code="EVT709",
    family="servers",
    step=2,
    summary="what eventlet's WSGI server tells of its connection is left, with advice",
    apis=frozenset({_INPUT, _IDLE}),
    match=match,
    settings=("wsgi",),
    references=("WSG-5",),
    before=_EXAMPLE,
    after=_EXAMPLE,
)
