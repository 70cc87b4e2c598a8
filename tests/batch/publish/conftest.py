from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from publish_git import GitServer, PlainGit, git_server


@pytest.fixture
def git(tmp_path: Path) -> PlainGit:
    home = tmp_path / "home"
    home.mkdir()
    return PlainGit(home)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    with git_server(tmp_path / "served") as server:
        yield server
