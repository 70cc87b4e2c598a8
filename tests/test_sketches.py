"""What the pages of rules tell a person to write by hand does run, and does what it says."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent import futures
from types import SimpleNamespace
from typing import Any

import pytest

from eventlet_codemod.report.rulepage import rule_page
from eventlet_codemod.rules import all_rules

#: What a sketch may need beside the standard library; tests have it by the extra `test`.
LIBRARIES = frozenset({"opentelemetry", "sqlalchemy", "websockets", "yappi"})
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
    assert not re.search(r"\b(eventlet|greenlet)\.\w|import (eventlet|greenlet)\b", code)
    assert max(map(len, code.splitlines())) <= 100
    namespace: dict[str, Any] = {"__name__": "sketch"}
    try:
        exec(compile(code, f"<{rule.code}>", "exec", dont_inherit=True), namespace)
    except ModuleNotFoundError as missing:
        assert str(missing.name).partition(".")[0] in LIBRARIES
        pytest.skip(f"{missing.name} is not installed")
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


@runs("websocket", "a server of websockets, with the library of that name")
def websocket(sketch: Any) -> None:
    from websockets.sync.client import connect

    ended = threading.Event()

    def echo(ws: Any) -> None:
        assert ws.path == "/chat"
        while (message := ws.wait()) is not None:
            ws.send(message.upper())
        ended.set()

    with sketch.websocket_server(echo, "127.0.0.1", 0) as server:
        serving = started(server.serve_forever)
        port = server.socket.getsockname()[1]
        with connect(f"ws://127.0.0.1:{port}/chat") as client:
            for word in ("a", "b"):
                client.send(word)
                assert client.recv(timeout=PATIENCE) == word.upper()
        assert ended.wait(PATIENCE)
        server.shutdown()
        serving.result(timeout=PATIENCE)


@runs("backdoor", "Python's prompt on a local port")
def backdoor(sketch: Any) -> None:
    server = sketch.start_backdoor(0, {"answer": 42})
    try:
        lines = b"answer\nprint('told')\nnowhere\nfor n in (1, 2):\n    n\n\n_ + 1\nexit()\n"
        for _ in range(2):
            with connected(server.server_address) as sock:
                sock.sendall(lines)
                said = read(sock).decode()
            assert ">>> 42\n>>> told\n" in said
            assert "NameError: name 'nowhere' is not defined" in said
            assert said.endswith("1\n2\n>>> 3\n>>> ")
    finally:
        server.shutdown()
        server.server_close()


@runs("backdoor", "the stacks of all threads, by a signal")
def stacks_by_signal(sketch: Any) -> None:
    code = next(rule for rule, _ in SKETCHES if rule.name == "backdoor").sketches[
        "the stacks of all threads, by a signal"
    ]
    tail = "\nshow_stacks_on_signal()\nsignal.raise_signal(signal.SIGUSR1)\nprint('goes on')\n"
    done = subprocess.run([sys.executable, "-c", code + tail], capture_output=True, text=True)
    assert done.stdout == "goes on\n"
    assert "most recent call first" in done.stderr


class Driver:
    """A DB-API driver whose connections are told apart."""

    def __init__(self) -> None:
        self.made: list[SimpleNamespace] = []

    def connect(self, *args: Any, **kwargs: Any) -> SimpleNamespace:
        told: list[str] = []
        connection = SimpleNamespace(
            told=told,
            args=(args, kwargs),
            rollback=lambda: told.append("rollback"),
            close=lambda: told.append("close"),
        )
        self.made.append(connection)
        return connection


@runs("db-pool", "the same with SQLAlchemy's pool")
def queue_pool(sketch: Any) -> None:
    from sqlalchemy.exc import TimeoutError as Exhausted

    driver = Driver()
    pool = sketch.ConnectionPool(driver, "db", max_size=2, timeout=0.01, user="pkg")
    first, second = pool.get(), pool.get()
    assert first.args == (("db",), {"user": "pkg"})
    with pytest.raises(Exhausted):
        pool.get()
    pool.put(first)
    second.close()
    assert [connection.told for connection in driver.made] == [["rollback"], ["rollback"]]
    assert pool.get().dbapi_connection is driver.made[1]
    assert len(driver.made) == 2
    pool.clear()


@runs("db-pool", "the same with the standard library alone")
def stdlib_pool(sketch: Any) -> None:
    driver = Driver()
    pool = sketch.ConnectionPool(driver.connect, max_size=2)
    with pool.item() as first, pool.item() as second:
        assert first is not second
        with pytest.raises(TimeoutError), pool.item(timeout=0.01):
            pass
    with pytest.raises(ValueError), pool.item() as again:
        assert again is first
        raise ValueError
    assert first.told == ["rollback", "close"]
    with pool.item() as again:
        assert again is second
    pool.max_age = 0
    with pool.item() as new:
        assert new not in (first, second)
    assert second.told == ["rollback", "rollback", "close"]


@runs("zipkin", "spans, and threads that go on with them")
def zipkin(sketch: Any) -> None:
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)

    def outer() -> str:
        sketch.start_thread(sketch.handle, "inner", len, "abc").join(PATIENCE)
        return "done"

    assert sketch.handle("outer", outer) == "done"
    inner, around = exporter.get_finished_spans()
    assert (inner.name, around.name) == ("inner", "outer")
    assert inner.parent is not None and inner.parent.span_id == around.context.span_id
    assert dict(inner.attributes or {}) == {"arguments": 1}
    assert [event.name for event in inner.events] == ["begun"]


def busy(count: int) -> int:
    return sum(number * number for number in range(count))


@runs("green-profile", "the time of one thread")
def profile_of_one(sketch: Any) -> None:
    if sys.version_info >= (3, 12) and sys.monitoring.get_tool(2):
        pytest.skip("something else profiles")
    result, text = sketch.profiled(busy, 1000)
    assert result == busy(1000)
    assert "busy" in text and "cumtime" in text


@runs("green-profile", "the time of all threads, with yappi")
def profile_of_all(sketch: Any) -> None:
    lines: list[str] = []
    with sketch.profiled(lines.append):
        thread = threading.Thread(target=busy, args=(100000,))
        thread.start()
        thread.join()
    assert any("busy" in line for line in lines)


@runs("awaitable", "an event loop in a thread")
def awaitable(sketch: Any) -> None:
    loop = sketch.Loop()
    arrived, ended = threading.Event(), threading.Event()

    async def double(number: int) -> int:
        await asyncio.sleep(0)
        if number < 0:
            raise ValueError(number)
        return 2 * number

    async def hang() -> None:
        arrived.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    assert loop.spawn(double(21)).result(PATIENCE) == 42
    with pytest.raises(ValueError):
        loop.spawn(double(-1)).result(PATIENCE)
    hanging = loop.spawn(hang())
    assert arrived.wait(PATIENCE)
    assert hanging.cancel()
    assert ended.wait(PATIENCE)
    loop.close()
    assert not loop.thread.is_alive()


@runs("raw-greenlet", "one that hands out value after value")
def generator(sketch: Any) -> None:
    mean = sketch.started(sketch.averages())
    assert [mean.send(value) for value in (1, 2, 6)] == [1.0, 1.5, 3.0]


@runs("raw-greenlet", "one that switches from inside of calls")
def taking_turns(sketch: Any) -> None:
    def count(pause: Callable[..., Any], first: int) -> str:
        def deeper(number: int) -> int:
            return int(pause(number + 1))

        number = first
        while number < 10:
            number = deeper(number)
        if number > 100:
            raise ValueError(number)
        return "ended"

    one = sketch.Coroutine(count)
    assert (one.switch(1), one.switch(5), one.switch(10)) == (2, 6, "ended")
    assert one.dead
    with pytest.raises(RuntimeError):
        one.switch()
    other = sketch.Coroutine(count)
    other.switch(0)
    with pytest.raises(ValueError):
        other.switch(1000)
    assert other.dead


@runs("dag-pool", "tasks that wait for each other's results")
def dag_pool(sketch: Any) -> None:
    def join(key: str, inputs: dict[str, str]) -> str:
        return key + "".join(sorted(inputs.values()))

    tasks = {"c": (["a", "b"], join), "b": (["a"], join), "d": (["c", "given"], join)}
    results = sketch.run({"a": ([], join), **tasks}, {"given": "G"}, max_workers=2)
    assert results == {"given": "G", "a": "a", "b": "ba", "c": "caba", "d": "dGcaba"}

    def fail(key: str, inputs: dict[str, str]) -> str:
        raise ValueError(key)

    with pytest.raises(ValueError, match="a"):
        sketch.run({"a": ([], fail), **tasks}, {"given": "G"})


@runs("support", "whether a host is an address")
def addresses(sketch: Any) -> None:
    told = [sketch.is_ip_address(host) for host in ("10.0.0.1", "::1", "host", "10.0.0")]
    assert told == [True, True, False, False]
    assert sketch.is_ip_address("::1", 6) and not sketch.is_ip_address("::1", 4)


@runs("old-module", "a count that somebody waits for, as coros.metaphore")
def metaphore(sketch: Any) -> None:
    count = sketch.Metaphore()
    assert count.wait()
    count.inc(2)
    waiting = started(count.wait)
    count.dec()
    assert count.wait(timeout=0.01) is False
    count.dec()
    assert waiting.result(timeout=PATIENCE)


@runs("hub-object", "a call in some seconds")
def call_later(sketch: Any) -> None:
    called = threading.Event()
    timer = sketch.call_later(0.001, called.set)
    assert timer.daemon
    assert called.wait(PATIENCE)
    never = sketch.call_later(PATIENCE, called.clear)
    never.cancel()
    never.join(PATIENCE)
    assert called.is_set()


@runs("hub-object", "watching descriptors")
def watching(sketch: Any) -> None:
    near, far = socket.socketpair()
    stopped = threading.Event()
    received: list[bytes] = []

    def receive(sock: socket.socket) -> None:
        received.append(sock.recv(100))
        stopped.set()

    with near, far:
        watch = started(sketch.watch, [near], receive, stopped)
        far.sendall(b"news")
        watch.result(timeout=PATIENCE)
    assert received == [b"news"]


@runs("hub-debug", "where each thread is")
def where_threads_are(sketch: Any) -> None:
    go_on = threading.Event()
    thread = threading.Thread(target=go_on.wait, name="idler", daemon=True)
    thread.start()
    text = sketch.format_threads()
    go_on.set()
    assert "idler (daemon):\n" in text and "MainThread:\n" in text
    assert "where_threads_are" in text


@runs("hub-debug", "which lines run")
def which_lines_run(sketch: Any) -> None:
    before = sys.gettrace(), threading.gettrace()
    lines: list[str] = []
    try:
        sketch.spew(lines.append, {__name__})
        thread = threading.Thread(target=busy, args=(2,), name="tracee")
        thread.start()
        thread.join()
        sketch.unspew()
        assert (sys.gettrace(), threading.gettrace()) == (None, None)
    finally:
        sys.settrace(before[0])
        threading.settrace(before[1])  # type: ignore[arg-type]
    assert any(line.startswith(f"tracee: {__name__}:") for line in lines)


@runs("wsgi-part", "an access log for any server")
def access_log(sketch: Any) -> None:
    lines: list[str] = []
    closed: list[bool] = []

    class Body(list):  # type: ignore[type-arg]
        def close(self) -> None:
            closed.append(True)

    def application(environ: Any, start_response: Any) -> Any:
        start_response("404 Not Found", [])
        return Body([b"no", b"thing"])

    sketch.AccessLog.__call__.__globals__["LOG"] = SimpleNamespace(
        info=lambda text, *args: lines.append(text % args)
    )
    environ = {"REMOTE_ADDR": "10.0.0.1", "REQUEST_METHOD": "GET", "PATH_INFO": "/a"}
    answers: list[Any] = []
    body = sketch.AccessLog(application)(environ, lambda *args: answers.append(args))
    assert b"".join(body) == b"nothing"
    assert answers == [("404 Not Found", [], None)]
    assert lines[0].startswith('10.0.0.1 "GET /a" status: 404 len: 7 time: 0.')
    assert closed == [True]


@runs("with-timeout", "a wait that gives up")
def with_timeout(sketch: Any) -> None:
    go_on = threading.Event()
    assert sketch.with_timeout(PATIENCE, divmod, 7, 2) == (3, 1)
    assert sketch.with_timeout(0.01, go_on.wait, timeout_value="late") == "late"
    with pytest.raises(TimeoutError):
        sketch.with_timeout(0.01, go_on.wait)
    with pytest.raises(ZeroDivisionError):
        sketch.with_timeout(PATIENCE, divmod, 1, 0)
    go_on.set()


@runs("internals", "a value that is handed over once")
def waiter(sketch: Any) -> None:
    one, other = sketch.Waiter(), sketch.Waiter()
    waiting = started(one.wait)
    one.switch("value")
    assert waiting.result(timeout=PATIENCE) == "value"
    other.throw(ValueError("no"))
    with pytest.raises(ValueError, match="no"):
        other.wait()
