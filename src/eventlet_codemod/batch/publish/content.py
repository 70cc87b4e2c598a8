"""What a series does, told so that it is the same on another base, and what else makes commits new.

A change that people closed is not proposed again with the same content, however often a campaign is
repeated; with another content it is, as a new change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from eventlet_codemod.batch.git import Git
from eventlet_codemod.batch.publish.base import Commit

_SHOWN = ("--no-color", "--no-renames", "--full-index", "--binary", "--histogram", "-U0")
#: Lines of a patch that another base changes.
_MOVING = (b"@@ ", b"index ")


def content(git: Git, git_dir: Path, before: str, after: str) -> str:
    """A name for the lines that go and come between two commits, wherever they stand."""
    patch = git.run(git_dir, "diff", *_SHOWN, before, after)
    lines = [line for line in patch.split(b"\n") if not line.startswith(_MOVING)]
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


def recommitted(
    git: Git, git_dir: Path, commits: Sequence[Commit], ids: Sequence[str], *, later: int = 0
) -> tuple[Commit, ...]:
    """A series with other Change-Ids, and committed that many seconds ``later``.

    All else stays, and the same gives the same commits; without a difference they are those that
    were given.
    """
    known: dict[bytes, bytes] = {}
    made = []
    for commit, name in zip(commits, ids, strict=True):
        raw = git.run(git_dir, "cat-file", "commit", commit.sha)
        head, _, message = raw.partition(b"\n\n")
        lines = []
        for line in head.split(b"\n"):
            word, _, value = line.partition(b" ")
            if word == b"parent":
                line = b"parent " + known.get(value, value)
            elif word == b"committer":
                who, when, zone = line.rsplit(b" ", 2)
                line = b"%s %d %s" % (who, int(when) + later, zone)
            lines.append(line)
        old, new = (f"Change-Id: {value}" for value in (commit.change_id, name))
        start, found, end = message.rpartition(old.encode())
        message = start + (new.encode() if found else b"") + end
        data = b"\n".join(lines) + b"\n\n" + message
        if data != raw:
            words = ("hash-object", "-w", "-t", "commit", "--stdin")
            sha = git.run(git_dir, *words, data=data).decode().strip()
            known[commit.sha.encode()] = sha.encode()
            body = new.join(commit.body.rsplit(old, 1))
            commit = replace(commit, sha=sha, change_id=name, body=body)
        made.append(commit)
    return tuple(made)
