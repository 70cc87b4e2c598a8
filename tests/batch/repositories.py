"""Git as the tests themselves run it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

Make = Callable[..., Path]
_WHO = {f"GIT_{role}_{what}": "a" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def plain_git(directory: Path, *arguments: str, data: bytes | None = None) -> str:
    """Git as the tests themselves run it, with no config but that of the repository."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
        **_WHO,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    done = subprocess.run(
        ["git", *arguments], cwd=directory, env=environment, input=data, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()
