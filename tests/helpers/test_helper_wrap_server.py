"""`wrap_server` makes a server speak TLS, and lets no silent client hold it up."""

from __future__ import annotations

import socket
import ssl
import threading

import pytest
from serving import certificate, connect, everything

from eventlet_codemod.helpers.wrap_server import wrap_server


def test_a_silent_client_does_not_hold_up_the_others(tmp_path):
    pem = certificate(tmp_path)
    with wrap_server(socket.create_server(("127.0.0.1", 0)), pem, certfile=pem) as server:
        port = server.getsockname()[1]
        with connect(port):
            silent, _ = server.accept()
            answers: list[bytes] = []

            def ask() -> None:
                with connect(port, tls=True) as sock:
                    answers.append(everything(sock))

            asking = threading.Thread(target=ask)
            asking.start()
            sock, _ = server.accept()
            with sock:
                sock.sendall(b"hello")
            asking.join()
            silent.close()
    assert answers == [b"hello"]


def test_the_ciphers_are_those_that_are_asked_for(tmp_path):
    pem = certificate(tmp_path)
    name = "ECDHE-ECDSA-AES128-GCM-SHA256"
    with wrap_server(socket.socket(), pem, pem, ciphers=name) as server:
        older = [
            item["name"] for item in server.context.get_ciphers() if "TLS_" not in item["name"]
        ]
    assert older == [name]


def test_files_that_do_not_do_are_an_error(tmp_path):
    with socket.socket() as sock:
        with pytest.raises(FileNotFoundError):
            wrap_server(sock, certfile=str(tmp_path / "none"))
        with pytest.raises(ssl.SSLError):
            wrap_server(sock, certfile=__file__)
