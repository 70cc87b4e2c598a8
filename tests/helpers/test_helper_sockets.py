"""`connect` and `wrap_ssl`: the client's end, over loopback."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess

import pytest

from eventlet_codemod.helpers.connect import connect
from eventlet_codemod.helpers.spawn import spawn
from eventlet_codemod.helpers.wrap_ssl import wrap_ssl


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        yield sock


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A key and a certificate that nobody vouches for, as paths."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl here to make a certificate")
    place = tmp_path_factory.mktemp("tls")
    key, cert = str(place / "key.pem"), str(place / "cert.pem")
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=nobody"]
    command = [openssl, *made, "-keyout", key, "-out", cert]
    subprocess.run(command, check=True, capture_output=True)
    return key, cert


def test_it_connects(listener):
    with connect(listener.getsockname()) as client:
        peer, _ = listener.accept()
        with peer:
            client.sendall(b"asked")
            assert peer.recv(5) == b"asked"


def test_its_own_end_is_bound(listener):
    with connect(listener.getsockname(), bind=("127.0.0.2", 0)) as client:
        peer, address = listener.accept()
        peer.close()
        assert address[0] == client.getsockname()[0] == "127.0.0.2"


def test_of_another_family(tmp_path):
    path = str(tmp_path / "socket")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        with connect(path, socket.AF_UNIX) as client:
            assert client.getpeername() == path


def test_nobody_listens(listener):
    address = listener.getsockname()
    listener.close()
    with pytest.raises(ConnectionRefusedError):
        connect(address)


@pytest.mark.parametrize("own", [False, True])
def test_tls_without_a_question(listener, certificate, own):
    """The server's certificate is of nobody, and for another name."""
    key, cert = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    if own:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cert)

    def answer():
        peer, _ = listener.accept()
        with context.wrap_socket(peer, server_side=True) as wrapped:
            wrapped.sendall(wrapped.recv(5).upper())
            return wrapped.getpeercert()

    server = spawn(answer)
    shown = {"keyfile": key, "certfile": cert} if own else {}
    with wrap_ssl(connect(listener.getsockname()), **shown) as client:
        client.sendall(b"asked")
        assert client.recv(5) == b"ASKED"
    assert bool(server.result(timeout=10)) is own


def test_a_key_that_is_not_there(listener, tmp_path):
    with connect(listener.getsockname()) as client, pytest.raises(OSError):
        wrap_ssl(client, keyfile=str(tmp_path / "none"), certfile=str(tmp_path / "none"))
