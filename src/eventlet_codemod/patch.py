r"""Git-style patches: written with difflib, read back with unidiff, proved with git.

A patch is text in which bytes that are not UTF-8 stand as surrogate escapes; `to_bytes` gives what
belongs in a file. Lines end at "\n" and nowhere else: CR, form feed, NEL and U+2028 are content,
as they are to git. That unidiff parses a patch proves nothing about git, so there are two proofs:
`apply_patch`, cheap and strict, and `git_check`, by the program that people will use.
"""

from __future__ import annotations

import difflib
import re
import textwrap
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from unidiff.patch import Hunk, PatchSet

    from eventlet_codemod.ledger import FileEntry, Finding, Hazard

#: Lines old_start to old_stop became lines new_start to new_stop, as slices count: (old_start,
#: old_stop, new_start, new_stop).
Range = tuple[int, int, int, int]

CONTEXT = 3
WIDTH = 98
GIT_TIMEOUT = 60.0  # seconds

_NO_EOL = "\n\\ No newline at end of file"
_LISTED = 12  # numbers written out before "and 30 more"


class PatchError(Exception):
    """The patch cannot be parsed, or does not fit the file exactly."""


@dataclass(frozen=True, slots=True)
class HunkSpan:
    """Where a hunk stands: the numbers of its ``@@`` line."""

    old_start: int
    old_lines: int
    new_start: int
    new_lines: int


# -- writing ---------------------------------------------------------------------------------------


def file_patch(
    path: str,
    old: bytes | None,
    new: bytes | None,
    *,
    new_path: str | None = None,
    old_mode: int = 0o100644,
    new_mode: int | None = None,
    changed: Sequence[Range] | None = None,
) -> str:
    """Return the patch of one file, "" when nothing changes. None stands for no such file.

    ``changed`` is a hint that spares difflib the search through a long file: ascending line ranges
    outside of which old and new are known to be the same. One that does not hold is not used.
    """
    new_path = path if new_path is None else new_path
    new_mode = old_mode if new_mode is None else new_mode
    if old is None:
        path = new_path
    if new is None:
        new_path = path
    source, target = _quoted("a/" + path), _quoted("b/" + new_path)
    head = [f"diff --git {source} {target}"]
    if old is None and new is not None:
        head.append(f"new file mode {new_mode:06o}")
        source = "/dev/null"
    elif new is None and old is not None:
        head.append(f"deleted file mode {old_mode:06o}")
        target = "/dev/null"
    elif old is not None:
        if old_mode != new_mode:
            head += [f"old mode {old_mode:06o}", f"new mode {new_mode:06o}"]
        if path != new_path:
            head += [f"rename from {_quoted(path)}", f"rename to {_quoted(new_path)}"]
    body = [] if old == new else _hunks(_lines(old or b""), _lines(new or b""), changed)
    if body:
        head += [f"--- {_with_tab(source)}", f"+++ {_with_tab(target)}"]
    elif len(head) == 1:
        return ""
    return "\n".join([*head, *body, ""])


def to_bytes(patch: str) -> bytes:
    """Return what belongs in a patch file, to be written in binary mode."""
    return patch.encode("utf-8", "surrogateescape")


def _lines(data: bytes) -> list[str]:
    """Split into lines without their newline.

    A last line that has none carries git's marker instead: so it differs from the same line with a
    newline, and is written right wherever it goes.
    """
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    if lines[-1]:
        lines[-1] += _NO_EOL
    else:
        lines.pop()
    return lines


def _hunks(old: list[str], new: list[str], changed: Sequence[Range] | None) -> list[str]:
    """Return the hunks, each one text without its last newline."""
    if changed is None or not _holds(old, new, changed):
        changed = [(0, len(old), 0, len(new))]
    hunks: list[str] = []
    group: list[Range] = []
    for change in differences(old, new, changed):
        if group and change[0] - group[-1][1] > 2 * CONTEXT:
            hunks.append(_hunk(old, new, group))
            group = []
        group.append(change)
    if group:
        hunks.append(_hunk(old, new, group))
    return hunks


def _holds(old: list[str], new: list[str], changed: Sequence[Range]) -> bool:
    """Tell whether the ranges ascend and everything between them is the same on both sides."""
    i = j = 0
    end = (len(old), len(old), len(new), len(new))
    for old_start, old_stop, new_start, new_stop in chain(changed, [end]):
        if not (i <= old_start <= old_stop and j <= new_start <= new_stop):
            return False
        if old[i:old_start] != new[j:new_start]:
            return False
        i, j = old_stop, new_stop
    return True


def differences(
    old: Sequence[str], new: Sequence[str], within: Sequence[Range] | None = None
) -> Iterator[Range]:
    """Yield what differs, inside of the given ranges, as small as difflib can make it."""
    if within is None:
        within = [(0, len(old), 0, len(new))]
    for i, i_stop, j, j_stop in _joined(within):
        # Common ends are dear to difflib and cheap to trim.
        while i < i_stop and j < j_stop and old[i] == new[j]:
            i, j = i + 1, j + 1
        while i < i_stop and j < j_stop and old[i_stop - 1] == new[j_stop - 1]:
            i_stop, j_stop = i_stop - 1, j_stop - 1
        matcher = difflib.SequenceMatcher(None, old[i:i_stop], new[j:j_stop])
        for tag, a, a_stop, b, b_stop in matcher.get_opcodes():
            if tag != "equal":
                yield i + a, i + a_stop, j + b, j + b_stop


def _joined(ranges: Sequence[Range]) -> Iterator[Range]:
    """Join ranges that touch: together, difflib finds the better diff."""
    last: Range | None = None
    for here in ranges:
        if last and (last[1], last[3]) == (here[0], here[2]):
            last = (last[0], here[1], last[2], here[3])
            continue
        if last:
            yield last
        last = here
    if last:
        yield last


def _hunk(old: list[str], new: list[str], changes: Sequence[Range]) -> str:
    first, last = changes[0], changes[-1]
    before = min(CONTEXT, first[0])
    after = min(CONTEXT, len(old) - last[1])
    start, stop = first[0] - before, last[1] + after
    old_span = _span(start, stop)
    new_span = _span(first[2] - before, last[3] + after)
    text = [f"@@ -{old_span} +{new_span} @@"]
    for old_start, old_stop, new_start, new_stop in changes:
        text += [" " + line for line in old[start:old_start]]
        text += ["-" + line for line in old[old_start:old_stop]]
        text += ["+" + line for line in new[new_start:new_stop]]
        start = old_stop
    text += [" " + line for line in old[start:stop]]
    return "\n".join(text)


def _span(start: int, stop: int) -> str:
    # The length is written even when it is 1, as unidiff does: so str(PatchSet(patch)) == patch.
    return f"{start + (stop > start)},{stop - start}"


_PLAIN = re.compile(rb"[ !#-\[\]-~]+")
_ESCAPES = {0x07: "\\a", 0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0B: "\\v", 0x0C: "\\f"}
_ESCAPES |= {0x0D: "\\r", 0x22: '\\"', 0x5C: "\\\\"}


def _quoted(name: str) -> str:
    """Quote a file name as git does, if it needs it."""
    raw = to_bytes(name)
    # Readers find the second name of a ``diff --git`` line by its " b/": a name with that inside
    # has to hide its blanks.
    blank = "\\040" if b" b/" in raw else " "
    if _PLAIN.fullmatch(raw) and blank == " ":
        return name
    escapes = {**_ESCAPES, 0x20: blank}
    quoted = (escapes.get(b) or (chr(b) if 0x20 < b < 0x7F else f"\\{b:03o}") for b in raw)
    return f'"{"".join(quoted)}"'


_ESCAPED = re.compile(r"\\([0-7]{3}|.)")
_UNESCAPED = {code[1]: byte for byte, code in _ESCAPES.items()}


def unquoted(name: str) -> str:
    """Return the file name that git, or `file_patch`, has written so."""
    if not (len(name) > 1 and name[0] == name[-1] == '"'):
        return name
    raw = bytearray()
    place = 1
    for match in _ESCAPED.finditer(name, 1, len(name) - 1):
        raw += to_bytes(name[place : match.start()])
        code = match[1]
        raw.append(int(code, 8) if len(code) == 3 else _UNESCAPED.get(code, ord(code) & 255))
        place = match.end()
    raw += to_bytes(name[place:-1])
    return raw.decode("utf-8", "surrogateescape")


def _with_tab(name: str) -> str:
    # GNU patch takes what follows a blank for a time stamp, unless a TAB ends the name.
    return name + "\t" if " " in name else name


# -- reading back ----------------------------------------------------------------------------------


def hunks(patch: str) -> tuple[HunkSpan, ...]:
    """Return the hunks of the patch of one file, in order."""
    return tuple(
        HunkSpan(hunk.source_start, hunk.source_length, hunk.target_start, hunk.target_length)
        for hunk in _file_hunks(patch, metadata_only=True)
    )


def stat(patch: str) -> tuple[int, int]:
    """Return how many lines the patch adds and removes."""
    files = _parsed(patch, metadata_only=True)
    return files.added, files.removed


def hunk_of(spans: Sequence[HunkSpan], first_line: int, last_line: int) -> int | None:
    """Return the number, from 1, of the hunk that shows those lines of the old file.

    Of several it is the one that shows most of them, else the first.
    """
    found, most = None, 0
    for number, span in enumerate(spans, 1):
        stop = span.old_start + span.old_lines
        shown = min(last_line + 1, stop) - max(first_line, span.old_start)
        if shown > most:
            found, most = number, shown
    return found


def apply_patch(old: bytes, patch: str) -> bytes:
    """Return the new file. Every line must match exactly, where the patch says it stands."""
    lines = _lines(old)
    result: list[str] = []
    at = 0
    for hunk in _file_hunks(patch, metadata_only=False):
        before, after = _sides(hunk)
        start = hunk.source_start - bool(before)
        result += lines[at:start]
        fits = at <= start <= len(lines) and len(result) == hunk.target_start - bool(after)
        if not fits:
            raise PatchError(f"hunk at line {hunk.source_start}: not where it says it stands")
        at = start + len(before)
        if lines[start:at] != before:
            raise PatchError(f"hunk at line {hunk.source_start}: the file has other lines there")
        result += after
    result += lines[at:]
    if any("\n" in line for line in result[:-1]):
        raise PatchError("a line without newline is not the last one")
    text = "\n".join(result)
    if result:
        text = text.removesuffix(_NO_EOL) if "\n" in result[-1] else text + "\n"
    return to_bytes(text)


def _sides(hunk: Hunk) -> tuple[list[str], list[str]]:
    """Return a hunk's old and new lines, in the form that `_lines` gives them."""
    before: list[str] = []
    after: list[str] = []
    touched: tuple[list[str], ...] = ()
    for line in hunk:
        if line.line_type == "\\":
            if not touched:
                raise PatchError("a marker for no newline that belongs to no line")
            for side in touched:
                side[-1] += _NO_EOL
            touched = ()
            continue
        if line.is_context:
            touched = (before, after)
        elif line.is_removed:
            touched = (before,)
        elif line.is_added:
            touched = (after,)
        else:  # an empty line after the hunk
            continue
        for side in touched:
            side.append(line.value.removesuffix("\n"))
    return before, after


def _file_hunks(patch: str, *, metadata_only: bool) -> Sequence[Hunk]:
    files = _parsed(patch, metadata_only=metadata_only)
    if len(files) > 1 or (patch and not files):
        raise PatchError(f"a patch of one file expected, not of {len(files)}")
    return files[0] if files else ()


def _parsed(patch: str, *, metadata_only: bool) -> PatchSet:
    from unidiff.errors import UnidiffParseError
    from unidiff.patch import PatchSet

    try:
        # A str, never lines or an opened file: both would split or translate more than "\n".
        return PatchSet(patch, metadata_only=metadata_only)
    except UnidiffParseError as error:
        raise PatchError(str(error)) from error


# -- for the reviewer ------------------------------------------------------------------------------


def render(entries: Iterable[FileEntry], *, comments: bool = True) -> str:
    """Return one patch of all changed files, each with its commentary in front."""
    return "".join(
        (commentary(entry) if comments else "") + entry.patch for entry in entries if entry.patch
    )


def commentary(entry: FileEntry) -> str:
    """Return what a reviewer reads before the file's patch, "" for a file without one.

    Every line starts with "# ", which git, unidiff and GNU patch all skip before ``diff --git``.
    """
    if not entry.patch:
        return ""
    spans = hunks(entry.patch)
    lines = _paragraph(_headline(entry, len(spans)))
    for numbers, findings in _by_kind(entry.findings, len(spans)):
        where = _where(numbers, spans)
        if findings:
            lines += _explained(where, findings)
        else:
            lines += _paragraph(f"{where}: imports.")
    quiet = [f for f in entry.findings if f.status == "rewritten" and f.hunk is None]
    changed = [f for f in entry.findings if f.status == "rewritten" and f.hunk is not None]
    known = set(_questions(changed))
    asking = [f for f in quiet if not known.issuperset(_questions([f]))]
    if len(quiet) > len(asking):
        count = _count(len(quiet) - len(asking), "use")
        lines += _paragraph(f"Unchanged and still right: {count}.")
    for same in _alike(asking):
        lines += _explained(f"Unchanged, {_at([f.line for f in same])}", same)
    for status, label in (("left", "Left"), ("suppressed", "Suppressed")):
        uses: dict[str, list[int]] = {}
        for finding in entry.findings:
            if finding.status == status:
                uses.setdefault(finding.api, []).append(finding.line)
        if uses:
            told = "; ".join(f"{len(at)} {api} ({_at(at)})" for api, at in uses.items())
            lines += _paragraph(f"{label}, by line of the old file: {told}.")
    for hazard in entry.hazards:
        if hazard.status == "open":
            lines += _dangerous(hazard, entry.path)
    return "".join(f"{line}\n" for line in lines)


def _alike(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Findings that tell a reviewer the same thing, each kind together."""
    kinds: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.rule, finding.message, finding.why), []).append(finding)
    yield from kinds.values()


def _headline(entry: FileEntry, count: int) -> str:
    done = [f for f in entry.findings if f.status == "rewritten"]
    left = sum(f.status == "left" for f in entry.findings)
    review = sum(f.tier == "review" for f in done)
    parts = []
    if "\nnew file mode " in entry.patch.partition("\n@@ ")[0]:
        parts.append("new file")
    if "\ndeleted file mode " in entry.patch.partition("\n@@ ")[0]:
        parts.append("deleted")
    if done:
        tiers = "all safe" if not review else f"{review} to review"
        parts.append(f"{_count(len(done), 'use')} rewritten, {tiers}")
    if left:
        parts.append(f"{left} left")
    if count:
        parts.append(_count(count, "hunk"))
    return f"{entry.path}: {'; '.join(parts) or 'no line changed'}."


def _by_kind(findings: Iterable[Finding], count: int) -> Iterator[tuple[list[int], list[Finding]]]:
    """Fold findings that tell a reviewer the same thing; yield them with their hunks, in order.

    Hunks that no finding stands in come with an empty list, folded too.
    """
    kinds: dict[tuple[str, ...], tuple[list[int], list[Finding]]] = {}
    own: set[int] = set()
    for finding in findings:
        if finding.status == "rewritten" and finding.hunk is not None:
            key = (finding.rule, finding.tier, finding.message, finding.why)
            kinds.setdefault(key, ([], []))[1].append(finding)
            own.add(finding.hunk)
    for numbers, same in kinds.values():
        numbers += sorted({f.hunk for f in same if f.hunk is not None})
    if own:  # a file that no finding explains (a new one, say) is not made of imports
        kinds[()] = [n for n in range(1, count + 1) if n not in own], []
    yield from sorted((kind for kind in kinds.values() if kind[0]), key=lambda kind: kind[0][0])


def _explained(where: str, findings: Sequence[Finding]) -> list[str]:
    first = findings[0]
    times = f", {len(findings)} uses" if len(findings) > 1 else ""
    lines = _paragraph(f"{where}: {first.rule} {first.name}, {first.tier}{times}.")
    told = [first.message, f"Why: {first.why}" if first.why else ""]
    if first.tier == "review":
        told += [
            f"Check {question}" if question.startswith("C-") else f"Check: {question}"
            for question in _questions(findings)
        ]
    for text in filter(None, told):
        lines += _paragraph(text, indent="  ")
    return lines


def _dangerous(hazard: Hazard, path: str) -> list[str]:
    """A hazard of the file, with the places that make it one."""
    lines = _paragraph(f"Hazard, line {hazard.line}: {hazard.rule} {hazard.name}.")
    lines += _paragraph(hazard.message, indent="  ")
    for place in hazard.evidence:
        where = "line " if place.path == path else f"{place.path}:"
        lines += _paragraph(f"At {where}{place.line}: {place.what}", indent="  ")
    return [*lines, *_paragraph(f"Fix: {hazard.advice}", indent="  ")]


def _questions(findings: Sequence[Finding]) -> list[str]:
    """What to check, each question once: ``C-EXIT: can the child raise SystemExit?``."""
    found: dict[str, None] = {}
    for finding in findings:
        parts = re.split(r"(?=\bC-[A-Z]+: )", finding.advice)
        found |= dict.fromkeys(filter(None, map(str.strip, parts)))
        for code in finding.may_differ:
            if f"{code}: " not in finding.advice:
                found[code] = None
    return list(found)


def _where(numbers: Sequence[int], spans: Sequence[HunkSpan]) -> str:
    starts = [spans[number - 1].new_start for number in numbers]
    return f"{_plural('Hunk', numbers)} {_listed(numbers)} ({_at(starts)})"


def _at(lines: Iterable[int]) -> str:
    numbers = sorted(set(lines))
    return f"{_plural('line', numbers)} {_listed(numbers)}"


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:_LISTED]))
    more = len(numbers) - _LISTED
    return f"{shown} and {more} more" if more > 0 else shown


def _plural(word: str, items: Sequence[int]) -> str:
    return word if len(items) == 1 else word + "s"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _paragraph(text: str, indent: str = "") -> list[str]:
    """Wrap one text, from wherever, into lines that no reader of patches or terminal acts on."""
    words = " ".join(text.split())  # also at every kind of line break
    clean = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in words)
    return textwrap.wrap(
        clean,
        WIDTH,
        initial_indent=f"# {indent}",
        subsequent_indent=f"#   {indent}",
        break_long_words=False,
        break_on_hyphens=False,
    )


# -- proof by git ----------------------------------------------------------------------------------


def git_available() -> bool:
    """Tell whether there is a git to run."""
    import shutil

    return shutil.which("git") is not None


def git_check(patch: str, root: Path) -> str | None:
    """Return None when ``git apply`` takes the patch at ``root``, else what it says.

    Git runs with an empty repository of our own around ``root``: whatever repository that is in,
    its configuration, hooks and owner have no say, nor has the user's configuration.
    """
    import os
    import subprocess
    import tempfile
    from pathlib import Path

    if not patch:
        return None
    with tempfile.TemporaryDirectory(prefix="eventlet-codemod-") as scratch:
        repository = Path(scratch)
        (repository / "objects").mkdir()
        (repository / "refs").mkdir()
        (repository / "HEAD").write_text("ref: refs/heads/none\n")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")} | {
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "HOME": scratch,  # and these two for a git older than GIT_CONFIG_GLOBAL
            "XDG_CONFIG_HOME": scratch,
            "LC_ALL": "C",
        }
        try:
            done = subprocess.run(
                [
                    *("git", f"--git-dir={scratch}", f"--work-tree={root.absolute()}"),
                    *("-c", "core.autocrlf=false", "-c", f"core.hooksPath={os.devnull}"),
                    *("apply", "--check", "--whitespace=nowarn", "-"),
                ],
                input=to_bytes(patch),
                capture_output=True,
                cwd=root,
                env=environment,
                timeout=GIT_TIMEOUT,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"git apply could not be run: {error}"
    if done.returncode == 0:
        return None
    message = done.stderr.decode("utf-8", "replace").strip()
    return message or f"git apply failed with status {done.returncode}"
