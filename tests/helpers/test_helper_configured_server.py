"""`ConfiguredWSGIServer` does what `oslo_service.wsgi.Server` does, without eventlet."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from oslo_config import cfg
from serving import PATIENCE, certificate, connect, everything, exchange

from eventlet_codemod.helpers.cheroot_server import WSGIServer
from eventlet_codemod.helpers.configured_server import ConfiguredWSGIServer

GET = b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"

#: What the options of oslo.service 4 are by default.
NUMBERS = {
    "tcp_keepidle": 600,
    "wsgi_default_pool_size": 100,
    "max_header_line": 16384,
    "client_socket_timeout": 900,
}
OPTIONS = {**NUMBERS, "wsgi_keep_alive": True, "wsgi_server_debug": False}
LOGGED = {
    "client_ip": "::1",
    "request_line": "GET /",
    "status_code": 200,
    "body_length": 7,
    "wall_seconds": 0.5,
}


def application(environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.url_scheme"].encode()]


@pytest.fixture
def conf() -> cfg.ConfigOpts:
    found = cfg.ConfigOpts()
    found([])
    return found


@pytest.fixture
def make(conf: cfg.ConfigOpts, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    monkeypatch.setattr(WSGIServer, "max_header_line", WSGIServer.max_header_line)
    made: list[ConfiguredWSGIServer] = []

    def server(app: Any = application, **options: Any) -> ConfiguredWSGIServer:
        if "socket_file" not in options:
            options.setdefault("host", "127.0.0.1")
        made.append(ConfiguredWSGIServer(conf, "api", app, **options))
        return made[-1]

    yield server
    for item in made:
        item.stop()
        item.wait()
        item.socket.close()


def test_it_serves_from_start_to_stop(make):
    server = make()
    assert server.host == "127.0.0.1"
    assert server.port == server.socket.getsockname()[1]
    server.start()
    assert exchange(server.port, GET).endswith(b"http")
    server.stop()
    server.wait()
    server.reset()
    server.start()  # on the same socket
    assert exchange(server.port, GET).endswith(b"http")


def test_stop_returns_at_once_and_wait_waits_for_what_has_begun(make):
    inside, go_on = threading.Event(), threading.Event()

    def slow(environ: Any, start_response: Any) -> list[bytes]:
        inside.set()
        assert go_on.wait(PATIENCE)
        return application(environ, start_response)

    server = make(slow)
    server.start()
    with connect(server.port) as sock:
        sock.sendall(GET)
        assert inside.wait(PATIENCE)
        server.stop()
        waiting = threading.Thread(target=server.wait)
        waiting.start()
        go_on.set()
        assert everything(sock).endswith(b"http")
        waiting.join(PATIENCE)
        assert not waiting.is_alive()


def test_what_never_started_can_be_stopped(make):
    server = make()
    server.stop()
    server.wait()


def test_the_options_are_those_of_oslo_service(conf, make):
    make()
    assert {name: conf[name] for name in OPTIONS} == OPTIONS
    assert conf.ssl.keys() == {"ca_file", "cert_file", "key_file", "version", "ciphers"}
    assert conf.wsgi_log_format % LOGGED == '::1 "GET /" status: 200  len: 7 time: 0.5000000'


def test_options_that_are_registered_already_are_taken(conf, make):
    conf.register_opts([cfg.IntOpt(name, default=1, help="Ours.") for name in NUMBERS])
    conf.set_override("wsgi_default_pool_size", 7)
    conf.set_override("client_socket_timeout", 0)
    conf.set_override("max_header_line", 100)
    server = make()
    assert (server.pool_size, server.client_socket_timeout) == (7, None)
    server.start()
    long = b"GET / HTTP/1.1\r\nX: " + b"y" * 100 + b"\r\n\r\n"
    assert exchange(server.port, long).split()[1] == b"400"


def test_the_length_of_a_url(make):
    server = make(max_url_len=50, pool_size=2)
    server.start()
    url = b"GET /" + b"u" * 50 + b" HTTP/1.1\r\n\r\n"
    assert exchange(server.port, url).split()[1] == b"414"


def test_tls(conf, make, tmp_path):
    make()  # registers the options
    pem = certificate(tmp_path)
    conf.set_override("cert_file", pem, group="ssl")
    conf.set_override("key_file", pem, group="ssl")
    server = make(use_ssl=True)
    server.start()
    assert exchange(server.port, GET, tls=True).endswith(b"https")
    conf.set_override("ca_file", pem, group="ssl")
    asking = make(use_ssl=True)
    asking.start()
    with pytest.raises((ssl.SSLError, ConnectionError, AssertionError)):
        assert exchange(asking.port, GET, tls=True)  # a client without a certificate


@pytest.mark.parametrize("options", [{"cert_file": "no such file"}, {"cert_file": __file__}])
def test_files_for_tls_that_are_missing(conf, make, options):
    make()
    for name, value in options.items():
        conf.set_override(name, value, group="ssl")
    with pytest.raises(RuntimeError, match="cert_file"):
        make(use_ssl=True)


def test_a_unix_socket(make, tmp_path):
    path = str(tmp_path / "api.sock")
    server = make(socket_family=socket.AF_UNIX, socket_file=path, socket_mode=0o660)
    assert stat.S_IMODE(Path(path).stat().st_mode) == 0o660
    server.start()
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        client.sendall(GET)
        assert everything(client).endswith(b"http")


@pytest.mark.parametrize("options", [{"backlog": 0}, {"socket_family": socket.AF_PACKET}])
def test_what_it_cannot_do_is_an_error(make, options):
    with pytest.raises(ValueError, match=r"backlog|family"):
        make(**options)


def test_a_subclass_sets_options_of_the_socket(conf, make):
    class Own(ConfiguredWSGIServer):
        def _set_socket_opts(self, _socket: socket.socket) -> socket.socket:
            _socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 0)
            return _socket

    for kind, kept in ((ConfiguredWSGIServer, True), (Own, False)):
        server = kind(conf, "api", application, "127.0.0.1")
        assert bool(server.socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)) is kept
        server.socket.close()
