"""What ``apply`` does to the tree: refuse what could be lost, write, say what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from eventlet_codemod.discovery import DiscoveryError, files_changed_since
from eventlet_codemod.ledger import FileError
from eventlet_codemod.report.words import by_place, count
from eventlet_codemod.source import write_atomic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from eventlet_codemod.cli.terminal import People
    from eventlet_codemod.engine import FileChange
    from eventlet_codemod.ledger import Finding, Ledger

_SHOWN = 10

#: The first step that relies on those before it.
_AFTER = 3


def refuse_uncommitted(root: Path, changes: Sequence[FileChange]) -> None:
    """Raise UsageError when a file to be written holds what git could not bring back."""
    touched = [change.entry.path for change in changes if change.new is not None]
    if not touched or not (root / ".git").exists():
        return
    try:
        dirty = set(files_changed_since(root, "HEAD"))
    except DiscoveryError as error:
        raise click.UsageError(
            f"cannot tell whether the files are committed: {error}; --allow-dirty does without"
        ) from error
    uncommitted = [path for path in touched if path in dirty]
    if not uncommitted:
        return
    verb = "has" if len(uncommitted) == 1 else "have"
    more = len(uncommitted) - _SHOWN
    listed = ", ".join(uncommitted[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    raise click.UsageError(
        f"{count(len(uncommitted), 'file')} to change {verb} uncommitted changes: {listed}. "
        "Nothing was written; commit or stash them, or use --allow-dirty"
    )


def write(root: Path, changes: Sequence[FileChange], people: People) -> dict[str, FileError]:
    """Write every changed file that is still as it was read; give those that failed.

    What may only go when the rest is gone is written last, and not at all after a failure.
    """
    failures: dict[str, FileError] = {}
    todo = sorted((change for change in changes if change.new is not None), key=_order)
    for number, change in enumerate(todo):
        if failures and _goes_last(change):
            message = "not written, since others that must go before it failed; run again"
            failures[change.entry.path] = FileError(kind="waits", message=message)
            continue
        try:
            failure = _write_one(root, change)
        except KeyboardInterrupt:
            people.error(f"interrupted: {number} of {count(len(todo), 'file')} written")
            raise
        if failure is not None:
            failures[change.entry.path] = failure
    return failures


def _order(change: FileChange) -> tuple[bool, bool, bool]:
    # others import what is created, and did import what is deleted
    return _goes_last(change), change.deleted, not change.created


def _goes_last(change: FileChange) -> bool:
    return any(f.status == "rewritten" and f.step >= _AFTER for f in change.entry.findings)


def _write_one(root: Path, change: FileChange) -> FileError | None:
    assert change.new is not None
    target = root / change.entry.path
    try:
        if change.created:
            if target.exists():
                return FileError(kind="changed", message="it was made meanwhile; run again")
        elif target.read_bytes() != change.old:
            return FileError(kind="changed", message="it was changed meanwhile; run again")
        if change.deleted:
            target.unlink()
        else:
            write_atomic(target, change.new)
    except FileNotFoundError:
        return FileError(kind="changed", message="it was deleted meanwhile")
    except OSError as error:
        reason = error.strerror or str(error)
        return FileError(kind="write", message=f"cannot be written: {reason}")
    return None


def tell_left(ledger: Ledger, people: People) -> None:
    """Say what is left for a person: the names of eventlet, most used first."""
    left: dict[str, list[tuple[str, Finding]]] = {}
    for entry in ledger.files:
        for finding in by_place(entry.findings):
            if finding.status == "left" and finding.tier == "manual":
                left.setdefault(finding.api, []).append((entry.path, finding))
    if not left:
        return
    people.tell("left for a person:")
    names = sorted(left, key=lambda api: (-len(left[api]), api))
    digits = len(str(len(left[names[0]])))
    for api in names[:_SHOWN]:
        path, finding = left[api][0]
        first = f"{path}:{finding.line}"
        places = f"{first}, …" if len(left[api]) > 1 else first
        people.tell(f"  {len(left[api]):{digits}} {api} ({places})")
    if len(names) > _SHOWN:
        people.tell(f"  and {len(names) - _SHOWN} more names")
    people.tell("next: `eventlet-codemod scan -v` says what to do about each")
