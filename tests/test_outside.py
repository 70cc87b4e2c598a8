"""Where no file can be written for a server outside, a command serves the application for real."""

from __future__ import annotations

import http.client
import re
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one

SOURCE = """\
import eventlet
from eventlet import wsgi


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]


def main(conf, sock):
    eventlet.spawn(wsgi.server, {sock}, {site}, max_size=4, keepalive=3, url_length_limit=9000)
"""
EXTERNAL = Settings(wsgi="external", monkey_patched="yes")


def advice_for(sock: str, site: str) -> str:
    source = SOURCE.format(sock=sock, site=site)
    findings = rewrite_one(source.encode(), "service.py", EXTERNAL).entry.findings
    (found,) = (finding for finding in findings if finding.rule == "EVT701")
    assert found.advice is not None
    return found.advice


def test_what_cannot_be_seen_is_for_the_reader():
    advice = advice_for("sock", "conf.app")
    assert "no file is written for it, since it runs beside other code of its process" in advice
    assert "make a module ENTRY with `application = conf.app`" in advice
    assert "--bind HOST:PORT" in advice
    assert "--threads 4" in advice


def test_an_address_without_a_host_is_every_host():
    assert "--bind 0.0.0.0:8080" in advice_for('eventlet.listen(("", 8080))', "application")


def test_gunicorn_serves_by_the_command(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    listen = f'eventlet.listen(("127.0.0.1", {port}))'
    commands = re.findall(r"`(gunicorn [^`]*)`", advice_for(listen, "application"))
    given = shlex.split(commands[0])[1:]
    assert given[given.index("--keep-alive") + 1] == "3"
    assert given[given.index("--limit-request-line") + 1] == "8190"
    native = SOURCE.partition("def application")[2]  # what is left when the server goes
    kept = f"def application{native.partition('def main')[0]}"
    (tmp_path / "service.py").write_text(kept, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *given], cwd=tmp_path, stderr=subprocess.PIPE
    )
    try:
        answer = _ask(port, process)
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert answer == b"/asked"


def _ask(port: int, process: subprocess.Popen[bytes]) -> bytes:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/asked")
            return connection.getresponse().read()
        except ConnectionRefusedError:
            time.sleep(0.05)
    pytest.fail("it does not serve")
