from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from publish_git import GitServer, Mirror, PlainGit, git_server, mirror_of


@pytest.fixture
def git(tmp_path: Path) -> PlainGit:
    home = tmp_path / "home"
    home.mkdir()
    return PlainGit(home)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    with git_server(tmp_path / "served") as server:
        yield server


@pytest.fixture(scope="session")
def plain_mirror(tmp_path_factory: pytest.TempPathFactory) -> Mirror:
    path = tmp_path_factory.mktemp("plain")
    return mirror_of(PlainGit(path), path / "mirror.git", {})


@pytest.fixture
def mirror(git: PlainGit, plain_mirror: Mirror, tmp_path: Path) -> Mirror:
    path = tmp_path / "mirror.git"
    shutil.copytree(plain_mirror.path, path)
    return Mirror(git, path, plain_mirror.base)
