"""Files that a run makes for a person who takes over what stays: once, and never over another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from eventlet_codemod.engine import FileChange
from eventlet_codemod.ledger import FileEntry
from eventlet_codemod.patch import file_patch


def written_changes(root: Path, changes: Iterable[FileChange]) -> Iterator[FileChange]:
    """The changes that make the files which ``changes`` ask for, where there are none.

    Of two that ask for the same path the first gets it.
    """
    wanted: dict[str, tuple[str, str]] = {}
    for change in changes:
        for path, text, rule in change.writes:
            wanted.setdefault(path, (text, rule))
    for path, (text, rule) in sorted(wanted.items()):
        if (root / path).exists() or (root / path).is_symlink():
            continue
        new = text.encode()
        entry = FileEntry(
            path=path,
            status="changed",
            sha256_after=hashlib.sha256(new).hexdigest(),
            patch=file_patch(path, None, new),
        )
        yield FileChange(entry, b"", new, created=True, written_by=rule)
