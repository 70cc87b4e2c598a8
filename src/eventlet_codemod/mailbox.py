"""A series as mailbox patches: made by git in a clone of its own, and proved by `git am`."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from eventlet_codemod.source import write_atomic

_AUTHOR = {"name": "eventlet-codemod", "email": "eventlet-codemod@localhost"}


class GitError(Exception):
    """Git did not do what it was asked to; the text is its first line."""


def write_series(
    root: Path, commits: Sequence[tuple[str, Mapping[str, bytes | None]]], target: Path
) -> list[Path]:
    """Write one numbered patch for each commit (message, files) on top of HEAD.

    The project itself is not touched. `git am` of all of them in another clone must give exactly
    the files of the commits. Raises GitError, OSError.
    """
    environment = _environment(root)
    with tempfile.TemporaryDirectory(prefix="eventlet-codemod-series-") as scratch:
        work = _clone(root, Path(scratch, "work"), environment)
        _commit(work, commits, environment)
        made = Path(scratch, "patches")
        count = f"-{len(commits)}"
        _git(work, environment, "format-patch", "--quiet", "-o", str(made), count)
        patches = sorted(made.iterdir())
        proof = _clone(root, Path(scratch, "proof"), environment)
        _git(proof, environment, "am", "--quiet", "--keep-cr", *map(str, patches))
        if _git(proof, environment, "rev-parse", "HEAD^{tree}") != _git(
            work, environment, "rev-parse", "HEAD^{tree}"
        ):
            raise GitError("`git am` of the series gives other files than the run")
        target.mkdir(parents=True, exist_ok=True)
        written = []
        for patch in patches:
            write_atomic(target / patch.name, patch.read_bytes())
            written.append(target / patch.name)
        return written


def patches_of(
    tree: Path,
    commits: Sequence[tuple[str, Mapping[str, bytes | None]]],
    author: tuple[str, str],
) -> dict[str, bytes]:
    """Commit in a ``tree`` that is the caller's own, by an author; the patches by name.

    The user's configuration has no part in it, so it is the same everywhere. Raises GitError,
    OSError.
    """
    environment = _environment(tree, author) | {"GIT_CONFIG_GLOBAL": os.devnull}
    _commit(tree, commits, environment)
    with tempfile.TemporaryDirectory(prefix="eventlet-codemod-series-") as scratch:
        count = f"-{len(commits)}"
        _git(tree, environment, "format-patch", "--quiet", "-o", scratch, count)
        return {path.name: path.read_bytes() for path in sorted(Path(scratch).iterdir())}


def _commit(
    work: Path,
    commits: Sequence[tuple[str, Mapping[str, bytes | None]]],
    environment: Mapping[str, str],
) -> None:
    for text, files in commits:
        for path, data in files.items():
            place = work / path
            if data is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            mode = place.stat().st_mode if place.exists() else None
            place.write_bytes(data)
            if mode is not None:
                place.chmod(mode)
        _git(work, environment, "add", "--", *files)
        _git(work, environment, "commit", "--quiet", "--no-verify", "-F", "-", data=text)


def _clone(root: Path, target: Path, environment: Mapping[str, str]) -> Path:
    _git(root, environment, "clone", "--quiet", "--shared", "--no-tags", ".", str(target))
    _git(target, environment, "config", "core.autocrlf", "false")
    return target


def _environment(root: Path, author: tuple[str, str] | None = None) -> dict[str, str]:
    """What makes the same commits each time: one author, and the time of HEAD."""
    given = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    given |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    time = _git(root, given, "log", "-1", "--format=%cI").strip()
    name, email = author or author_in(root)
    for role in ("AUTHOR", "COMMITTER"):
        given[f"GIT_{role}_NAME"] = name
        given[f"GIT_{role}_EMAIL"] = email
        given[f"GIT_{role}_DATE"] = time
    return given


def author_in(root: Path) -> tuple[str, str]:
    """Name and address for commits: the user's, as git has them there, or the tool's."""
    given = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    name = _config(root, given, "user.name") or _AUTHOR["name"]
    return name, _config(root, given, "user.email") or _AUTHOR["email"]


def _config(root: Path, environment: Mapping[str, str], key: str) -> str:
    done = subprocess.run(
        ["git", "config", key], cwd=root, env=environment, capture_output=True, text=True
    )
    return done.stdout.strip()


def _git(
    directory: Path, environment: Mapping[str, str], *arguments: str, data: str | None = None
) -> str:
    done = subprocess.run(
        ["git", *arguments],
        cwd=directory,
        env=environment,
        input=data.encode() if data is not None else None,
        capture_output=True,
    )
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip() or done.stdout.decode(errors="replace")
        first = next(iter(said.strip().splitlines()), "no message")
        raise GitError(f"git {arguments[0]}: {first}")
    return done.stdout.decode(errors="replace")
