"""`WebSocketWSGI` takes the socket out of the hands of eventlet's WSGI server.

No other WSGI server lets an application do that, so websockets are served beside it: on a port of
their own, to which a proxy leads their paths. The sketch has the same `wait()` and `send()`, so
that handlers stay as they are.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rule
from eventlet_codemod.rules.rare import _by_hand

_CODE = "EVT730"
_WHY = "it takes the raw socket of eventlet's WSGI server, which no other server gives"
_MODULE = "eventlet.websocket"
_ADVICE = {
    _MODULE: "serve websockets with websockets.sync.server, on a port of their own",
    f"{_MODULE}.WebSocketWSGI": "serve the handler with websockets.sync.server, on a port of its "
    "own: `configured(supported_protocols=…)` is `subprotocols=`, origin_checker is `origins=`, "
    "and max_frame_length is `max_size=`",
    f"{_MODULE}.WebSocket": "wrap the connection in a class with send(), wait() and close()",
    f"{_MODULE}.RFC6455WebSocket": "wrap the connection in a class with send(), wait() and close()",
    f"{_MODULE}.BadRequest": "let `process_request` of the server answer with "
    "connection.respond(400, text)",
    f"{_MODULE}.ConnectionClosedError": "catch websockets.exceptions.ConnectionClosed",
    f"{_MODULE}.FailedConnectionError": "catch websockets.exceptions.ConnectionClosedError: its "
    "`rcvd.code` and `rcvd.reason` say why",
    f"{_MODULE}.ProtocolError": "catch websockets.exceptions.ProtocolError",
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave it, with what takes its place."""
    return _by_hand.leave(use, _CODE, _WHY, _ADVICE)


_SKETCH = '''\
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve


class WebSocket:
    """What a handler gets: wait() gives None when the other side has gone."""

    def __init__(self, connection):
        self.connection = connection
        self.path = connection.request.path
        self.headers = connection.request.headers

    def send(self, message):
        self.connection.send(message)

    def wait(self):
        try:
            return self.connection.recv()
        except ConnectionClosed:
            return None

    def close(self):
        self.connection.close()


def websocket_server(handler, host, port):
    """A server with a thread for each connection; call serve_forever() and shutdown() on it."""

    def handle(connection):
        handler(WebSocket(connection))

    return serve(handle, host, port, max_size=8 * 2**20)
'''

_EXAMPLE = """\
from eventlet import websocket


@websocket.WebSocketWSGI
def echo(ws):
    while True:
        message = ws.wait()
        if message is None:
            break
        ws.send(message)
"""

rule = Rule(
    code=_CODE,
    family="rare",
    step=2,
    summary="websockets on eventlet's WSGI server are left, with a server for them",
    apis=frozenset({f"{_MODULE}.*"}),
    match=match,
    sketches={"a server of websockets, with the library of that name": _SKETCH},
    before=_EXAMPLE,
    after=_EXAMPLE,
)
