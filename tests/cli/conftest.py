"""Projects to run the command line on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cli_projects import Project
from click.testing import CliRunner, Result

import eventlet_codemod
from eventlet_codemod.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable


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
