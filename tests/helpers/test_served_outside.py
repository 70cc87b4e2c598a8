"""gunicorn and uWSGI serve by the files that a run writes what eventlet's server served before."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import PATIENCE, PEM, connect, everything, exchange, plain

from eventlet_codemod.config import Settings
from eventlet_codemod.discovery import discover
from eventlet_codemod.run import run

UWSGI = shutil.which("uwsgi") or shutil.which("uwsgi", path=Path(sys.executable).parent)
needs_uwsgi = pytest.mark.skipif(UWSGI is None, reason="there is no uWSGI here")

THREADS = 3
SERVICE = """\
import pathlib
import threading
import time

import eventlet
from eventlet import wsgi

meeting = threading.Barrier({threads})
prepared = []


def make_app(name):
    def app(environ, start_response):
        path = environ["PATH_INFO"]
        text = [("Content-Type", "text/plain")]
        if path == "/raise":
            raise ValueError("on purpose")
        if path == "/meet":  # answers when as many requests are here as there are threads
            meeting.wait(20)
        if path == "/slow":
            start_response("200 OK", text)
            return slowly()
        if path == "/parts":
            start_response("200 OK", text)
            return (b"part %d;" % number for number in range(3))
        body = environ["wsgi.input"].read() if environ["REQUEST_METHOD"] == "POST" else b""
        told = [name, prepared, path, environ.get("QUERY_STRING", ""), environ["wsgi.url_scheme"]]
        told += [environ.get("HTTP_X_OTHER"), environ.get("HTTP_X_USER"), environ.get("own.key")]
        answer = repr([*told, body]).encode()
        start_response("200 OK", [*text, ("Content-Length", str(len(answer)))])
        return [answer]

    return app


def slowly():
    yield b"begun;"
    while not pathlib.Path("go-on").exists():
        time.sleep(0.01)
    yield b"ended"


def prepare():
    prepared.append("prepared")


def main():
    prepare()
    app = make_app("made")
    sock = {sock}
    print("ready", flush=True)
    wsgi.server(sock, app, environ={{"own.key": "ours"}}, max_size={threads}, debug=False{more})


if __name__ == "__main__":
    main()
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


class Project:
    """A project in a directory, and what serves it at the moment."""

    def __init__(self, root: Path, *, more: str = "", tls: bool = False) -> None:
        self.root, self.port, self.tls = root, free_port(), tls
        sock = f'eventlet.listen(("127.0.0.1", {self.port}))'
        if tls:
            sock = f'eventlet.wrap_ssl({sock}, certfile="localhost.pem", server_side=True)'
        (root / "pkg").mkdir()
        (root / "pkg/__init__.py").touch()
        source = SERVICE.format(sock=sock, threads=THREADS, more=more)
        (root / "pkg/service.py").write_text(source, encoding="utf-8")
        (root / "localhost.pem").write_text(PEM, encoding="ascii")
        self.process: subprocess.Popen[bytes] | None = None
        self.log = root / "log"

    def apply(self, server: str) -> list[str]:
        """Run the tool for real; the paths of the files that it made."""
        settings = Settings(wsgi="external", wsgi_external=server, monkey_patched="no")
        found = discover(self.root, [self.root], settings)
        result = run(self.root, found.files, settings, whole_project=True)
        for change in result.changes:
            if change.new is not None:
                (self.root / change.entry.path).write_bytes(change.new)
        return [change.entry.path for change in result.changes if change.created]

    def start(self, *command: str) -> None:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.root,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a group of its own, with all its workers
                # a shell that runs the tests in the background has it ignored
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                return exchange(self.port, GET, tls=self.tls) and None
            except OSError:
                time.sleep(0.05)  # it does not listen yet
        pytest.fail(f"it does not serve: {self.log.read_text()}")

    def ask(self, request: bytes) -> str:
        return plain(exchange(self.port, request, tls=self.tls))

    def stop(self) -> str:
        """End it as its manager does; what it has said."""
        assert self.process is not None
        self.process.terminate()
        assert self.process.wait(PATIENCE) in (0, -signal.SIGTERM)
        self.process = None
        return self.log.read_text(encoding="utf-8")


@pytest.fixture
def make(tmp_path: Path) -> Iterator[type[Project]]:
    made: list[Project] = []

    def make(**options: object) -> Project:
        made.append(Project(tmp_path, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make  # type: ignore[misc]
    for project in made:
        if project.process is not None:
            os.killpg(project.process.pid, signal.SIGKILL)
            project.process.wait()


PYTHON = (sys.executable, "-W", "ignore", "-m")
GUNICORN = (*PYTHON, "gunicorn", "--config", "pkg/service_gunicorn.conf.py")
UWSGI_COMMAND = (str(UWSGI), "--ini", "pkg/service_uwsgi.ini")

CLOSE = "Connection: close\r\n"
GET = f"GET /?x=1 HTTP/1.1\r\nHost: a\r\n{CLOSE}\r\n".encode()
REQUESTS = {
    name: text.encode()
    for name, text in {
        "get": GET.decode(),
        "post": f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n{CLOSE}\r\nbody",
        "chunked": f"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n{CLOSE}\r\n"
        "4\r\nbody\r\n2;x=y\r\n!!\r\n0\r\n\r\n",
        "parts": f"GET /parts HTTP/1.1\r\nHost: a\r\n{CLOSE}\r\n",
        "underscore": f"GET / HTTP/1.1\r\nHost: a\r\nX_User: root\r\nX-Other: 1\r\n{CLOSE}\r\n",
        "raise": f"GET /raise HTTP/1.1\r\nHost: a\r\n{CLOSE}\r\n",
    }.items()
}


def payload(answer: str) -> str:
    """Status and body of an answer, or of several, whether they came in chunks or not."""
    lines = answer.splitlines()
    return "".join(line for line in lines if ": " not in line and not is_size(line))


def is_size(line: str) -> bool:
    return len(line) < 3 and all(letter in "0123456789abcdef" for letter in line)


def test_gunicorn_answers_what_eventlet_answered(make):
    project = make()
    project.start(*PYTHON, "pkg.service")
    before = {name: project.ask(request) for name, request in REQUESTS.items()}
    project.stop()
    assert project.apply("gunicorn") == ["pkg/service_gunicorn.conf.py", "pkg/service_wsgi.py"]
    project.start(*GUNICORN)
    after = {name: project.ask(request) for name, request in REQUESTS.items()}
    assert "'made', ['prepared'], '/'" in before["get"]
    assert "'ours'" in before["get"]
    assert before["raise"].startswith("HTTP/1.1 500")
    assert after.pop("raise").startswith("HTTP/1.1 500")  # its body is a page of gunicorn's
    del before["raise"]
    for name, answer in before.items():
        assert payload(after[name]) == payload(answer)
    keep_alive(project)
    log = project.stop()
    assert '"GET /parts HTTP/1.1" 200 ' in log


def test_gunicorn_serves_as_many_requests_at_a_time(make):
    project = make()
    project.apply("gunicorn")
    project.start(*GUNICORN)
    meet(project)
    project.stop()


def keep_alive(project: Project) -> None:
    """One connection, a request when the answer to the one before is there."""
    with connect(project.port) as sock:
        for number in (1, 2):
            sock.sendall(f"GET /{number} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            answer = everything(sock, until=lambda data: data.endswith(b"]"))
            assert answer.startswith(b"HTTP/1.1 200")


def meet(project: Project) -> None:
    answers: list[str] = []
    request = f"GET /meet HTTP/1.1\r\nHost: a\r\n{CLOSE}\r\n".encode()
    threads = [
        threading.Thread(target=lambda: answers.append(project.ask(request)))
        for _ in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert [answer.split()[1] for answer in answers] == ["200"] * THREADS


def test_gunicorn_finishes_a_request_before_it_stops(make):
    project = make()
    project.apply("gunicorn")
    project.start(*GUNICORN)
    finish(project, "Handling signal: term")


def finish(project: Project, says: str) -> None:
    """Stop it while it answers: the answer is whole, and it has ended."""
    with connect(project.port) as sock:
        sock.sendall(f"GET /slow HTTP/1.1\r\nHost: a\r\n{CLOSE}\r\n".encode())
        answer = everything(sock, until=lambda data: b"begun;" in data)
        assert project.process is not None
        os.kill(project.process.pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while says not in project.log.read_text(encoding="utf-8"):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        (project.root / "go-on").touch()
        answer += everything(sock)
    assert b"ended" in answer
    assert project.process.wait(PATIENCE) == 0
    project.process = None


def test_gunicorn_takes_the_certificate(make):
    project = make(tls=True)
    project.apply("gunicorn")
    project.start(*GUNICORN)
    assert "'https'" in project.ask(GET)
    project.stop()


def test_gunicorn_takes_keywords_for_its_settings(make):
    more = ", keepalive=False, url_length_limit=200, log_output=False"
    project = make(more=more)
    project.apply("gunicorn")
    project.start(*GUNICORN)
    answer = project.ask(b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
    assert answer.count("HTTP/1.1 200") == 1
    long = project.ask(f"GET /{'u' * 300} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    assert long.split()[1] in ("400", "414")
    assert "GET /1" not in project.stop()


@needs_uwsgi
def test_uwsgi_answers_what_eventlet_answered(make):
    project = make()
    project.start(*PYTHON, "pkg.service")
    same = ("get", "post", "parts")
    before = {name: project.ask(REQUESTS[name]) for name in same}
    project.stop()
    assert project.apply("uwsgi") == ["pkg/service_uwsgi.ini", "pkg/service_wsgi.py"]
    project.start(*UWSGI_COMMAND)
    for name in same:
        assert payload(project.ask(REQUESTS[name])) == payload(before[name])
    keep_alive(project)
    meet(project)
    assert '"GET /parts HTTP/1.1" 200 ' in project.stop()


@needs_uwsgi
def test_what_the_file_says_that_uwsgi_does_otherwise(make):
    """Were one of these different, the file would say something that is not so."""
    project = make(more=", keepalive=False")
    project.apply("uwsgi")
    told = (project.root / "pkg/service_uwsgi.ini").read_text(encoding="utf-8")
    project.start(*UWSGI_COMMAND)
    assert "; - chunked requests: " in told
    assert "b''" in project.ask(REQUESTS["chunked"])
    assert "; - errors: " in told
    assert project.ask(REQUESTS["raise"]) == ""
    assert "; - underscores: " in told
    assert "'root'" in project.ask(REQUESTS["underscore"])
    two = b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\n" + GET
    assert project.ask(two).count("HTTP/1.1 200") == 1
    project.stop()


@needs_uwsgi
@pytest.mark.parametrize("more", ["", ", keepalive=False"], ids=["router", "alone"])
def test_uwsgi_finishes_a_request_before_it_stops(more, make):
    project = make(more=more)
    project.apply("uwsgi")
    project.start(*UWSGI_COMMAND)
    finish(project, "Gracefully killing worker")


def test_the_eventlet_code_can_go(make):
    """What the finding says to delete is not needed by the files."""
    project = make()
    project.apply("gunicorn")
    path = project.root / "pkg/service.py"
    text = path.read_text(encoding="utf-8").partition("def main():")[0]
    text = text.replace("import eventlet\n", "").replace("from eventlet import wsgi\n", "")
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    assert "wsgi" not in text.replace("wsgi.input", "").replace("wsgi.url_scheme", "")
    project.start(*GUNICORN)
    assert "'made', ['prepared'], '/'" in project.ask(GET)
    project.stop()
