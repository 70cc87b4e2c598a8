"""The lock file: which commits the refs of a manifest stood for when they were resolved."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from eventlet_codemod.batch.git import GitError, redacted
from eventlet_codemod.batch.model import Repo
from eventlet_codemod.batch.workspace import WorkspaceError
from eventlet_codemod.config import ConfigError
from eventlet_codemod.source import write_atomic

NAME = "campaign.lock.json"
_VERSION = 1
_AT_ONCE = 8  # servers asked at the same time


@dataclass(frozen=True, slots=True)
class Locked:
    """The commit that a ref of a source stood for; no credentials are in ``source``."""

    source: str
    ref: str
    commit: str


def read(directory: Path) -> dict[str, Locked]:
    """The lock file of an output directory, by repository. Raises ConfigError."""
    path = directory / NAME
    try:
        raw = json.loads(path.read_bytes())
        if raw["schema"] != _VERSION:
            raise ConfigError(f"it is of version {raw['schema']}, not {_VERSION}", str(path))
        return {item.pop("name"): Locked(**item) for item in raw["repos"]}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"it is no lock file ({error})", str(path)) from None


def write(directory: Path, locked: Mapping[str, Locked]) -> None:
    """Write the lock file."""
    repos = [
        {"name": name, "source": one.source, "ref": one.ref, "commit": one.commit}
        for name, one in sorted(locked.items())
    ]
    text = json.dumps({"schema": _VERSION, "repos": repos}, indent=2) + "\n"
    write_atomic(directory / NAME, text.encode())


def commit_of(repo: Repo, locked: Mapping[str, Locked]) -> str:
    """The commit to work on, as far as it is known: what the manifest pins, or what was locked."""
    if repo.commit:
        return repo.commit
    known = locked.get(repo.name)
    fits = known is not None and (known.source, known.ref) == (redacted(repo.source), repo.ref)
    return known.commit if known is not None and fits else ""


def resolve(
    repos: Iterable[Repo], ask: Callable[[Repo], str]
) -> tuple[dict[str, Locked], dict[str, Exception]]:
    """Ask for the commits of repositories, some at once; what each stands for, and what failed."""
    wanted = list(repos)
    found: dict[str, Locked] = {}
    failed: dict[str, Exception] = {}

    def one(repo: Repo) -> str | Exception:
        try:
            return ask(repo)
        except (GitError, WorkspaceError, OSError) as error:
            return error

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for repo, told in zip(wanted, pool.map(one, wanted), strict=True):
            if isinstance(told, Exception):
                failed[repo.name] = told
            else:
                found[repo.name] = Locked(redacted(repo.source), repo.ref, told)
    return found, failed
