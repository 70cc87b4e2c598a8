"""Git, a mirror with a series in it, and a server that is git's own."""

from __future__ import annotations

import base64
import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eventlet_codemod.batch.git import Git
from eventlet_codemod.batch.model import Repo
from eventlet_codemod.batch.publish import Commit, Proposal
from eventlet_codemod.batch.publish.trailers import change_id

TOOL = ("eventlet-codemod", "tool@example.org")
JANE = ("Jane Doe", "jane@example.org")
BASE_TIME = "2026-01-02T03:04:05+00:00"


class PlainGit(Git):
    """The runner of the batch package, and what it was asked to do over the network."""

    def __init__(self, home: Path) -> None:
        super().__init__(timeout=60, network_timeout=60)
        self.home = home
        self.asked: list[tuple[str, ...]] = []

    def network(self, directory: Path, command: str, *arguments: str, **more: Any) -> bytes:
        self.asked.append((command, *arguments))
        return super().network(directory, command, *arguments, **more)


def _clean(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


@dataclass
class Mirror:
    """A bare repository as the tool keeps it, and a way to put commits into it."""

    git: PlainGit
    path: Path
    base: str = ""

    def commit(
        self,
        parent: str,
        message: str,
        files: Mapping[str, str],
        *,
        who: tuple[str, str] = TOOL,
        committed: str = BASE_TIME,
    ) -> str:
        """A commit that adds ``files`` to those of ``parent`` ("" for none)."""
        index = {"GIT_INDEX_FILE": str(self.path / "test-index")}
        self.git.run(
            self.path, "read-tree", *([parent] if parent else ["--empty"]), environment=index
        )
        for name, text in files.items():
            blob = self._ask("hash-object", "-w", "--stdin", data=text.encode())
            entry = ["--add", "--cacheinfo", f"100644,{blob},{name}"]
            self.git.run(self.path, "update-index", *entry, environment=index)
        tree = self.git.run(self.path, "write-tree", environment=index).decode().strip()
        given = {
            f"GIT_{role}_{part}": value
            for role in ("AUTHOR", "COMMITTER")
            for part, value in zip(("NAME", "EMAIL"), who, strict=True)
        }
        given |= {"GIT_AUTHOR_DATE": BASE_TIME, "GIT_COMMITTER_DATE": committed}
        parents = ["-p", parent] if parent else []
        made = self.git.run(
            self.path, "commit-tree", tree, *parents, data=message.encode(), environment=given
        )
        return made.decode().strip()

    def series(self, *texts: str, start: str = "") -> tuple[Commit, ...]:
        """One commit for each text, on the base; the Change-Id is that of its place."""
        commits = []
        parent = start or self.base
        for number, text in enumerate(texts, 1):
            name = f"I{number:040x}"
            subject = f"Rewrite part {number}"
            message = f"{subject}\n\nWhy.\n\nChange-Id: {name}\n"
            parent = self.commit(parent, message, {f"part{number}.py": text})
            body = message.partition("\n\n")[2]
            assert change_id(message) == name
            commits.append(Commit(parent, subject, name, ("EVT101",), body))
        return tuple(commits)

    def _ask(self, *arguments: str, data: bytes | None = None) -> str:
        return self.git.run(self.path, *arguments, data=data).decode().strip()


def mirror_of(git: PlainGit, path: Path, files: Mapping[str, str]) -> Mirror:
    path.mkdir(parents=True)
    git.run(path, "init", "--quiet", "--bare", "--initial-branch=master", "--template=")
    mirror = Mirror(git, path)
    mirror.base = mirror.commit("", "Begin", {"README": "a project\n", **files}, who=JANE)
    git.run(path, "update-ref", "refs/heads/master", mirror.base)
    return mirror


def proposal(mirror: Mirror, repo: Repo, commits: tuple[Commit, ...], **other: object) -> Proposal:
    values: dict[str, object] = {
        "repo": repo,
        "git_dir": mirror.path,
        "base": mirror.base,
        "head": commits[-1].sha if commits else mirror.base,
        "commits": commits,
        "target": "master",
        "ledger": {"files": []},
        "campaign": "off-eventlet",
        "version": "0.1",
    }
    return Proposal(**(values | other))  # type: ignore[arg-type]


@dataclass
class GitServer:
    """Repositories below ``root``, served by ``git http-backend``."""

    root: Path
    url: str = ""
    #: ``user:password`` without which nothing is pushed, if not "".
    password: str = ""
    requests: list[tuple[str, str]] = field(default_factory=list)

    def repository(
        self, name: str, mirror: Mirror, *, hooks: Mapping[str, str] | None = None
    ) -> Path:
        """A repository that is what the mirror is now; gives where it is."""
        path = self.root / f"{name}.git"
        shutil.copytree(mirror.path, path)
        config = "[http]\nreceivepack=true\n[receive]\nadvertisePushOptions=true\n"
        if hooks and "proc-receive" in hooks:
            config += "procReceiveRefs=refs/for\n"
        with (path / "config").open("a") as file:
            file.write(config)
        (path / "hooks").mkdir()
        for hook, text in (hooks or {}).items():
            (path / "hooks" / hook).write_text(text)
            (path / "hooks" / hook).chmod(0o755)
        return path


@contextmanager
def git_server(root: Path) -> Iterator[GitServer]:
    server = GitServer(root)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self) -> None:
            self._backend(b"")

        def do_POST(self) -> None:
            if self.headers.get("Transfer-Encoding", "") == "chunked":
                data = b""
                while size := int(self.rfile.readline(), 16):
                    data += self.rfile.read(size)
                    self.rfile.readline()
            else:
                data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._backend(data)

        def _backend(self, data: bytes) -> None:
            server.requests.append((self.command, self.path))
            path, _, query = self.path.partition("?")
            if server.password and "receive-pack" in self.path:
                token = base64.b64encode(server.password.encode()).decode()
                if self.headers.get("Authorization") != f"Basic {token}":
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="git"')
                    self.end_headers()
                    return
            environment = _clean(root) | {
                "GIT_PROJECT_ROOT": str(root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "REQUEST_METHOD": self.command,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(data)),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "SERVER_URL": server.url,
            }
            done = subprocess.run(
                ["git", "http-backend"], env=environment, input=data, capture_output=True
            )
            head, _, body = done.stdout.partition(b"\r\n\r\n")
            lines = [line.split(": ", 1) for line in head.decode().split("\r\n") if line]
            status = next((value for name, value in lines if name == "Status"), "200 OK")
            self.send_response(int(status.split()[0]))
            for name, value in lines:
                if name != "Status":
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with serving(Handler) as url:
        server.url = url
        yield server


@contextmanager
def serving(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve on a free port of this machine; gives the address."""
    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{served.server_port}"
    finally:
        served.shutdown()
        thread.join()
        served.server_close()
