"""The server on cheroot answers what eventlet's answers, asked for real on this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import (
    APPLICATION,
    PATIENCE,
    certificate,
    connect,
    everything,
    exchange,
    plain,
)

from eventlet_codemod.helpers import render

SERVERS = {
    "eventlet": "from eventlet.wsgi import server\nfrom eventlet import listen",
    "native": "from helpers import wsgi_server as server\n"
    "from socket import create_server as listen",
}
SERVE = """
    sock = listen(("127.0.0.1", 0))
    print(sock.getsockname()[1], flush=True)
    environ = {{"own.key": "ours", "PATH_INFO": "no"}}
    server(sock, application, open("log", "w", 1), environ, {options})
    print("returned", flush=True)
"""


class Service:
    """A process that serves the application until it is interrupted."""

    def __init__(self, prelude: str, options: str, directory: Path) -> None:
        directory.mkdir()
        certificate(directory)
        (directory / "helpers.py").write_text(render(["wsgi_server"]), encoding="utf-8")
        code = textwrap.dedent(SERVE).format(options=options)
        (directory / "service.py").write_text(prelude + APPLICATION + code, encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "service.py"],
            cwd=directory,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            # a shell that runs the tests in the background has it ignored
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self.directory = directory
        self.prelude = prelude

    def stop(self) -> list[str]:
        """Interrupt it as Ctrl-C does; what it logged of requests, without times."""
        if "eventlet" in self.prelude:  # its hub may get the signal in the place of the server
            self.process.kill()
            self.process.communicate()
        else:
            os.kill(self.process.pid, signal.SIGINT)
            out, _ = self.process.communicate(timeout=PATIENCE)
            assert (self.process.returncode, out) == (0, "returned\n")
        log = (self.directory / "log").read_text(encoding="utf-8")
        lines = [line for line in log.splitlines() if '] "' in line]
        return [line.partition("] ")[2].rpartition(" ")[0].rpartition(" ")[0] for line in lines]


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Service]]:
    directory = tmp_path_factory.mktemp("services")
    found = {
        side: Service(prelude, "debug=False", directory / side) for side, prelude in SERVERS.items()
    }
    yield found
    for service in found.values():
        exchange(service.port, REQUESTS["get"].encode())
    logs = [service.stop() for service in found.values()]
    assert logs[0]  # there is one line for each request, and it says the same
    assert sorted(logs[0]) == sorted(logs[1])


CLOSE = "Connection: close\r\n"
REQUESTS = {
    "get": f"GET / HTTP/1.1\r\nHost: a\r\n{CLOSE}\r\n",
    "keep-alive": f"GET /one HTTP/1.1\r\nHost: a\r\n\r\nGET /two HTTP/1.1\r\n{CLOSE}\r\n",
    "http-1.0": "GET /old HTTP/1.0\r\n\r\n",
    "head": f"HEAD /none HTTP/1.1\r\n{CLOSE}\r\n",
    "query": f"GET /a%20b%2Fc%E9?x=1&y=%20 HTTP/1.1\r\n{CLOSE}\r\n",
    "empty-query": f"GET /? HTTP/1.1\r\n{CLOSE}\r\n",
    "post": f"POST / HTTP/1.1\r\nContent-Type: a/b\r\nContent-Length: 4\r\n{CLOSE}\r\nbody",
    "chunked": f"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n{CLOSE}\r\n"
    "4\r\nbody\r\n2;x=y\r\n!!\r\n0\r\n\r\n",
    "repeated": f"GET / HTTP/1.1\r\nX-Forwarded-For: 1\r\nX-Forwarded-For: 2\r\n{CLOSE}\r\n",
    "underscore": f"GET / HTTP/1.1\r\nX_User: root\r\nX-Other: 1\r\n{CLOSE}\r\n",
    "unread": "POST /ignore HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody"
    f"GET /two HTTP/1.1\r\n{CLOSE}\r\n",
    "unread-chunks": "POST /ignore HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    f"4\r\nbody\r\n0\r\n\r\nGET /two HTTP/1.1\r\n{CLOSE}\r\n",
    "raise": f"GET /raise HTTP/1.1\r\n{CLOSE}\r\n",
    "silent": f"GET /silent HTTP/1.1\r\n{CLOSE}\r\n",
    **{
        path: f"GET /{path} HTTP/1.1\r\n{CLOSE}\r\n"
        for path in ("late", "twice", "none", "write", "parts", "large", "odd")
    },
    "hooks": f"GET /hooks HTTP/1.1\r\n\r\nGET /hooked HTTP/1.1\r\n{CLOSE}\r\n",
    "large-1.0": "GET /large HTTP/1.0\r\n\r\n",
}


@pytest.mark.parametrize("name", REQUESTS)
def test_an_answer_is_the_same(name, services):
    request = REQUESTS[name].encode("latin-1")
    answers = {side: plain(exchange(service.port, request)) for side, service in services.items()}
    assert answers["eventlet"].startswith("HTTP/1.1 ")
    assert answers["native"] == answers["eventlet"]


REFUSED = {
    "long-url": (f"GET /{'u' * 8200} HTTP/1.1\r\n\r\n", 414),
    "long-header": (f"GET / HTTP/1.1\r\nX: {'h' * 8200}\r\n\r\n", 400),
    "bad-length": ("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
    "no-length": ("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
    "two-lengths": (
        "POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_the_same(name, services):
    request, status = REFUSED[name]
    for service in services.values():
        answer = exchange(service.port, request.encode())
        assert int(answer.split()[1]) == status
        assert len(answer.split(b"HTTP/1")) == 2  # nothing of it is taken for another request


@pytest.mark.parametrize(
    "options",
    [
        "debug=True",
        "keepalive=False",
        "minimum_chunk_size=1",
        "url_length_limit=100",
        "capitalize_response_headers=False",
        "log_format='%(client_ip)s] \"%(request_line)s\" %(status_code)s 0 0'",
        "log_output=False",
        "log_x_forwarded_for=False",
    ],
)
def test_an_option_means_the_same(options, tmp_path):
    requests = [
        f"GET /{'u' * 120} HTTP/1.1\r\n{CLOSE}\r\n",
        REQUESTS["keep-alive"],
        REQUESTS["large"],
        REQUESTS["parts"],
        REQUESTS["odd"],
        REQUESTS["repeated"],
    ]
    answers = {}
    for side, prelude in SERVERS.items():
        service = Service(prelude, options, tmp_path / side)
        found = [plain(exchange(service.port, request.encode())) for request in requests]
        raised = exchange(service.port, REQUESTS["raise"].encode())
        answers[side] = [*found, b"on purpose" in raised, service.stop()]
    if "url_length" in options:  # the answer has a body on one side
        assert answers["eventlet"][0].startswith("HTTP/1.0 414")
        assert answers["native"][0].startswith("HTTP/1.1 414")
        answers["eventlet"][0] = answers["native"][0] = ""
    assert answers["native"] == answers["eventlet"]


TLS = {
    "eventlet": """
import eventlet
from eventlet.wsgi import server
def listen(address):
    return eventlet.wrap_ssl(eventlet.listen(address), certfile="localhost.pem", server_side=True)
""",
    "native": """
import socket, ssl
from helpers import wsgi_server as server
def listen(address):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("localhost.pem")
    return context.wrap_socket(socket.create_server(address), server_side=True)
""",
}


def test_tls_is_taken_from_the_socket(tmp_path):
    answers = {}
    for side, prelude in TLS.items():
        service = Service(prelude, "debug=False", tmp_path / side)
        request = REQUESTS["post"].encode()
        answers[side] = plain(exchange(service.port, request, tls=True))
        service.stop()
    assert "wsgi.url_scheme=https" in answers["native"]
    assert answers["native"] == answers["eventlet"]


# What takes more than to send all and to read all.


def ask_twice(port: int) -> list[str]:
    """Each answer is whole before the next request is sent."""
    requests = (b"GET /one HTTP/1.1\r\nHost: a\r\n\r\n", REQUESTS["parts"].encode())
    with connect(port) as sock:
        sock.sendall(requests[0])
        first = everything(sock, lambda data: data.endswith(b"body=b''\n"))
        sock.sendall(requests[1])
        return [plain(first), plain(everything(sock))]


def test_a_connection_is_kept(services):
    answers = {side: ask_twice(service.port) for side, service in services.items()}
    assert answers["native"] == answers["eventlet"]


def continue_after(port: int) -> tuple[bytes, str]:
    with connect(port) as sock:
        head = b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n"
        sock.sendall(head + f"{CLOSE}\r\n".encode())
        first = everything(sock, lambda data: data.endswith(b"\r\n\r\n"))
        sock.sendall(b"body")
        return first, plain(everything(sock))


def test_100_continue(services):
    answers = {side: continue_after(service.port) for side, service in services.items()}
    assert answers["eventlet"][0] == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert answers["native"] == answers["eventlet"]


HANGS = {
    "silent": b"",
    "request-line": b"GET /ha",
    "headers": b"GET / HTTP/1.1\r\nHost: a\r\n",
    "body": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf",
    "chunk": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf",
}


@pytest.mark.parametrize("side", SERVERS)
def test_clients_that_hang_hold_up_nobody(side, tmp_path, until):
    service = Service(SERVERS[side], "debug=False", tmp_path / side)
    hanging = {name: [connect(service.port) for _ in range(20)] for name in HANGS}
    for name, socks in hanging.items():
        for sock in socks:
            sock.sendall(HANGS[name])
    answer = exchange(service.port, REQUESTS["get"].encode())
    assert answer.startswith(b"HTTP/1.1 200 OK")
    for socks in hanging.values():
        for sock in socks:
            sock.close()
    # A head that was cut off is a request to eventlet's server alone (C-HTTP asks about it).
    cut = '"GET /ha" 200'
    if side == "eventlet":
        until(lambda: cut in (tmp_path / side / "log").read_text(encoding="utf-8"))
        service.stop()
    else:
        assert cut not in service.stop()


STOPPING = """
import socket, threading
sock = listen(("127.0.0.1", 0))
print(sock.getsockname()[1], flush=True)
begun, go_on = threading.Semaphore(0), threading.Semaphore(0)

def answer(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return slowly()

def slowly():
    yield b"begun " * 1000
    go_on.acquire()
    yield b"ended"

def stop():
    input()
    sock.shutdown(socket.SHUT_RDWR)
    print("shut", flush=True)
    input()
    go_on.release()

spawn(stop)
try:
    server(sock, answer, open("log", "w", 1), max_size=3)
except OSError:
    pass  # of eventlet's accept
print("returned", flush=True)
"""
SPAWN = {
    "eventlet": "import eventlet\neventlet.monkey_patch()\n"
    "from eventlet import spawn_n as spawn, tpool\n"
    "import builtins; ask = builtins.input\n"
    "builtins.input = lambda: tpool.execute(ask)\n",
    "native": "import threading\n"
    "spawn = lambda f: threading.Thread(target=f, daemon=True).start()\n",
}


@pytest.mark.parametrize("side", SERVERS)
def test_a_stop_waits_for_what_has_begun(side, tmp_path):
    (tmp_path / "helpers.py").write_text(render(["wsgi_server"]), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", SPAWN[side] + SERVERS[side] + STOPPING],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = int(process.stdout.readline())
        with connect(port) as sock, connect(port) as idle:
            sock.sendall(f"GET / HTTP/1.1\r\nHost: a\r\n{CLOSE}\r\n".encode())
            answer = everything(sock, lambda data: b"begun" in data)
            process.stdin.write("\n")
            process.stdin.flush()
            assert process.stdout.readline() == "shut\n"
            assert everything(idle) == b""  # it waits for no request any more
            process.stdin.write("\n")
            process.stdin.flush()
            answer += everything(sock)
        assert answer.endswith(b"ended\r\n0\r\n\r\n")
        assert process.communicate(timeout=PATIENCE)[0] == "returned\n"
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("side", SERVERS)
def test_a_body_that_is_cut_off(side, tmp_path, until):
    """One of a known length is short; one in chunks raises, by eventlet errors of its own."""
    service = Service(SERVERS[side], "debug=False", tmp_path / side)
    for name in ("body", "chunk"):
        with connect(service.port) as sock:
            sock.sendall(HANGS[name])
    error = "OSError: unexpected end of file" if side == "eventlet" else "ValueError: Bad chunked"
    text = '"POST / HTTP/1.1" 200', '"POST / HTTP/1.1" 500', error
    log = tmp_path / side / "log"
    until(lambda: log.exists() and all(part in log.read_text("utf-8") for part in text))
    service.stop()
