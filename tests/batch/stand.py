"""Campaigns for tests: real git repositories, made here, and a manifest of them."""

from __future__ import annotations

import os
import subprocess
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from eventlet_codemod.batch.campaign import Campaign, snapshot
from eventlet_codemod.batch.executors import Processes
from eventlet_codemod.batch.git import Git
from eventlet_codemod.batch.journal import Journal
from eventlet_codemod.batch.lock import resolve
from eventlet_codemod.batch.manifest import Manifest
from eventlet_codemod.batch.model import Repo, Row, Snapshot
from eventlet_codemod.batch.output import Output
from eventlet_codemod.batch.worker import Local
from eventlet_codemod.batch.workspace import Workspace

AUTHOR = ("Someone", "someone@example.org")
SLEEP = """
import eventlet
eventlet.monkey_patch()


def pause():
    eventlet.sleep(1)
"""
LEFT = """
import eventlet


def limit(work):
    with eventlet.Timeout(5):
        return work()
"""
TREES = {
    "changed": {"pkg/__init__.py": "", "pkg/pause.py": SLEEP},
    "left": {"pkg/__init__.py": "", "pkg/limit.py": LEFT},
    "clean": {"pkg/__init__.py": "print('nothing')\n"},
    "broken": {"pkg/pause.py": SLEEP, "pkg/bad.py": "import eventlet\nprint(\n"},
}


def git(place: Path, *arguments: str) -> str:
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_DATE": "2026-01-02T03:04:05+00:00",
        "GIT_COMMITTER_DATE": "2026-01-02T03:04:05+00:00",
    }
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=place, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def make(place: Path, files: dict[str, str]) -> Path:
    """A git repository with one commit of those files."""
    place.mkdir(parents=True)
    git(place, "init", "--quiet", "--initial-branch=main")
    commit(place, files)
    return place


def commit(place: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(textwrap.dedent(text).lstrip("\n"))
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "--message", "files")


@dataclass
class Stand:
    """A place with repositories, and campaigns over them."""

    root: Path
    output: Path = field(init=False)

    def __post_init__(self) -> None:
        self.output = self.root / "out"

    def repo(self, name: str, files: dict[str, str] | None = None, **more: object) -> Repo:
        """A repository, made of ``files`` or those that its name stands for."""
        place = self.root / "repos" / name
        if not place.exists():
            make(place, files or TREES[name])
        return Repo(name=name, path=str(place), **more)  # type: ignore[arg-type]

    def run(self, *repos: Repo, jobs: int = 2, again: tuple[str, ...] = ()) -> Snapshot:
        """Run a campaign over repositories to its end."""
        manifest = Manifest("test", repos)
        output = Output(self.output)
        with output.held():
            journal = Journal(output.root)
            campaign = Campaign(manifest, output, journal, AUTHOR)
            workspace = Workspace(output.root / "cache", Git())
            locked, failed = resolve(repos, workspace.resolve)
            executor = Processes(jobs, output.scratch, Local(output.root / "cache"))
            planned = campaign.planned(locked, again=again)
            campaign.run(planned, executor, unresolved=failed)
            seen = snapshot(manifest, output, journal)
            journal.close()
        return seen


def rows(seen: Snapshot) -> dict[str, Row]:
    return {row.name: row for row in seen.rows}
