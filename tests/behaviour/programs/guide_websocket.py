# proves: a websocket on eventlet's WSGI server stays, and goes on working
# api: eventlet.websocket.WebSocketWSGI, eventlet.wsgi.server, eventlet.listen
# tier: manual
# settings: helpers=concurrency
# rewrite: none
import socket

import eventlet
from eventlet import tpool, websocket, wsgi

SWITCH = b"""\
GET / HTTP/1.1\r
Host: here\r
Upgrade: websocket\r
Connection: Upgrade\r
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
Sec-WebSocket-Version: 13\r
\r
"""


@websocket.WebSocketWSGI
def echo(ws):
    while True:
        message = ws.wait()
        if message is None:
            break
        ws.send(message)


def talk(address):
    with socket.create_connection(address) as client:
        client.sendall(SWITCH)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += client.recv(1000)
        mask, text = b"abcd", b"hello"
        frame = bytes(byte ^ mask[i % 4] for i, byte in enumerate(text))
        client.sendall(bytes([0x81, 0x80 | len(text)]) + mask + frame)
        return answer.split(b"\r\n")[0], client.recv(100)


listener = eventlet.listen(("127.0.0.1", 0))
eventlet.spawn(wsgi.server, listener, echo, log_output=False)
print(*tpool.execute(talk, listener.getsockname()))
