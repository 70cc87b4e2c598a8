"""What the pages of rules tell a person to write by hand does run, and does what it says."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from concurrent import futures
from types import SimpleNamespace
from typing import Any

import pytest

from eventlet_codemod.report.rulepage import rule_page
from eventlet_codemod.rules import all_rules

SKETCHES = [(rule, title) for rule in all_rules() for title in rule.sketches]
PATIENCE = 30

Run = Callable[[Any], None]
RUNS: dict[tuple[str, str], Run] = {}


def runs(rule: str, title: str) -> Callable[[Run], Run]:
    def register(function: Run) -> Run:
        RUNS[rule, title] = function
        return function

    return register


def started(function: Callable[..., Any], *args: Any) -> futures.Future[Any]:
    """A call in a daemon thread, so that what hangs does not hold up the end of the tests."""
    future: futures.Future[Any] = futures.Future()

    def run() -> None:
        try:
            future.set_result(function(*args))
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future


def free_address() -> tuple[str, int]:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        host, port = sock.getsockname()
        return host, port


def connected(address: tuple[str, int]) -> socket.socket:
    """A connection to a server that is about to listen."""
    for _ in range(PATIENCE * 100):
        try:
            return socket.create_connection(address, timeout=PATIENCE)
        except ConnectionRefusedError:
            threading.Event().wait(0.01)
    raise AssertionError("nobody listens")


def read(sock: socket.socket) -> bytes:
    return b"".join(iter(lambda: sock.recv(1000), b""))


@pytest.mark.parametrize(
    ("rule", "title"), SKETCHES, ids=[f"{rule.name}: {title}" for rule, title in SKETCHES]
)
def test_a_sketch_runs(rule: Any, title: str) -> None:
    code = rule.sketches[title]
    assert code in rule_page(rule)
    assert "eventlet" not in code and "greenlet" not in code
    assert max(map(len, code.splitlines())) <= 100
    namespace: dict[str, Any] = {"__name__": "sketch"}
    exec(compile(code, f"<{rule.code}>", "exec", dont_inherit=True), namespace)
    RUNS[rule.name, title](SimpleNamespace(**namespace))


def test_every_run_is_of_a_sketch() -> None:
    assert RUNS.keys() == {(rule.name, title) for rule, title in SKETCHES}


@runs("serve", "the same without a helper, with socketserver")
def serve(sketch: Any) -> None:
    def handle(conn: socket.socket, addr: object) -> None:
        question = conn.recv(100)
        if question == b"stop":
            raise sketch.StopServe
        if question == b"bad":
            raise ValueError(question)
        conn.sendall(question.upper())

    for last, error in ((b"stop", None), (b"bad", ValueError)):
        address = free_address()
        server = started(sketch.serve, address, handle, 2)
        for question, answer in ((b"a", b"A"), (b"b", b"B"), (b"c", b"C"), (last, b"")):
            with connected(address) as sock:
                sock.sendall(question)
                assert read(sock) == answer
        assert type(server.exception(timeout=PATIENCE)) is (error or type(None))


@runs("trampoline", "descriptors above 1023, and a limit")
def trampoline(sketch: Any) -> None:
    near, far = socket.socketpair()
    with near, far:
        sketch.wait_until_ready(near, write=True)
        with pytest.raises(TimeoutError):
            sketch.wait_until_ready(near, read=True, timeout=0)
        far.sendall(b"!")
        sketch.wait_until_ready(near.fileno(), read=True, timeout=PATIENCE)


@pytest.fixture(scope="session", autouse=True)
def certificate(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A certificate for localhost that nobody vouches for."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl here to make a certificate")
    place = tmp_path_factory.mktemp("tls")
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command += ["-keyout", str(place / "key.pem"), "-out", str(place / "cert.pem")]
    subprocess.run(command, check=True, capture_output=True)
    TLS.update(key=str(place / "key.pem"), cert=str(place / "cert.pem"))


TLS: dict[str, str] = {}


def over_tls(client: Callable[[socket.socket], ssl.SSLSocket]) -> str:
    """What a client hears from a server whose certificate is of nobody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS["cert"], TLS["key"])
    near, far = socket.socketpair()

    def answer() -> None:
        with context.wrap_socket(far, server_side=True) as sock:
            sock.sendall(sock.recv(100).upper())

    with near, far:
        near.settimeout(PATIENCE)
        serving = started(answer)
        with client(near) as sock:
            sock.sendall(b"asked")
            heard = sock.recv(100).decode()
        serving.result(timeout=PATIENCE)
    return heard


@runs("client-socket", "a client that verifies from now on")
def verified(sketch: Any) -> None:
    assert over_tls(lambda sock: sketch.wrap(sock, "localhost", TLS["cert"])) == "ASKED"
    for host, trusted in (("localhost", None), ("elsewhere", TLS["cert"])):
        with pytest.raises(ssl.SSLCertVerificationError):
            over_tls(lambda sock, h=host, t=trusted: sketch.wrap(sock, h, t))


@runs("client-socket", "a client that goes on trusting whoever answers")
def trusting(sketch: Any) -> None:
    assert over_tls(sketch.wrap) == "ASKED"
