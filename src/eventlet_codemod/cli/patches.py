"""What ``diff`` does with patches: prove, write, count, colour."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eventlet_codemod.ledger import FileError
from eventlet_codemod.patch import git_available, git_check, render, stat, to_bytes
from eventlet_codemod.report.words import count, printable
from eventlet_codemod.source import write_atomic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from eventlet_codemod.cli.terminal import People
    from eventlet_codemod.ledger import FileEntry
    from eventlet_codemod.report import Style


def prove(entries: Sequence[FileEntry], root: Path, people: People) -> dict[str, FileError]:
    """Let git try the patch on the tree; give the files whose part of it does not apply."""
    changed = [entry for entry in entries if entry.patch]
    if not changed:
        return {}
    if not git_available():
        people.tell("note: there is no git here, so git has not proved the patch")
        return {}
    if git_check(render(changed), root) is None:
        return {}
    failures = {}
    for entry in changed:
        refusal = git_check(entry.patch, root)
        if refusal is not None:
            message = f"git refuses the patch: {refusal.splitlines()[0]}"
            failures[entry.path] = FileError(kind="patch", message=message)
    if not failures:
        raise AssertionError("git takes each patch but not all of them together")
    return failures


def write_all(
    entries: Sequence[FileEntry], directory: Path, people: People, *, comments: bool
) -> bool:
    """Write one patch for each file, as its path says; False when one could not be."""
    done = True
    ours = set()
    for entry in entries:
        if not entry.patch:
            continue
        target = directory / f"{entry.path}.patch"
        ours.add(target)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(target, to_bytes(render([entry], comments=comments)))
        except OSError as error:
            people.error(f"{target}: {error.strerror}")
            done = False
    strange = [path for path in directory.rglob("*.patch") if path not in ours]
    people.tell(f"{count(len(ours), 'patch').replace('patchs', 'patches')} in {directory}")
    if strange:
        others = count(len(strange), "other .patch file")
        people.tell(f"note: {others} there, such as {strange[0]}, came from elsewhere")
    return done


def diffstat(entries: Sequence[FileEntry], style: Style) -> str:
    """Say how many lines each file gains and loses, as ``git diff --stat`` does."""
    stats = [(printable(entry.path), *stat(entry.patch)) for entry in entries if entry.patch]
    if not stats:
        return ""
    names = max(len(path) for path, _, _ in stats)
    most = max(added + removed for _, added, removed in stats)
    digits = len(str(most))
    room = max(style.width - names - digits - 5, 10)
    lines = []
    for path, added, removed in stats:
        plus, minus = (_scaled(number, most, room) for number in (added, removed))
        bar = _painted("+" * plus, 32, style) + _painted("-" * minus, 31, style)
        lines.append(f" {path:{names}} | {added + removed:{digits}} {bar}")
    added, removed = sum(s[1] for s in stats), sum(s[2] for s in stats)
    lines.append(
        f" {count(len(stats), 'file')} changed, {count(added, 'insertion')}(+), "
        f"{count(removed, 'deletion')}(-)"
    )
    return "".join(f"{line}\n" for line in lines)


def _scaled(number: int, most: int, room: int) -> int:
    if most <= room or not number:
        return number
    return max(number * room // most, 1)


def _painted(text: str, code: int, style: Style) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if style.color and text else text


_PAINT = {"+": 32, "-": 31, "@": 36, "#": 2}
_HEAD = re.compile(
    r"(diff --git |--- |\+\+\+ |new file |deleted file |old mode |new mode |rename )"
)


def colored(patch: str) -> str:
    """Colour a patch for a terminal. Git does not take it then."""
    lines = patch.split("\n")
    head = False
    for number, line in enumerate(lines):
        # "--- " may also be a removed line: what counts is whether the hunks have begun.
        if line.startswith("diff --git "):
            head = True
        elif line.startswith("@@ "):
            head = False
        code = 1 if head and _HEAD.match(line) else _PAINT.get(line[:1])
        if code is not None and line:
            lines[number] = f"\x1b[{code}m{line}\x1b[0m"
    return "\n".join(lines)
