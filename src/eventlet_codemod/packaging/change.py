"""From the places of one file to its change: what is rewritten now, and what is held back."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from eventlet_codemod import checks
from eventlet_codemod.engine import FileChange
from eventlet_codemod.ledger import FileEntry, Finding, Notice
from eventlet_codemod.packaging.base import Context, PackagingRule, Place, apply_edits, line_at
from eventlet_codemod.packaging.python import parse
from eventlet_codemod.patch import HunkSpan, hunk_of, hunks
from eventlet_codemod.rules.base import CHECKS
from eventlet_codemod.source import SourceError, SourceFile, decode

if TYPE_CHECKING:
    from eventlet_codemod.config import Settings

_SUPPRESS = re.compile(r"[#;]\s*eventlet-codemod:\s*ignore(?:\[([^\]]*)\])?")
_NEW = "EVT802"
_MOST = 10_000  # edits of one file; more means that an edit does not do what it says


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for the whole run: which rules are selected, and what must go first.

    ``left`` is the first use that stays, "" for none; ``dependents`` the same for what requires
    that eventlet is installed, places of packaging among it.
    """

    settings: Settings
    codes: frozenset[str]
    left: str
    dependents: str = ""

    def verdict(self, place: Place, rule: PackagingRule, text: str) -> tuple[str, str]:
        """The status of a place, and why an edit is held back if it is."""
        if _is_suppressed(text, place, rule):
            return "suppressed", ""
        if place.edits is None:
            return "left", ""
        settings = self.settings
        if rule.code not in self.codes:
            return "left", f"{rule.code} is not selected"
        follows = rule.code == _NEW  # it comes with the rewrites that need it
        if not follows and settings.steps is not None and rule.step not in settings.steps:
            return "left", f"step {rule.step} was not asked for"
        if place.waits and not settings.force and (first := self.left or self._dependent(place)):
            return "left", f"{first} must go first"
        if settings.safe_only and place.checks:
            return "left", "only safe rewrites were asked for"
        return "rewritten", ""

    def _dependent(self, place: Place) -> str:
        return self.dependents if place.rule == "EVT801" else ""


@dataclass(frozen=True, slots=True)
class Document:
    """One file as text, with what its bytes need besides."""

    path: str
    data: bytes
    text: str
    encode: Callable[[str], bytes]


def document(path: str, data: bytes) -> Document:
    """The text of a file. Raises SourceError for Python that cannot be decoded."""
    if path.endswith(".py"):
        source: SourceFile = decode(path, data)
        return Document(path, data, source.text, source.encode)
    bom = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    text = data[len(bom) :].decode("utf-8", "surrogateescape")

    def encode(new: str) -> bytes:
        return bom + new.encode("utf-8", "surrogateescape")

    return Document(path, data, text, encode)


Found = list[tuple[PackagingRule, Place]]


def places_of(text: str, rules: Sequence[PackagingRule], context: Context) -> Found:
    """The places of a text, in order; of those that overlap the first rule's."""
    found: Found = []
    for rule in rules:
        for place in rule.scan(text, context):
            if rule.code == _NEW or not any(
                place.start < other.end and other.start < place.end
                for by, other in found
                if by.code != _NEW
            ):
                found.append((rule, place))
    return sorted(found, key=lambda item: (item[1].start, item[0].code))


def change_of(
    old: Document,
    rules: Sequence[PackagingRule],
    context: Context,
    policy: Policy,
    first: FileChange | None = None,
) -> FileChange | None:
    """The change of one file, None where it has nothing to do with eventlet.

    ``first`` is what the run did to the file already, which the result takes in.
    """
    found = places_of(old.text, rules, context)
    if not found:
        return None
    verdicts = [policy.verdict(place, rule, old.text) for rule, place in found]
    base = old
    if first is not None and first.new is not None:
        base = document(old.path, first.new)
        if _telling(found) != _telling(places_of(base.text, rules, context)):
            note = "left", "another rewrite changes it in this run: run again"
            verdicts = [v if v[0] != "rewritten" else note for v in verdicts]
    new, patch, spans = base.data, "", tuple[HunkSpan, ...]()
    try:
        if any(status == "rewritten" for status, _ in verdicts):
            kept = [item for item, v in zip(found, verdicts, strict=True) if v[0] != "rewritten"]
            new = base.encode(_edited(base.text, rules, context, policy, kept, old.path))
        if new != old.data:
            patch, spans = checks.prove_patch(old.path, old.data, new, None)
    except (checks.CheckFailed, SourceError, ValueError) as error:
        failed = "left", f"the rewrite fails: {error}"
        verdicts = [v if v[0] != "rewritten" else failed for v in verdicts]
        new = base.data
        if first is not None:
            patch, spans = first.entry.patch, hunks(first.entry.patch)
    findings = _findings(old, found, verdicts, spans)
    entry = replace(
        _entry(old, status="changed" if patch else "unchanged"),
        sha256_after=hashlib.sha256(new).hexdigest(),
        patch=patch,
        findings=findings,
        notices=tuple(_notices(old.text, found)) if not old.path.endswith(".py") else (),
    )
    change = FileChange(entry, old.data, new if patch else None, len(findings))
    if first is None:
        return change
    suppressed = [
        place for (_, place), v in zip(found, verdicts, strict=True) if v[0] == "suppressed"
    ]
    return _merged(first, change, old.text, suppressed)


def _entry(old: Document, **given: object) -> FileEntry:
    before = hashlib.sha256(old.data).hexdigest()
    return FileEntry(path=old.path, sha256_before=before, **given)  # type: ignore[arg-type]


def _telling(found: Found) -> Counter[tuple[str, str, str]]:
    return Counter((rule.code, place.api, place.message) for rule, place in found)


def _edited(
    text: str,
    rules: Sequence[PackagingRule],
    context: Context,
    policy: Policy,
    kept: Found,
    path: str,
) -> str:
    """The text after every edit that is due, one at a time: each sees what the last one made.

    What comes in goes first, so that it can stand where something leaves.
    """
    for _ in range(_MOST):
        found = places_of(text, rules, context)
        due = [
            place
            for rule, place in found
            if place.edits and policy.verdict(place, rule, text)[0] == "rewritten"
        ]
        if not due:
            break
        due.sort(key=lambda place: place.rule != _NEW)
        assert due[0].edits is not None
        made = apply_edits(text, due[0].edits)
        if made == text:
            raise checks.CheckFailed(f"the edit of {due[0].api} changes nothing")
        text = made
    kept = [item for item in kept if not item[1].keeps]
    if _telling([item for item in found if not item[1].keeps]) != _telling(kept):
        raise checks.CheckFailed("a second pass finds other places than those left")
    _prove_syntax(text, path)
    return text


def _prove_syntax(text: str, path: str) -> None:
    """What the project's own tools read must still be readable."""
    if path.endswith(".py") and parse(text) is None:
        raise checks.CheckFailed("the result is no Python")
    if path.endswith(".toml"):
        import tomlkit
        from tomlkit.exceptions import TOMLKitError

        try:
            tomlkit.parse(text)
        except TOMLKitError as error:
            raise checks.CheckFailed(f"the result is no TOML: {error}") from error


def _merged(
    first: FileChange, change: FileChange, text: str, suppressed: Sequence[Place]
) -> FileChange:
    """What the engine and the rules of packaging say of one file, as one change.

    A string that only configures is no use in Python: where these rules know it, they speak.
    """
    spoken = {finding.id for finding in change.entry.findings}
    theirs = [f for f in first.entry.findings if not (f.rule == "EVT999" and f.id in spoken)]
    entry = change.entry
    spans = hunks(entry.patch) if entry.patch else ()
    theirs = [
        replace(f, hunk=hunk_of(spans, f.line, f.end_line)) if f.hunk is not None else f
        for f in theirs
    ]
    findings = sorted((*theirs, *entry.findings), key=lambda f: (f.line, f.column, f.rule))
    heeded = {
        position(text, start)[0]
        for place in suppressed
        for start, _ in _comments(text, *_lines_around(text, place))
    }
    notices = tuple(notice for notice in first.entry.notices if notice.line not in heeded)
    entry = replace(entry, findings=tuple(findings), notices=notices)
    return replace(first, entry=entry, new=change.new, uses=len(findings))


# --- findings ------------------------------------------------------------------------------------


def _findings(
    old: Document,
    found: Found,
    verdicts: Sequence[tuple[str, str]],
    spans: Sequence[HunkSpan],
) -> tuple[Finding, ...]:
    seen: dict[str, int] = {}
    return tuple(
        _finding(old, rule, place, verdict, spans, seen)
        for (rule, place), verdict in zip(found, verdicts, strict=True)
    )


def _finding(
    old: Document,
    rule: PackagingRule,
    place: Place,
    verdict: tuple[str, str],
    spans: Sequence[HunkSpan],
    seen: dict[str, int],
) -> Finding:
    status, note = verdict
    line, column = position(old.text, place.start)
    end_line, end_column = position(old.text, place.end)
    message, why, advice = place.message, place.why, place.advice
    may_differ = tuple(place.checks)
    tier = "manual" if place.edits is None else "review" if may_differ else "safe"
    if place.checks:
        advice = " ".join(_question(code, text) for code, text in place.checks.items())
    if note:
        if not note.endswith(("asked for", "selected")):
            tier, may_differ = "manual", ()
            why = "the rewrite is known; something else stands before it"
            advice = f"when that is done: {message}"
        message = f"left: {note}"
    name = f"{old.path}:{line}:{column}-{end_column}"
    return Finding(
        id=f"{name}:{place.api}" if rule.code == _NEW else name,
        rule=rule.code,
        name=rule.name,
        tier=tier,  # type: ignore[arg-type]
        status=status,  # type: ignore[arg-type]
        step=rule.step,
        api=place.api,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        message=message,
        why=why,
        may_differ=may_differ,
        advice=advice,
        hunk=_hunk(spans, line, end_line) if status == "rewritten" and not place.keeps else None,
        shape=_digest(rule.code, re.sub(r"`[^`]*`", "", place.message))[:12],
        fingerprint=_fingerprint(old, rule, place, seen),
    )


def _hunk(spans: Sequence[HunkSpan], first: int, last: int) -> int | None:
    """The hunk of some lines; that of an empty file shows none."""
    return hunk_of(spans, first, last) or (1 if len(spans) == 1 else None)


def position(text: str, place: int) -> tuple[int, int]:
    """Line, from 1, and column, from 0, of a place."""
    return text.count("\n", 0, place) + 1, place - (text.rfind("\n", 0, place) + 1)


def _question(code: str, text: str) -> str:
    question = f"{code}: {text or CHECKS[code]}"
    return question if question[-1] in ".?" else f"{question}."


def _fingerprint(old: Document, rule: PackagingRule, place: Place, seen: dict[str, int]) -> str:
    said = " ".join(old.text[slice(*line_at(old.text, place.start))].split())
    key = "\0".join((old.path, rule.code, place.api, said))
    count = seen[key] = seen.get(key, 0) + 1
    return _digest(key, str(count))[:16]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


# --- suppressions --------------------------------------------------------------------------------


def _is_suppressed(text: str, place: Place, rule: PackagingRule) -> bool:
    """Whether a comment on the lines of a place keeps it, or one that stands alone above them.

    Not every kind of file takes a comment behind a value.
    """
    return any(
        not codes or codes & {rule.code, rule.name}
        for _, codes in _comments(text, *_lines_around(text, place))
    )


def _lines_around(text: str, place: Place) -> tuple[int, int]:
    first, last = line_at(text, place.start)[0], line_at(text, max(place.start, place.end - 1))[1]
    above = line_at(text, first - 1)[0] if first else first
    if text[above:first].lstrip()[:1] in ("#", ";"):
        first = above
    return first, last


def _comments(text: str, start: int, end: int) -> Iterable[tuple[int, frozenset[str]]]:
    for match in _SUPPRESS.finditer(text, start, end):
        yield match.start(), frozenset(filter(None, re.split(r"[,\s]+", match[1] or "")))


def _notices(text: str, found: Found) -> Iterable[Notice]:
    """Comments that suppress nothing."""
    covered = [(_lines_around(text, place), rule) for rule, place in found]
    for start, codes in _comments(text, 0, len(text)):
        if not any(
            first <= start < last and (not codes or codes & {rule.code, rule.name})
            for (first, last), rule in covered
        ):
            line, _ = position(text, start)
            yield Notice(line=line, message="this suppression suppresses nothing")
