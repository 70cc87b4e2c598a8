"""`listen` gives a socket with the options that eventlet's has."""

from __future__ import annotations

import socket
from typing import Any

import eventlet
import pytest

from eventlet_codemod.helpers.listen import listen

OPTIONS = {
    "reuse_addr": (socket.SOL_SOCKET, socket.SO_REUSEADDR),
    "reuse_port": (socket.SOL_SOCKET, socket.SO_REUSEPORT),
    "accepts": (socket.SOL_SOCKET, socket.SO_ACCEPTCONN),
}


def described(function: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
    sock = function(*args, **kwargs)
    try:
        found = {name: bool(sock.getsockopt(*option)) for name, option in OPTIONS.items()}
        if sock.family == socket.AF_INET6:
            found["only"] = bool(sock.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY))
        return {**found, "family": sock.family, "type": sock.type, "timeout": sock.gettimeout()}
    finally:
        sock.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"backlog": 3},
        {"reuse_addr": False},
        {"reuse_port": False},
        {"reuse_port": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.filterwarnings("ignore::eventlet.convenience.ReuseRandomPortWarning")
def test_the_options_are_the_same(options, fixed):
    address = ("127.0.0.1", free_port() if fixed else 0)
    assert described(listen, address, **options) == described(eventlet.listen, address, **options)


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
@pytest.mark.parametrize("host", ["::", "::1"])
def test_the_options_for_ipv6_are_the_same(host):
    given = ((host, 0), socket.AF_INET6)
    assert described(listen, *given) == described(eventlet.listen, *given)


def test_a_path(tmp_path):
    given = [(str(tmp_path / name), socket.AF_UNIX, 7) for name in "ab"]
    assert described(listen, *given[0]) == described(eventlet.listen, *given[1])


def test_an_address_that_is_taken_is_an_error():
    with (
        listen(("127.0.0.1", 0)) as first,
        pytest.raises(OSError, match="in use"),
    ):
        listen(first.getsockname(), reuse_port=False)
