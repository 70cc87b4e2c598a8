"""What was published last, kept beside the commits: a blob in the bare repository, under a ref.

It is only a help. Where it is lost, or another machine goes on, the server is asked instead.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from eventlet_codemod.batch.git import Git


@dataclass(frozen=True, slots=True)
class Record:
    """``head`` is what was pushed; ``changes`` maps each Change-Id to its address, "" unknown."""

    head: str = ""
    changes: Mapping[str, str] = field(default_factory=dict)


def _ref(place: str) -> str:
    name = hashlib.sha1(place.encode(), usedforsecurity=False).hexdigest()
    return f"refs/eventlet-codemod/published/{name}"


def load(git: Git, git_dir: Path, place: str) -> Record:
    """What was published to ``place``, any text that names where; empty if nothing is known."""
    data = git.run(git_dir, "cat-file", "blob", _ref(place), codes=(0, 128))
    try:
        return Record(**json.loads(data))
    except (ValueError, TypeError):
        return Record()


def save(git: Git, git_dir: Path, place: str, record: Record) -> None:
    """Remember it."""
    data = json.dumps(asdict(record), sort_keys=True).encode()
    blob = git.run(git_dir, "hash-object", "-w", "--stdin", data=data).decode().strip()
    git.run(git_dir, "update-ref", _ref(place), blob)
