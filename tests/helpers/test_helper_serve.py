"""`serve`: an accept loop that a handler ends, over loopback."""

from __future__ import annotations

import contextlib
import socket
import threading

import pytest

from eventlet_codemod.helpers.serve import serve
from eventlet_codemod.helpers.serve_thread import ServeThread
from eventlet_codemod.helpers.spawn import spawn
from eventlet_codemod.helpers.stop_serve import StopServe


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        yield sock


def ask(listener: socket.socket, question: bytes) -> bytes:
    """What a client reads until the server closes the connection."""
    with socket.create_connection(listener.getsockname(), timeout=30) as client:
        client.sendall(question)
        return b"".join(iter(lambda: client.recv(100), b""))


def shout(conn: socket.socket, addr: object) -> None:
    question = conn.recv(100)
    if question == b"stop":
        raise StopServe
    if question == b"exit":
        raise SystemExit(4)
    conn.sendall(question.upper() or str(addr).encode())


def test_it_answers_closes_and_stops(listener):
    server = spawn(serve, listener, shout)
    assert ask(listener, b"a") == b"A"
    assert ask(listener, b"b") == b"B"
    assert ask(listener, b"stop") == b""
    assert server.result(timeout=30) is None
    assert listener.gettimeout() is None


@pytest.mark.parametrize(("error", "question"), [(SystemExit, b"exit"), (UnicodeError, b"\xff")])
def test_an_error_of_a_handler_ends_it(listener, error, question):
    def handle(conn, addr):
        shout(conn, addr)
        raise UnicodeError

    server = spawn(serve, listener, handle)
    ask(listener, question)
    assert isinstance(server.exception(timeout=30), error)


def test_the_limit_is_kept_and_one_more_connection_is_taken(listener):
    at_work, go_on = threading.Semaphore(0), threading.Semaphore(0)
    running: list[int] = []
    most: list[int] = []

    def handle(conn, addr):
        running.append(1)
        most.append(len(running))
        at_work.release()
        assert go_on.acquire(timeout=30)
        running.pop()
        shout(conn, addr)

    server = spawn(serve, listener, handle, concurrency=2)
    clients = [spawn(ask, listener, b"a") for _ in range(4)]
    for _ in range(4):
        assert at_work.acquire(timeout=30)
        go_on.release()
    assert [client.result(timeout=30) for client in clients] == [b"A"] * 4
    assert max(most) <= 2
    go_on.release()
    ask(listener, b"stop")
    server.result(timeout=30)


def test_it_stops_while_it_waits_for_a_slot(listener):
    """The connection that waits is closed, and nobody handles it."""
    arrived, go_on = threading.Event(), threading.Event()
    handled: list[bytes] = []

    def handle(conn, addr):
        handled.append(conn.recv(100))
        arrived.set()
        assert go_on.wait(30)
        raise StopServe

    server = spawn(serve, listener, handle, 1)
    first = spawn(ask, listener, b"first")
    assert arrived.wait(30)
    second = socket.create_connection(listener.getsockname(), timeout=30)
    go_on.set()
    assert server.result(timeout=30) is None
    listener.close()  # whether it was taken or not, nobody answers
    with second, contextlib.suppress(ConnectionResetError):
        assert second.recv(100) == b""
    assert (handled, first.result(timeout=30)) == ([b"first"], b"")


def test_the_limit_of_the_listener_holds(listener):
    listener.settimeout(0.01)
    with pytest.raises(socket.timeout):
        serve(listener, shout)
    assert listener.gettimeout() == 0.01


def test_no_thread_is_left(listener, no_threads):
    client = socket.create_connection(listener.getsockname())
    with client, no_threads, pytest.raises(RuntimeError):
        serve(listener, shout)


PROGRAM = """
    def handle(conn, addr):
        question = conn.recv(10)
        if question == b"stop":
            raise StopServe
        time.sleep(0.01)
        conn.sendall(question.upper())

    def ask(question):
        client = connect(sock.getsockname())
        client.sendall(question)
        answer = client.recv(10)
        client.close()
        return answer

    sock = listen(("127.0.0.1", 0))
    server = spawn(serve, sock, handle)
    answers = [spawn(ask, b"%d" % number) for number in range(50)]
    print(sorted(int(answer.result(30)) for answer in answers) == list(range(50)))
    print(ask(b"stop"), server.result(30))
"""


@pytest.mark.parametrize("patch", ["", "import eventlet; eventlet.monkey_patch()"])
def test_patched_or_not(run, patch):
    assert run(patch, "import time\nfrom helpers import *", PROGRAM) == "True\nb'' None\n"


def test_a_thread_of_its_own_is_stopped(listener):
    served = ServeThread(listener, shout)
    assert ask(listener, b"a") == b"A"
    served.stop()
    served.wait()
    assert listener.gettimeout() is None
    served.stop()  # once more, for nothing
    again = ServeThread(listener, shout)  # the socket is open
    assert ask(listener, b"b") == b"B"
    again.stop()


def test_stop_waits_for_no_handler(listener):
    entered, gate = threading.Event(), threading.Event()

    def handle(conn, addr):
        entered.set()
        gate.wait(30)
        shout(conn, addr)

    served = ServeThread(listener, handle, concurrency=2)
    with socket.create_connection(listener.getsockname(), timeout=30) as client:
        client.sendall(b"a")
        assert entered.wait(30)
        served.stop()
        served.wait()
        gate.set()
        assert client.recv(100) == b"A"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_wait_raises_what_a_handler_raised(listener):
    def handle(conn, addr):
        shout(conn, addr)
        raise UnicodeError

    served = ServeThread(listener, handle)
    ask(listener, b"a")
    with pytest.raises(UnicodeError):
        served.wait()
