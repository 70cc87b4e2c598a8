"""Websockets on eventlet's server."""

from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop(
        "a module of the project",
        """
        from pkg import websocket

        import eventlet.event

        websocket.WebSocketWSGI(print)
        """,
    ),
    noop(
        "another library",
        """
        import websocket

        import eventlet.event

        websocket.WebSocket()
        """,
    ),
    noop(
        "a text",
        """
        import eventlet.event

        TEXT = 'from eventlet.websocket import WebSocket'
        """,
    ),
    manual(
        "a handler",
        """
        from eventlet import websocket


        @websocket.WebSocketWSGI
        def echo(ws):
            ws.send(ws.wait())
        """,
        says="`eventlet.websocket.WebSocketWSGI` is left",
    ),
    manual(
        "a handler with protocols",
        """
        from eventlet.websocket import WebSocketWSGI


        @WebSocketWSGI.configured(supported_protocols=['a'])
        def echo(ws):
            ws.close()
        """,
        says="`eventlet.websocket.WebSocketWSGI.configured` is left",
    ),
    manual(
        "an exception",
        """
        from eventlet import websocket


        def run(ws):
            try:
                ws.wait()
            except websocket.ConnectionClosedError:
                pass
        """,
        says="ConnectionClosedError` is left",
    ),
    manual(
        "a subclass",
        """
        from eventlet import websocket


        class Socket(websocket.WebSocket):
            pass
        """,
        says="WebSocket` is left",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_websocket(case: Case) -> None:
    check(case, "websocket")
