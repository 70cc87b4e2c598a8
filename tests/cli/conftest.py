"""Small projects in git, and the real command line in and out of process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

import eventlet_codemod
from eventlet_codemod.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Everything safe: nothing is left when it is done.
EASY = """\
from eventlet import sleep


def poll():
    sleep(3)
"""

#: One safe, one to review, one that no rule will ever take.
HARD = """\
import eventlet
from eventlet import backdoor

eventlet.monkey_patch()


def main(delay, sock):
    eventlet.sleep(0.5)
    eventlet.sleep(delay)
    backdoor.backdoor_server(sock)
"""


class Project:
    """A directory with files, committed if it is a git work tree."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, files: dict[str, str | bytes]) -> None:
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def git(self, *arguments: str, data: bytes | None = None) -> bytes:
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, input=data, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory):
    home = tmp_path_factory.mktemp("home")
    for key in [k for k in os.environ if k.startswith("GIT_")]:
        monkeypatch.delenv(key)
    for key in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONUTF8"):
        monkeypatch.delenv(key, raising=False)
    for key, value in {
        "HOME": str(home),
        "PYTHONPATH": str(Path(eventlet_codemod.__file__).parents[1]),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@example.org",
        "TERM": "xterm-256color",
    }.items():
        monkeypatch.setenv(key, value)


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Project]:
    """Make a project and go there."""

    def make(files: dict[str, str | bytes], *, git: bool = True, name: str = "project") -> Project:
        project = Project(tmp_path / name)
        project.root.mkdir()
        project.write(files)
        if git:
            project.git("init", "-q", ".")
            project.commit()
        monkeypatch.chdir(project.root)
        return project

    return make


@pytest.fixture
def cli() -> Callable[..., Result]:
    """Run the command line in this process."""

    def cli(*arguments: str, data: bytes = b"", color: bool = False) -> Result:
        result = CliRunner().invoke(main, list(arguments), input=data, color=color)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return cli


def command(*arguments: str) -> Sequence[str]:
    """The command line as another process runs it."""
    return [sys.executable, "-m", "eventlet_codemod", *arguments]
