"""Small projects in git, and the command line as a process."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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


#: As editors on Windows leave it.
LATIN1 = (
    "# -*- coding: latin-1 -*-\r\nimport eventlet\r\n\r\nNAME = 'caf\xe9'\r\neventlet.sleep(1)\r\n"
).encode("latin-1")
NATIVE = LATIN1.replace(b"eventlet", b"time")


def command(*arguments: str) -> Sequence[str]:
    """The command line as another process runs it."""
    return [sys.executable, "-m", "eventlet_codemod", *arguments]
