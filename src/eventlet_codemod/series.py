"""A run as a series of small patches: one idea each, in an order in which each works.

The tool is run once for each rule that has something to do, with that rule and all before it, and
each run's files are compared with those of the run before. So what a patch leaves behind is what
the tool itself would have written, proved as ever, and what can only change together does: the
patch of the last rule of it has all. The files of one rule are then packed into patches of a
limited size; those that share an object, or of which one is a test that follows the other, stay
together.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from eventlet_codemod.engine import FileChange
from eventlet_codemod.facts.module import dotted_name
from eventlet_codemod.ledger import Finding, Hazard
from eventlet_codemod.patch import file_patch, stat
from eventlet_codemod.rules import find_rule
from eventlet_codemod.rules.base import CHECKS

#: Run the tool with only some rules (codes), or with all that were asked for (None).
RunWith = Callable[[Sequence[str] | None], Sequence[FileChange]]

#: Rules that follow what others did: they belong to every stage.
_FOLLOW = ("EVT601", "EVT802")
_ORDER = {"before": 0, "with": 1, "after": 2}
_WIDTH = 72  # of a commit message


@dataclass(frozen=True, slots=True)
class Patch:
    """One patch of a series: the new content of its files, and what to say of it.

    ``files`` maps each path to its bytes after the patch, None where it is gone; ``lines`` counts
    those changed; ``left`` is what its reader would look for and the whole series does not do,
    ``hazards`` what becomes dangerous with it.
    """

    rules: tuple[str, ...]
    files: Mapping[str, bytes | None]
    findings: tuple[tuple[str, Finding], ...]
    lines: int
    subject: str = ""
    left: tuple[tuple[str, Finding], ...] = ()
    hazards: tuple[tuple[str, Hazard], ...] = ()

    @property
    def paths(self) -> list[str]:
        """The files of the patch, sorted."""
        return sorted(self.files)


@dataclass(frozen=True, slots=True)
class _Part:
    """Files that only change together."""

    files: Mapping[str, bytes | None]
    lines: int

    @property
    def first(self) -> str:
        return min(self.files)


def plan(run_with: RunWith, split: str, most: int) -> list[Patch]:
    """The patches of a run. ``split``: by ``rule``, ``file``, ``owner`` or ``size``.

    ``most`` is how many changed lines a patch has at most, where its files can be parted.
    """
    whole = run_with(None)
    full = _state(whole)
    codes = _codes(full)
    stages: list[tuple[str, ...]] = [(code,) for code in codes] if split == "rule" else [codes]
    before: dict[str, bytes | None] = {}
    told: set[str] = set()
    patches: list[Patch] = []
    for number, stage in enumerate(stages, 1):
        last = number == len(stages)
        chosen = (*codes[:number], *_FOLLOW)
        changes = full if last or split != "rule" else _state(run_with(chosen))
        fresh = _fresh(changes, told)
        told |= {finding.id for _, finding in fresh}
        parts = list(_parts(changes, before))
        for group in _packed(parts, split, most):
            files = {path: data for part in group for path, data in part.files.items()}
            found = tuple((path, f) for path, f in fresh if path in files)
            rules = tuple(dict.fromkeys(f.rule for _, f in found)) or stage
            patches.append(Patch(rules, files, found, sum(part.lines for part in group)))
            before.update(files)
    return _with_hazards(_with_left(_named(patches), full), whole)


def _state(changes: Sequence[FileChange]) -> dict[str, FileChange]:
    return {change.entry.path: change for change in changes if change.new is not None}


def _codes(full: Mapping[str, FileChange]) -> tuple[str, ...]:
    """The rules that did something, by step, then code; those that follow are with the rest.

    The stages of codemods stand where they run: before or after all of these.
    """
    rules = {
        finding.rule
        for change in full.values()
        for finding in change.entry.findings
        if finding.status == "rewritten"
    }
    rules |= {change.written_by for change in full.values()} - {""}
    codes = sorted(rules, key=_place_of)
    return tuple(code for code in codes if code not in _FOLLOW) or tuple(codes)


def _place_of(code: str) -> tuple[int, int, str]:
    rule = find_rule(code)
    return _ORDER[rule.order], rule.step, code


def _fresh(changes: Mapping[str, FileChange], told: set[str]) -> list[tuple[str, Finding]]:
    """What was rewritten for the first time."""
    return [
        (path, finding)
        for path, change in sorted(changes.items())
        for finding in change.entry.findings
        if finding.status == "rewritten" and finding.id not in told
    ]


# --- what goes together ------------------------------------------------------------------------


def _parts(
    changes: Mapping[str, FileChange], before: Mapping[str, bytes | None]
) -> Iterator[_Part]:
    """The files that a stage changes, in groups that must not be parted, by path."""
    changed = {
        path: change.result
        for path, change in changes.items()
        if change.new is not None and change.result != before.get(path, change.old)
    }
    leader = {path: path for path in changed}

    def top(path: str) -> str:
        while leader[path] != path:
            path = leader[path]
        return path

    modules = {dotted_name(path): path for path in changed}
    made = [path for path in changed if changes[path].created and path not in before]
    for path in changed:
        change = changes[path]
        others = {other for item in change.travellers for other in item.paths}
        others |= {modules[name] for name in change.follows if name in modules}
        for other in others & changed.keys():
            one, two = sorted((top(path), top(other)))
            leader[two] = one
    groups: dict[str, dict[str, bytes | None]] = {}
    for path in sorted(changed):
        groups.setdefault(top(path), {})[path] = changed[path]
    helpers = {path: data for path in made for data in [changed[path]]}
    for path in helpers:
        groups.pop(top(path), None)
    for number, files in enumerate(groups.values()):
        files = {**files, **helpers} if number == 0 else files  # what others import comes first
        yield _Part(files, sum(_lines(changes[p], before, data) for p, data in files.items()))
    if helpers and not groups:
        yield _Part(helpers, sum(_lines(changes[p], before, d) for p, d in helpers.items()))


def _lines(change: FileChange, before: Mapping[str, bytes | None], data: bytes | None) -> int:
    path = change.entry.path
    old = before.get(path, None if change.created else change.old)
    return sum(stat(file_patch(path, old, data)))


def _packed(parts: Sequence[_Part], split: str, most: int) -> Iterator[list[_Part]]:
    """Parts in the order of their paths, as many to a patch as it may hold."""
    group: list[_Part] = []
    for part in sorted(parts, key=lambda part: part.first):
        full = group and (
            split == "file"
            or sum(item.lines for item in group) + part.lines > most
            or (split == "owner" and _owner(group[0].first) != _owner(part.first))
        )
        if full:
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _owner(path: str) -> str:
    """Whose a file is, as far as its place tells: the first two directories."""
    return "/".join(path.split("/")[:-1][:2])


# --- what to say -------------------------------------------------------------------------------


def _with_left(patches: Sequence[Patch], full: Mapping[str, FileChange]) -> list[Patch]:
    """Tell what stays in a file once: with its own rule, or with its last patch.

    That is where a reviewer asks: why not this one?
    """
    left: dict[int, list[tuple[str, Finding]]] = {}
    for path, change in sorted(full.items()):
        touching = [number for number, patch in enumerate(patches) if path in patch.files]
        for finding in change.entry.findings:
            if finding.status == "left" and touching:
                own = [number for number in touching if finding.rule in patches[number].rules]
                left.setdefault((own or touching)[-1], []).append((path, finding))
    return [
        dataclasses.replace(patch, left=tuple(left.get(number, ())))
        for number, patch in enumerate(patches)
    ]


def _with_hazards(patches: Sequence[Patch], whole: Sequence[FileChange]) -> list[Patch]:
    """Tell a hazard once: with the patch that makes its thread, or the last one of its file."""
    told: dict[int, list[tuple[str, Hazard]]] = {}
    for change in sorted(whole, key=lambda change: change.entry.path):
        path = change.entry.path
        for hazard in change.entry.hazards:
            making = [n for n, patch in enumerate(patches) if _makes(patch, hazard)]
            touching = [n for n, patch in enumerate(patches) if path in patch.files]
            place = making[:1] or touching[-1:]
            if place and hazard.status == "open":
                told.setdefault(place[0], []).append((path, hazard))
    return [
        dataclasses.replace(patch, hazards=tuple(told.get(number, ())))
        for number, patch in enumerate(patches)
    ]


def _makes(patch: Patch, hazard: Hazard) -> bool:
    """Whether a patch rewrites one of the places that make a hazard."""
    return any(
        path == place.path and finding.line <= place.line <= finding.end_line
        for path, finding in patch.findings
        for place in hazard.evidence
    )


def _named(patches: Sequence[Patch]) -> list[Patch]:
    """Give each its subject; those of one rule are counted."""
    subjects = [_subject(patch) for patch in patches]
    named = []
    seen: dict[str, int] = {}
    for patch, subject in zip(patches, subjects, strict=True):
        total = subjects.count(subject)
        seen[subject] = seen.get(subject, 0) + 1
        count = f" ({seen[subject]} of {total})" if total > 1 else ""
        named.append(dataclasses.replace(patch, subject=f"{subject}{count}"))
    return named


def _subject(patch: Patch) -> str:
    if not patch.findings:
        return "Write what another server serves the application by"
    main = next((code for code in patch.rules if code not in _FOLLOW), patch.rules[0])
    summary = find_rule(main).summary
    is_name = re.search("[._(0-9]", summary.partition(" ")[0])  # oslo.messaging, spawn_n
    return summary if is_name else summary[:1].upper() + summary[1:]


def message(patch: Patch, *, command: str, version: str, prefix: str = "") -> str:
    """The commit message: what and why, what to look at, and how it was made."""
    lines = [f"{prefix}{patch.subject}"[:200], ""]
    for why in dict.fromkeys(finding.why for _, finding in patch.findings):
        lines += [*textwrap.wrap(f"{why[:1].upper()}{why[1:]}.", _WIDTH), ""]
    lines += [*_counts(patch), ""]
    questions = list(_questions(patch))
    if questions:
        lines += ["To review:", *questions, ""]
    if patch.left:
        lines += ["Left in these files:", *_left(patch), ""]
    if patch.hazards:
        lines += ["Hazards that come with threads:", *_hazards(patch), ""]
    lines += [*textwrap.wrap(f"Made by `{command}`, version {version}.", _WIDTH), ""]
    lines.append(f"Change-Id: {change_id(patch)}")
    return "\n".join(lines) + "\n"


def _counts(patch: Patch) -> list[str]:
    lines = []
    if not patch.findings:
        code = patch.rules[0]
        return [f"{code} {find_rule(code).name}: {', '.join(patch.paths)} written."]
    for code in patch.rules:
        found = [f for _, f in patch.findings if f.rule == code]
        review = sum(f.tier == "review" for f in found)
        asks = f", {review} to review" if review else ""
        lines.append(f"{code} {find_rule(code).name}: {len(found)} rewritten{asks}.")
    return lines


def _questions(patch: Patch) -> Iterator[str]:
    places: dict[str, list[tuple[str, int]]] = {}
    for path, finding in patch.findings:
        for code in finding.may_differ:
            asked = f"{code}: {_question(code, finding)}"
            places.setdefault(asked, []).append((path, finding.line))
    for asked in sorted(places):
        yield from _item(asked, places[asked])


def _question(code: str, finding: Finding) -> str:
    """What a code asks: of a codemod in the words of its author, who alone knows."""
    own = re.search(r"\bC-CODEMOD: (.*?)(?= C-[A-Z]+: |$)", finding.advice)
    return own[1] if own is not None and code == "C-CODEMOD" else CHECKS[code]


def _left(patch: Patch) -> Iterator[str]:
    places: dict[str, list[tuple[str, int]]] = {}
    for path, finding in patch.left:
        said = f"{finding.rule}: {finding.message.removeprefix('left: ')}; {finding.why}."
        places.setdefault(said, []).append((path, finding.line))
    for said, known in places.items():
        yield from _item(said, known)


def _hazards(patch: Patch) -> Iterator[str]:
    for path, hazard in patch.hazards:
        told = f"{hazard.rule}: {hazard.message}; {hazard.advice}."
        yield from _item(told, [(path, hazard.line)])


def _item(text: str, places: Sequence[tuple[str, int]]) -> list[str]:
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""
    lines: dict[str, list[str]] = {}
    for path, line in places[:3]:
        lines.setdefault(path, []).append(str(line))
    where = ", ".join(f"{path}:{','.join(numbers)}" for path, numbers in lines.items())
    text = text if text.endswith((".", "?")) else f"{text}."
    return textwrap.wrap(
        f"{text} At {where}{more}.",
        _WIDTH,
        initial_indent="- ",
        subsequent_indent="  ",
        break_on_hyphens=False,
    )


def change_id(patch: Patch) -> str:
    """Gerrit's name of a change: the same for the same rules in the same files."""
    text = "\0".join([*patch.rules, *patch.paths])
    return f"I{hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()}"


def large(patches: Iterable[Patch], limit: int = 300) -> list[Patch]:
    """Those that are a lot to read at once."""
    return [patch for patch in patches if patch.lines > limit]
