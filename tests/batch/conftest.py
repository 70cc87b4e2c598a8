"""Repositories that are really there."""

from __future__ import annotations

from pathlib import Path

import pytest
from repositories import Make, plain_git


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
