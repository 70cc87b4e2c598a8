"""What was published last, kept beside the commits: a blob in the bare repository, under a ref.

It is only a help. Where it is lost, or another machine goes on, the server is asked instead.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from eventlet_codemod.batch.git import Git


@dataclass(frozen=True, slots=True)
class Record:
    """``head`` is what was pushed; ``changes`` maps each Change-Id to its address, "" unknown.

    ``commits`` is what each change was at last, ``past`` are all commits that were ever pushed.
    ``generations`` says of a Change-Id how many changes were closed before the one there is now.
    """

    head: str = ""
    changes: Mapping[str, str] = field(default_factory=dict)
    commits: Mapping[str, str] = field(default_factory=dict)
    past: Sequence[str] = ()
    generations: Mapping[str, int] = field(default_factory=dict)


_REFS = "refs/eventlet-codemod/published"


def _ref(place: str) -> str:
    name = hashlib.sha1(place.encode(), usedforsecurity=False).hexdigest()
    return f"{_REFS}/{name}"


def load(git: Git, git_dir: Path, place: str) -> Record:
    """What was published to ``place``, any text that names where; empty if nothing is known."""
    return _read(git, git_dir, _ref(place))


def everywhere(git: Git, git_dir: Path) -> list[Record]:
    """What was published from here to any place."""
    refs = git.text(git_dir, "for-each-ref", "--format=%(refname)", _REFS).splitlines()
    return [_read(git, git_dir, ref) for ref in refs]


def _read(git: Git, git_dir: Path, ref: str) -> Record:
    data = git.run(git_dir, "cat-file", "blob", ref, codes=(0, 128))
    try:
        return Record(**json.loads(data))
    except (ValueError, TypeError):
        return Record()


def save(git: Git, git_dir: Path, place: str, record: Record) -> None:
    """Remember it."""
    data = json.dumps(asdict(record), sort_keys=True).encode()
    blob = git.run(git_dir, "hash-object", "-w", "--stdin", data=data).decode().strip()
    git.run(git_dir, "update-ref", _ref(place), blob)
