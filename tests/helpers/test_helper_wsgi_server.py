"""How the server on cheroot begins, bears load and hanging clients, and ends."""

from __future__ import annotations

import io
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import APPLICATION, PATIENCE, certificate, connect, everything, exchange, plain

from eventlet_codemod.helpers import render
from eventlet_codemod.helpers.cheroot_server import WSGIServer
from eventlet_codemod.helpers.wsgi_server import wsgi_server
from eventlet_codemod.helpers.wsgi_thread import WSGIThread

GET = b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"
KEPT = b"GET / HTTP/1.1\r\n\r\n"
ANSWERED = b"done"


class Gate:
    """An application whose requests are held until it opens."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.inside = threading.Semaphore(0)
        self.threads: set[int] = set()

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        self.threads.add(threading.get_ident())
        self.inside.release()
        if environ["PATH_INFO"] == "/hold":
            assert self.opened.wait(PATIENCE)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [ANSWERED]

    def hold(self, port: int, number: int = 1) -> list[socket.socket]:
        """Connections whose requests have come to the application."""
        found = [connect(port) for _ in range(number)]
        for sock in found:
            sock.sendall(b"GET /hold HTTP/1.1\r\nConnection: close\r\n\r\n")
        for _ in found:
            assert self.inside.acquire(timeout=PATIENCE)
        return found


class Log(io.StringIO):
    """What a server logs, and whether it has begun."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()

    def write(self, text: str) -> int:
        if "wsgi starting up" in text:
            self.begun.set()
        return super().write(text)


class Running:
    """A server in a thread of this process."""

    def __init__(self, sock: socket.socket, application: Any, **options: Any) -> None:
        self.sock = sock
        self.port = sock.getsockname()[1]
        self.log = Log()
        self.thread = threading.Thread(
            target=wsgi_server, args=(sock, application, self.log), kwargs=options
        )
        self.thread.start()
        assert self.log.begun.wait(PATIENCE)

    def ends(self) -> None:
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def serve(gate: Gate) -> Iterator[Callable[..., Running]]:
    """Start servers of the gate, which end with the test."""
    started: list[Running] = []

    def start(sock: socket.socket | None = None, **options: Any) -> Running:
        sock = sock or socket.create_server(("127.0.0.1", 0))
        started.append(Running(sock, gate, **options))
        return started[-1]

    yield start
    gate.opened.set()
    for running in started:
        running.sock.close()
        running.ends()


# In a thread of its own.


def test_stop_ends_a_thread_that_serves(gate):
    sock = socket.create_server(("127.0.0.1", 0))
    port = sock.getsockname()[1]
    served = WSGIThread(sock, gate, Log())
    assert exchange(port, GET).endswith(ANSWERED)
    served.stop()
    served.wait()
    assert sock.fileno() == -1
    with pytest.raises(OSError):
        connect(port)
    served.stop()  # once more, for nothing


def test_stop_lets_a_request_end_that_has_begun(gate):
    sock = socket.create_server(("127.0.0.1", 0))
    served = WSGIThread(sock, gate, Log(), max_size=1)
    (client,) = gate.hold(sock.getsockname()[1])
    served.stop()
    assert sock.fileno() != -1
    gate.opened.set()
    served.wait()
    assert everything(client).endswith(ANSWERED)
    assert sock.fileno() == -1


# How it ends.


def test_closing_the_socket_stops_it_when_what_has_begun_is_answered(serve, gate, until):
    server = serve()
    (held,) = gate.hold(server.port)
    server.sock.close()
    until(lambda: _refuses(server.port))
    assert server.thread.is_alive()
    gate.opened.set()
    assert everything(held).endswith(ANSWERED)
    server.ends()
    log = server.log.getvalue()
    assert f") wsgi starting up on http://127.0.0.1:{server.port}\n" in log
    assert "wsgi exited" in log


def test_connections_that_wait_for_a_request_do_not_hold_up_the_end(serve):
    server = serve()
    kept, silent, half = (connect(server.port) for _ in range(3))
    kept.sendall(KEPT)
    everything(kept, lambda data: data.endswith(ANSWERED))
    half.sendall(b"GET / HT")
    server.sock.close()
    server.ends()
    assert [everything(sock) for sock in (kept, silent)] == [b"", b""]


def test_is_accepting_stops_every_server(serve, monkeypatch):
    servers = [serve(), serve()]
    assert exchange(servers[0].port, GET).endswith(ANSWERED)
    monkeypatch.setattr(WSGIServer, "is_accepting", False)
    for server in servers:
        server.ends()
        assert server.sock.fileno() == -1


def test_a_socket_that_was_shut_down_stops_it_without_noise(serve):
    server = serve()
    assert exchange(server.port, GET).endswith(ANSWERED)
    server.sock.shutdown(socket.SHUT_RDWR)
    server.ends()
    assert "Traceback" not in server.log.getvalue()


def test_another_handle_of_the_socket_stays_open(serve):
    sock = socket.create_server(("127.0.0.1", 0))
    with sock.dup() as other:
        server = serve(sock)
        sock.close()
        server.ends()
        again = serve(other)
        assert exchange(again.port, GET).endswith(ANSWERED)


# What it bears.


def test_threads_are_started_when_they_are_needed(serve, gate):
    server = serve()
    for _ in range(5):
        assert exchange(server.port, GET).endswith(ANSWERED)
        gate.inside.acquire()
    assert len(gate.threads) < 5
    held = gate.hold(server.port, 40)
    assert len(gate.threads) >= 40
    gate.opened.set()
    assert all(everything(sock).endswith(ANSWERED) for sock in held)


def test_no_more_than_max_size_are_served_at_a_time(serve, gate):
    server = serve(max_size=3)
    held = gate.hold(server.port, 3)
    with connect(server.port) as next_one:
        next_one.sendall(GET)
        gate.opened.set()
        assert everything(next_one).endswith(ANSWERED)
    assert all(everything(sock).endswith(ANSWERED) for sock in held)
    assert len(gate.threads) == 3


def test_hanging_clients_do_not_keep_others_from_an_answer(serve):
    server = serve()
    hanging = [connect(server.port) for _ in range(50)]
    for sock in hanging:
        sock.sendall(b"POST / HTTP/1.1\r\nContent-Le")
    assert exchange(server.port, GET).endswith(ANSWERED)


def test_a_kept_connection_takes_no_thread(serve, gate):
    server = serve(max_size=2)
    kept = [connect(server.port) for _ in range(10)]
    for sock in kept * 2:
        sock.sendall(KEPT)
        assert everything(sock, lambda data: data.endswith(ANSWERED))
    assert len(gate.threads) <= 2


def test_keepalive_in_seconds_is_the_time_to_wait_for_a_request(serve):
    server = serve(keepalive=0.2)
    with connect(server.port) as kept, connect(server.port) as silent:
        kept.sendall(KEPT)
        assert everything(kept).endswith(ANSWERED)  # and then the end, without another request
        assert b"200 OK" not in everything(silent)


def test_socket_timeout_ends_a_request_that_does_not_come(serve):
    server = serve(socket_timeout=0.2)
    with connect(server.port) as half:
        half.sendall(b"GET / HT")
        assert b"200 OK" not in everything(half)


def test_a_client_that_goes_away_does_no_harm(serve, gate):
    server = serve()
    (held,) = gate.hold(server.port)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    held.close()
    gate.opened.set()
    assert exchange(server.port, GET).endswith(ANSWERED)


def test_expect_100_continue(serve):
    server = serve()
    with connect(server.port) as sock:
        head = b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n"
        sock.sendall(head + b"Connection: close\r\n\r\n")
        first = everything(sock, lambda data: data.endswith(b"\r\n\r\n"))
        assert first.startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
        sock.sendall(b"body")
        assert (first + everything(sock)).endswith(ANSWERED)


# What it listens on.


def test_a_tls_client_that_says_nothing_keeps_nobody_waiting(serve, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    sock = context.wrap_socket(socket.create_server(("127.0.0.1", 0)), server_side=True)
    server = serve(sock)
    with connect(server.port), connect(server.port) as unencrypted:
        unencrypted.sendall(GET)
        assert b"200 OK" not in everything(unencrypted)
        assert exchange(server.port, GET, tls=True).endswith(ANSWERED)


def test_a_unix_socket(tmp_path):
    path = str(tmp_path / "socket")
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(path)
    sock.listen(7)
    told: dict[str, Any] = {}

    def application(environ: Any, start_response: Any) -> list[bytes]:
        told.update(environ)
        start_response("200 OK", [])
        return [ANSWERED]

    server = threading.Thread(target=wsgi_server, args=(sock, application, io.StringIO()))
    server.start()
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        client.sendall(GET)
        assert everything(client).endswith(ANSWERED)
    assert (told["SERVER_NAME"], told["REMOTE_ADDR"]) == ("unix", "unix")
    sock.close()
    server.join(PATIENCE)
    assert not server.is_alive()
    assert Path(path).exists()


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_ipv6(serve):
    server = serve(socket.create_server(("::1", 0), family=socket.AF_INET6))
    with socket.create_connection(("::1", server.port), timeout=PATIENCE) as sock:
        sock.sendall(GET)
        assert everything(sock).endswith(ANSWERED)


# In a process of its own.


def _program(directory: Path, code: str, stdin: int | None = None) -> subprocess.Popen[str]:
    (directory / "helpers.py").write_text(render(["wsgi_server"]), encoding="utf-8")
    (directory / "program.py").write_text(
        f"import os, signal, socket, sys\nfrom helpers import *\n{APPLICATION}{code}",
        encoding="utf-8",
    )
    return subprocess.Popen(
        [sys.executable, "program.py"],
        cwd=directory,
        stdin=stdin,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


SERVE = """
sock = socket.create_server(("127.0.0.1", 0))
print(sock.getsockname()[1], flush=True)
wsgi_server(sock, application, open(os.devnull, "w"))
print("returned", flush=True)
"""


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def test_an_application_that_exits_stops_the_server_not_the_process(tmp_path):
    process = _program(tmp_path, SERVE)
    assert exchange(_port(process), b"GET /exit HTTP/1.1\r\n\r\n") == b""
    out, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (0, "returned\n")


def test_a_handler_of_a_signal_may_close_the_socket(tmp_path):
    handler = "signal.signal(signal.SIGTERM, lambda *args: sock.close())\n"
    process = _program(tmp_path, handler + SERVE)
    assert exchange(_port(process), GET)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (0, "returned\n")


def test_begin_does_not_keep_the_process_alive(tmp_path):
    begin = SERVE.replace("wsgi_server(", "WSGIServer(").replace('"w"))', '"w")).begin()')
    process = _program(tmp_path, begin)
    _port(process)
    out, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (0, "returned\n")


def test_processes_share_a_socket(tmp_path):
    fork = """
sock = socket.create_server(("127.0.0.1", 0))
print(sock.getsockname()[1], flush=True)
children = []
for _ in range(2):
    pid = os.fork()
    if not pid:
        signal.signal(signal.SIGHUP, lambda *args: sock.close())
        wsgi_server(sock, application, open(os.devnull, "w"))
        os._exit(7)
    children.append(pid)
sys.stdin.readline()
for pid in children:
    os.kill(pid, signal.SIGHUP)
print([os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children])
"""
    process = _program(tmp_path, fork, subprocess.PIPE)
    port = _port(process)
    for _ in range(20):
        assert "body=b''" in plain(exchange(port, GET))
    out, _ = process.communicate("now\n", timeout=PATIENCE)
    assert out == "[7, 7]\n"


def _refuses(port: int) -> bool:
    try:
        connect(port).close()
    except ConnectionRefusedError:
        return True
    return False
