"""Repositories that are really there."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

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


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make a repository with a number of commits, which each change ``n.py``."""

    def build(name: str = "project", commits: int = 3, *, bare: bool = False) -> Path:
        place = tmp_path / "made" / name
        place.mkdir(parents=True)
        plain_git(place, "init", "--quiet", "--template=", "--initial-branch=main")
        (place / "src").mkdir()
        (place / "src" / "a.py").write_text("import eventlet\n" * 20)
        for n in range(commits):
            (place / "n.py").write_text(f"n = {n}\n")
            plain_git(place, "add", ".")
            plain_git(place, "commit", "--quiet", "-m", f"commit {n}")
        if not bare:
            return place
        target = tmp_path / "served" / f"{name}.git"
        target.parent.mkdir(exist_ok=True)
        plain_git(place, "clone", "--quiet", "--bare", "--template=", ".", str(target))
        return target

    return build
