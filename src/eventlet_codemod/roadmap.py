"""What stands between a project and the next step of its migration, from the ledger of a run."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from eventlet_codemod.ledger import STEPS, Finding, Ledger

Place = tuple[str, Finding]

_INDENT = " " * 6

#: How a finding begins that is left for no reason of its own: something else must go first.
_WAITS = "must go first"
_SHOWN = 3  # blockers of a step that is refused


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what goes now, what goes once earlier steps are done, and what is left.

    ``before`` counts the uses of earlier steps that are left: each of them blocks this one.
    """

    number: int
    name: str
    safe: int
    review: int
    waiting: int
    left: int
    before: int


@dataclass(frozen=True, slots=True)
class Knot:
    """Uses that are left for one reason, and the files that are clean once it is gone."""

    reason: str
    advice: str
    places: tuple[Place, ...]
    cleans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Roadmap:
    """Steps in order, knots by how many uses they hold, and files by how little is left in them."""

    steps: tuple[Step, ...]
    knots: tuple[Knot, ...]
    files: tuple[tuple[str, int], ...]


def roadmap(ledger: Ledger) -> Roadmap:
    """Say what is next."""
    found = [(entry.path, finding) for entry in ledger.files for finding in entry.findings]
    left = [(path, f) for path, f in found if f.status == "left" and not _waits(f)]
    rest: dict[str, int] = {}
    for path, _ in left:
        rest[path] = rest.get(path, 0) + 1
    return Roadmap(
        steps=tuple(_steps(found)),
        knots=tuple(_knots(left, rest)),
        files=tuple(sorted(rest.items(), key=lambda item: (item[1], item[0]))),
    )


def refusals(ledger: Ledger, asked: Iterable[int]) -> Iterator[str]:
    """For each step that was asked for and waits, what it waits for.

    A step waits for all uses of the steps before it, whether they were asked for or not.
    """
    found = [(entry.path, finding) for entry in ledger.files for finding in entry.findings]
    for number in sorted(asked):
        waiting = sum(_waits(finding) for _, finding in found if finding.step == number)
        before = [
            (path, finding)
            for path, finding in found
            if finding.step < number and finding.status == "left" and not _waits(finding)
        ]
        if waiting and before:
            places = [f"{finding.api} ({path}:{finding.line})" for path, finding in before]
            uses = "1 use" if len(before) == 1 else f"{len(before)} uses"
            shown = ", ".join(places[:_SHOWN]) + (", …" if len(places) > _SHOWN else "")
            yield (
                f"step {number} ({STEPS[number]}) is not safe yet, it waits for {uses} of earlier "
                f"steps: {shown}"
            )


def _waits(finding: Finding) -> bool:
    return finding.status == "left" and finding.message.endswith(_WAITS)


def _steps(found: Sequence[Place]) -> Iterator[Step]:
    before = 0
    for number, name in STEPS.items():
        mine = [f for _, f in found if f.step == number and f.status != "suppressed"]
        done = [finding for finding in mine if finding.status == "rewritten"]
        waiting = sum(map(_waits, mine))
        left = sum(finding.status == "left" for finding in mine) - waiting
        if mine:
            safe = sum(finding.tier == "safe" for finding in done)
            yield Step(number, name, safe, len(done) - safe, waiting, left, before)
        before += left


def _knots(left: Sequence[Place], rest: dict[str, int]) -> Iterator[Knot]:
    groups: dict[tuple[str, str], list[Place]] = {}
    for path, finding in left:
        groups.setdefault((finding.rule, _key(finding)), []).append((path, finding))
    for _, places in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        counts: dict[str, int] = {}
        for path, _ in places:
            counts[path] = counts.get(path, 0) + 1
        cleans = tuple(path for path, count in sorted(counts.items()) if count == rest[path])
        first = places[0][1]
        reason = first.api if first.name == "other-use" else first.message
        yield Knot(reason, first.advice, tuple(places), cleans)


def _key(finding: Finding) -> str:
    """The message without the files in it: what is said of one object is told in several."""
    if finding.name == "other-use":
        return finding.api
    return re.sub(r"[\w./-]+\.py:(?: |(?=\d))", "", re.sub(r"\bline (?=\d)", "", finding.message))


def render(found: Roadmap, *, most: int | None = 10) -> str:
    """The roadmap as text; ``most`` is how many knots and files are shown, None for all."""
    lines = []
    for step in found.steps:
        lines.append(f"step {step.number} {step.name}: {counted(step)}")
    if found.knots:
        lines += ["", "what holds most, first:"]
        for knot in found.knots[:most]:
            lines += _told(knot)
        lines += _more(len(found.knots), most, "reasons")
    if found.files:
        lines += ["", "files nearest to clean, first:"]
        lines += [f"  {path}: {count} left" for path, count in found.files[:most]]
        lines += _more(len(found.files), most, "files")
    return "".join(f"{line}\n" for line in lines)


def counted(step: Step) -> str:
    """What goes in a step, what waits and what is left, in a line."""
    parts = []
    if step.safe or step.review:
        parts.append(
            f"{step.safe + step.review} go now ({step.safe} safe, {step.review} to review)"
        )
    if step.waiting:
        blockers = f" when {step.before} of earlier steps are gone" if step.before else ""
        parts.append(f"{step.waiting} go by themselves{blockers}")
    if step.left:
        parts.append(f"{step.left} left for a person")
    return ", ".join(parts)


def _told(knot: Knot) -> Iterator[str]:
    path, first = knot.places[0]
    count = len(knot.places)
    yield f"  {count:3} {first.rule} {first.name}: {knot.reason} (first: {path}:{first.line})"
    yield from textwrap.wrap(knot.advice, 96, initial_indent=_INDENT, subsequent_indent=_INDENT)
    if knot.cleans:
        shown = ", ".join(knot.cleans[:4])
        more = f" and {len(knot.cleans) - 4} more" if len(knot.cleans) > 4 else ""
        yield f"{_INDENT}then clean: {shown}{more}"


def _more(count: int, most: int | None, word: str) -> list[str]:
    return [f"  and {count - most} more {word}; -v shows all"] if most and count > most else []
