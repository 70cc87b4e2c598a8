"""What can be done with patches: take them apart, keep some hunks, join them, turn them round.

These are git-style patches such as this tool and `git diff` write. Each is read by unidiff, and
what comes out is one that `git apply` takes. As in `patch`, text is bytes decoded as UTF-8 with
surrogate escapes, and lines end at "\\n" and nowhere else.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from eventlet_codemod.ledger import FileEntry, Ledger
from eventlet_codemod.patch import (
    HunkSpan,
    PatchError,
    apply_patch,
    file_patch,
    hunks,
    stat,
    unquoted,
)

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(.*)", re.DOTALL)
_MARKER = "\\ "
_PLAIN = 0o100644

#: Lines of a header, and what stands there in the patch that goes back.
_SWAPPED = {
    "new file mode ": "deleted file mode ",
    "deleted file mode ": "new file mode ",
    "old mode ": "new mode ",
    "new mode ": "old mode ",
    "rename from ": "rename to ",
    "rename to ": "rename from ",
}


@dataclass(frozen=True)
class FilePatch:
    """The patch of one file: ``header`` lines, then the lines of each hunk.

    ``above`` is what stands before it: the commentary, or the message of a mail. ``path`` is the
    file before, ``new_path`` after it; None stands for no such file.
    """

    header: tuple[str, ...]
    bodies: tuple[tuple[str, ...], ...]
    above: str = ""

    def __str__(self) -> str:
        lines = [*self.header, *(line for body in self.bodies for line in body)]
        return self.above + "".join(f"{line}\n" for line in lines)

    @cached_property
    def bare(self) -> str:
        """The patch without what stands above it."""
        return str(dataclasses.replace(self, above=""))

    @cached_property
    def hunks(self) -> tuple[HunkSpan, ...]:
        """The numbers of the ``@@`` lines, in order."""
        return hunks(self.bare)

    @cached_property
    def added(self) -> int:
        """How many lines it adds."""
        return stat(self.bare)[0]

    @cached_property
    def removed(self) -> int:
        """How many lines it removes."""
        return stat(self.bare)[1]

    @property
    def path(self) -> str | None:
        """The name of the file before, relative to the root; None for a new one."""
        return None if self._says("new file mode ") is not None else self._name("from", "a/")

    @property
    def new_path(self) -> str | None:
        """The name of the file after it; None for one that is deleted."""
        return None if self._says("deleted file mode ") is not None else self._name("to", "b/")

    def keeping(self, numbers: Collection[int]) -> FilePatch | None:
        """The patch with only those hunks, counted from 1; None when nothing is left.

        What a hunk needs in another one, an import for instance, is not seen. A file that is made
        or deleted is so as a whole: raises PatchError where its hunk would go.
        """
        if set(numbers) >= set(range(1, len(self.bodies) + 1)):
            return self
        if self.path is None or self.new_path is None:
            raise PatchError(f"{self.path or self.new_path}: a whole file has no hunks to choose")
        kept: list[tuple[str, ...]] = []
        shift = 0
        for number, (span, body) in enumerate(zip(self.hunks, self.bodies, strict=True), 1):
            if number in numbers:
                moved = dataclasses.replace(span, new_start=span.new_start - shift)
                kept.append((_head(moved, body[0]), *body[1:]))
            else:
                shift += span.new_lines - span.old_lines
        header = self.header
        if not kept:
            header = tuple(line for line in header if not line.startswith(("--- ", "+++ ")))
            if not any(line.startswith(("old mode ", "rename from ")) for line in header):
                return None
        return FilePatch(header, tuple(kept))

    def inverted(self) -> FilePatch:
        """The patch that takes this one back. Raises PatchError for a copy, which has no way back.

        What stands above it is left out.
        """
        if self._says("copy from ") is not None:
            raise PatchError(f"{self.new_path}: a copy cannot be taken back by a patch")
        return FilePatch(tuple(_turned_header(self.header)), tuple(map(_turned_body, self.bodies)))

    def applied(self, old: bytes | None) -> bytes | None:
        """What becomes of a file; None stands for no such file.

        Every line must match exactly. Raises PatchError where one does not.
        """
        if (old is None) != (self.path is None):
            raise PatchError(f"{self.path or self.new_path}: it is there, or not, as not expected")
        new = apply_patch(old or b"", self.bare) if self.bodies else old or b""
        if self.new_path is None:
            if new:
                raise PatchError(f"{self.path}: it is deleted, and something is left of it")
            return None
        return new

    def _says(self, prefix: str) -> str | None:
        return next((line[len(prefix) :] for line in self.header if line.startswith(prefix)), None)

    def _name(self, side: str, prefix: str) -> str:
        renamed = self._says(f"rename {side} ") or self._says(f"copy {side} ")
        if renamed is not None:
            return unquoted(renamed)
        for line in self.header:
            if line.startswith(("--- ", "+++ ")):
                name = unquoted(line[4:].removesuffix("\t"))
                if name != "/dev/null":
                    return name[len(prefix) :]
        both = self.header[0].removeprefix("diff --git ")
        if both.startswith('"'):
            return unquoted(both[: (len(both) - 1) // 2])[len(prefix) :]
        return both[: (len(both) - 1) // 2][len(prefix) :]

    def _mode(self, *words: str) -> int | None:
        for word in words:
            said = self._says(f"{word} ")
            if said is not None:
                return int(said, 8)
        return None


@dataclass(frozen=True)
class Patch:
    """The patches of several files; ``below`` is what follows the last one."""

    files: tuple[FilePatch, ...]
    below: str = ""

    @classmethod
    def read(cls, text: str) -> Patch:
        """Take a patch apart; ``str()`` of it is the same text. Raises PatchError with the line."""
        return _Reader(text).read()

    @classmethod
    def of(cls, entries: Iterable[FileEntry] | Ledger) -> Patch:
        """The patch of a run, without commentary."""
        if isinstance(entries, Ledger):
            entries = entries.files
        return cls.read("".join(entry.patch for entry in entries))

    def __str__(self) -> str:
        return "".join(map(str, self.files)) + self.below

    @property
    def added(self) -> int:
        """How many lines it adds."""
        return sum(file.added for file in self.files)

    @property
    def removed(self) -> int:
        """How many lines it removes."""
        return sum(file.removed for file in self.files)

    def split(self) -> tuple[Patch, ...]:
        """One patch for each file, each with what stands above it."""
        return tuple(Patch((file,)) for file in self.files)

    def of_rules(self, entries: Iterable[FileEntry] | Ledger, rules: Collection[str]) -> Patch:
        """The hunks that those rules made, and no other, by their codes or names.

        ``entries`` are of the run that made this patch. A hunk in which another rule has a part is
        left out, and so is one that changes imports, which all rules share, unless all of the file
        is due to the rules. So this is for reading; `diff --select` rewrites anew.
        """
        if isinstance(entries, Ledger):
            entries = entries.files
        made = {entry.path: _by_hunk(entry, frozenset(rules)) for entry in entries}
        found = []
        for file in self.files:
            numbers = made.get(file.new_path or file.path or "", frozenset())
            if None in numbers:
                found.append(file)
                continue
            own = [n for n in numbers if n and not _has_imports(file.bodies[n - 1])]
            kept = file.keeping(own) if own else None
            found += [kept] if kept is not None else []
        return Patch(tuple(found))

    def inverted(self) -> Patch:
        """The patch that takes all of it back, last file first. Raises PatchError as for a file."""
        return Patch(tuple(file.inverted() for file in reversed(self.files)))

    def combined(self, later: Patch, base: Callable[[str], bytes | None]) -> Patch:
        """One patch that does what this one and then ``later`` do, file by file.

        ``base`` gives the content of a file before both, None where there is none. Raises
        PatchError where one of them does not fit, and for a copy.
        """
        tree = _Tree(base)
        for file in (*self.files, *later.files):
            tree.apply(file)
        return Patch.read("".join(tree.patches()))


def _has_imports(body: tuple[str, ...]) -> bool:
    """Whether a hunk changes a line that may be one of imports."""
    changed = (line[1:].lstrip() for line in body[1:] if line[:1] in ("+", "-"))
    return any(line.startswith(("import ", "from ")) for line in changed)


def _by_hunk(entry: FileEntry, rules: frozenset[str]) -> frozenset[int | None]:
    """The numbers of the hunks that only those rules made; None with them where it is the file."""
    others: set[int | None] = set()
    own: set[int | None] = set()
    for finding in entry.findings:
        if finding.status == "rewritten" and finding.hunk is not None:
            asked = not rules.isdisjoint((finding.rule, finding.name))
            (own if asked else others).add(finding.hunk)
    whole: set[int | None] = {None} if own and not others else set()
    return frozenset((own - others) | whole)


# --- reading -------------------------------------------------------------------------------------


class _Reader:
    """Goes through the lines of a patch; what hunks hold is counted, never told by its look."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.rest = self.lines.pop()  # behind the last newline
        self.at = 0

    def read(self) -> Patch:
        files = []
        above: list[str] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.startswith("diff --git "):
                files.append(self._file("".join(f"{item}\n" for item in above)))
                above = []
                continue
            if line.startswith(("--- ", "+++ ", "@@ ")) and not files and not above:
                raise PatchError(f"line {self.at + 1}: `diff --git` expected")
            above.append(line)
            self.at += 1
        below = "".join(f"{item}\n" for item in above) + self.rest
        if not files and below.strip():
            raise PatchError("line 1: no `diff --git` in it")
        return Patch(tuple(files), below)

    def _file(self, above: str) -> FilePatch:
        first = self.at
        header = [self._next()]
        while self.at < len(self.lines) and _is_header(self.lines[self.at]):
            header.append(self._next())
        bodies = []
        while self.at < len(self.lines) and (match := _HUNK.fullmatch(self.lines[self.at])):
            bodies.append(tuple(self._hunk(match)))
        if any(line.startswith(("GIT binary patch", "Binary files ")) for line in header):
            raise PatchError(f"line {first + 1}: a patch of a binary file")
        file = FilePatch(tuple(header), tuple(bodies), above)
        if bodies and len(file.hunks) != len(bodies):
            raise PatchError(f"line {first + 1}: unidiff counts {len(file.hunks)} hunks")
        return file

    def _hunk(self, match: re.Match[str]) -> Iterator[str]:
        old, new = (1 if count is None else int(count) for count in (match[2], match[4]))
        yield self._next()
        while (old or new) and self.at < len(self.lines):
            line = self.lines[self.at]
            old -= line[:1] in (" ", "-", "")
            new -= line[:1] in (" ", "+", "")
            if line[:1] not in (" ", "-", "+", "\\", "") or old < 0 or new < 0:
                raise PatchError(f"line {self.at + 1}: no line of a hunk")
            yield self._next()
        if old or new:
            raise PatchError(f"line {self.at}: the hunk is shorter than its header says")
        if self.at < len(self.lines) and self.lines[self.at].startswith(_MARKER):
            yield self._next()

    def _next(self) -> str:
        self.at += 1
        return self.lines[self.at - 1]


_HEADER = (
    *("index ", "old mode ", "new mode ", "new file mode ", "deleted file mode ", "--- ", "+++ "),
    *("rename from ", "rename to ", "copy from ", "copy to ", "similarity index "),
    *("dissimilarity index ", "GIT binary patch", "Binary files "),
)


def _is_header(line: str) -> bool:
    return line.startswith(_HEADER)


# --- turning round -------------------------------------------------------------------------------


def _head(span: HunkSpan, line: str) -> str:
    match = _HUNK.fullmatch(line)
    assert match is not None
    old, new = f"{span.old_start},{span.old_lines}", f"{span.new_start},{span.new_lines}"
    return f"@@ -{old} +{new} @@{match[5]}"


def _turned_header(header: tuple[str, ...]) -> Iterator[str]:
    """The lines of a header with both sides swapped, in the order in which they stood."""
    names = [_said(header, word) for word in ("rename from ", "rename to ")]
    for line in header:
        word = next((word for word in _SWAPPED if line.startswith(word)), None)
        if word is not None:
            other = _SWAPPED[word]
            value = _said(header, other)
            # Two lines swap what they say; one that stands alone becomes the other.
            yield f"{other}{line[len(word) :]}" if value is None else f"{word}{value}"
        elif line.startswith("diff --git ") and None not in names:
            yield f"diff --git {_prefixed('a/', names[1] or '')} {_prefixed('b/', names[0] or '')}"
        elif line.startswith("index "):
            yield re.sub(r"^index (\w+)\.\.(\w+)", r"index \2..\1", line)
        elif line.startswith("--- "):
            yield f"--- {_side('a/', _said(header, '+++ ') or '')}"
        elif line.startswith("+++ "):
            yield f"+++ {_side('b/', _said(header, '--- ') or '')}"
        else:
            yield line


def _said(header: tuple[str, ...], prefix: str) -> str | None:
    return next((line[len(prefix) :] for line in header if line.startswith(prefix)), None)


def _prefixed(prefix: str, name: str) -> str:
    return f'"{prefix}{name[1:]}' if name.startswith('"') else f"{prefix}{name}"


def _side(prefix: str, name: str) -> str:
    """The name of a ``---`` or ``+++`` line with the other prefix."""
    if name.removesuffix("\t") == "/dev/null":
        return name
    start = 1 if name.startswith('"') else 0
    return name[:start] + prefix + name[start + len(prefix) :]


def _turned_body(body: tuple[str, ...]) -> tuple[str, ...]:
    """A hunk with what it adds and removes swapped; what is removed comes first, as ever."""
    match = _HUNK.fullmatch(body[0])
    assert match is not None
    old, new = (match[n] + (f",{match[n + 1]}" if match[n + 1] else "") for n in (1, 3))
    lines = [f"@@ -{new} +{old} @@{match[5]}"]
    removed: list[str] = []
    added: list[str] = []
    target = lines
    for line in body[1:]:
        if line.startswith("-"):
            target = added
            target.append(f"+{line[1:]}")
        elif line.startswith("+"):
            target = removed
            target.append(f"-{line[1:]}")
        elif line.startswith("\\"):
            target.append(line)
        else:
            lines += [*removed, *added, line]
            removed, added, target = [], [], lines
    return (*lines, *removed, *added)


# --- joining -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _File:
    """A file that patches went over: what it was, and what it is."""

    path: str | None
    old: bytes | None
    old_mode: int
    new: bytes | None
    mode: int


class _Tree:
    """The files that patches touch."""

    def __init__(self, base: Callable[[str], bytes | None]) -> None:
        self.base = base
        self.files: dict[str, _File] = {}
        self.gone: list[_File] = []

    def apply(self, file: FilePatch) -> None:
        """Let a patch go over its file."""
        if file._says("copy from ") is not None:
            raise PatchError(f"{file.new_path}: a copy cannot be joined with other patches")
        before = file._mode("old mode", "deleted file mode")
        known = self._before(file, before or _PLAIN)
        if before is not None and known.mode == known.old_mode:
            known.old_mode = known.mode = before  # an earlier patch did not say
        known.new = file.applied(known.new)
        known.mode = file._mode("new mode", "new file mode") or known.mode
        if file.new_path is None:
            self.gone.append(known)
        else:
            self.files[file.new_path] = known

    def _before(self, file: FilePatch, mode: int) -> _File:
        if file.path is None:
            assert file.new_path is not None
            same = [item for item in self.gone if item.path == file.new_path]
            if same:
                self.gone.remove(same[0])
                return same[0]
            return _File(None, self.base(file.new_path), mode, None, _PLAIN)
        if file.path in self.files:
            return self.files.pop(file.path)
        content = self.base(file.path)
        return _File(file.path, content, mode, content, mode)

    def patches(self) -> Iterator[str]:
        """The patch of each file, from what it was to what it is."""
        for item in self.gone:
            if item.path is not None:
                yield file_patch(item.path, item.old, None, old_mode=item.old_mode)
        for name, item in self.files.items():
            old = None if item.path is None else item.old
            yield file_patch(
                item.path or name,
                old,
                item.new,
                new_path=name,
                old_mode=item.old_mode if item.path is not None else item.mode,
                new_mode=item.mode,
            )
