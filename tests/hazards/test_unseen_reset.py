from __future__ import annotations

import pytest
from looking import lines_of, look

SERVER = """
    import socket

    import eventlet


    class Server:
        def serve(self, listener):
            while True:
                connection, address = listener.accept()
                {start}

        def handle(self, connection):
            {call}

        def echo(self, connection):
            {loop}
    """
START = "eventlet.spawn_n(self.handle, connection)"
CALL = "self.echo(connection)"
LOOP = """
while True:
    data = connection.recv(4096)
    if not data:
        break
    connection.sendall(data)
connection.close()
""".strip().replace("\n", "\n            ")
TRY = """
try:
    {}
except {}:
    pass
""".strip().replace("\n", "\n            ")


def server(loop: str = LOOP, call: str = CALL, start: str = START) -> str:
    return SERVER.format(loop=loop, call=call, start=start)


def tried(code: str, what: str) -> str:
    return TRY.format(code.replace("\n", "\n    "), what)


QUIET = {
    "no thread": server(start="self.handle(connection)"),
    "it is caught": server(tried(LOOP, "OSError")),
    "it is caught by the socket's name": server(tried(LOOP, "socket.error")),
    "the caller catches it": server(call=tried(CALL, "Exception")),
    "it is closed in the end": server(
        "try:\n                "
        + LOOP.replace("\n", "\n    ")
        + "\n            finally:\n                connection.close()"
    ),
    "a with closes it": server("with connection:\n                " + LOOP.replace("\n", "\n    ")),
    "no loop": server("data = connection.recv(10)\n            if not data: return"),
    "it does not look": server("while True: print(connection.recv(10))"),
    "another thing's emptiness": server(LOOP.replace("not data", "not connection")),
    "it goes on": server(LOOP.replace("break", "continue")),
    "no socket's": server(LOOP.replace("recv(4096)", "recv()")),
}


@pytest.mark.parametrize("source", QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(source: str) -> None:
    assert look("unseen-reset", source) == []


def test_tests_say_nothing() -> None:
    assert look("unseen-reset", server(), path="tests/test_server.py") == []


@pytest.mark.parametrize("test", ["not data", "data == b''"])
def test_a_loop_that_ends_with_the_data_is_told(test: str) -> None:
    (hazard,) = look("unseen-reset", server(LOOP.replace("not data", test)))
    assert lines_of(hazard) == [("service.py", n) for n in (10, 17, 18)]
    assert "OSError" in hazard.advice


def test_the_data_may_be_named_in_the_test() -> None:
    loop = LOOP.replace(
        "data = connection.recv(4096)\n                if not data:",
        "if not (data := connection.recv(4096)):",
    )
    assert "if not (data :=" in loop
    assert len(look("unseen-reset", server(loop))) == 1
