"""What became of the tests of a project: the causes of what was lost, and the table."""

from __future__ import annotations

import fnmatch
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

#: The least that is asked for: one test of a hundred may be lost.
GOAL = 0.01
#: How unittest names a module that it cannot import.
MISSING = "unittest.loader._FailedTest"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why some tests are lost. ``tests`` are patterns of their names."""

    tests: tuple[str, ...]
    why: str

    def covers(self, test: str) -> bool:
        return any(fnmatch.fnmatchcase(test, pattern) for pattern in self.tests)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a project. ``lost`` has the cause for each test."""

    project: str
    block: str
    before: int = 0
    after: int = 0
    uses: int = 0
    left: int = 0
    edits: int = 0
    edits_why: str = ""
    lost: Mapping[str, str] = field(default_factory=dict)
    error: str = ""

    @property
    def share(self) -> float:
        return len(self.lost) / self.before if self.before else 1.0

    def meets_goal(self) -> bool:
        return not self.error and self.share <= GOAL


class Reasons:
    """Why tests are lost: as projects.toml names it, else the exception that the log tells."""

    def __init__(self, causes: Sequence[Cause], log: str) -> None:
        self.causes = causes
        self.told = dict(failures(log))
        self.modules = {
            name.removeprefix(f"{MISSING}."): told
            for name, told in self.told.items()
            if name.startswith(MISSING)
        }

    def of(self, test: str) -> str:
        for cause in self.causes:
            if cause.covers(test):
                return cause.why
        if test in self.told:
            return self.told[test]
        for module, told in self.modules.items():
            if test.startswith(f"{module}."):
                return f"its module cannot be imported: {told}"
        return "it is not run any more"


def failures(log: str) -> Iterator[tuple[str, str]]:
    """The tests that failed, as suite.py tells them, each with the line of its exception."""
    for entry in re.split(r"(?m)^(?=\{\d+\} )", log):
        head, *details = entry.splitlines() or [""]
        if told := re.match(r"\{\d+\} (\S+) \[\S+\] \.\.\. FAILED$", head):
            yield told[1], exception(details)


def exception(details: Iterable[str]) -> str:
    """The last line that begins like an exception: what follows one may be its own text."""
    lines = [line.strip() for line in details if line.startswith("    ")]
    named = [
        line
        for line in lines
        if re.match(
            r"[A-Za-z_][\w.]*(?:Error|Exception|Exit|Timeout|"
            r"Interrupt|Mismatch\w*)\b",
            line,
        )
    ]
    return (named or lines or ["nothing was told"])[-1][:160]


def table(done: Sequence[Result]) -> Iterator[str]:
    """The table and the causes, as Markdown."""
    yield "| project | blocked for | before | after | lost | share | uses | left | hand edits |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|"
    for one in done:
        if one.error:
            yield f"| {one.project} | {one.block} | {one.error} | | | | | | |"
            continue
        figures = (one.before, one.after, len(one.lost), f"{one.share:.1%}", one.uses, one.left)
        cells = " | ".join(map(str, (one.project, one.block, *figures, one.edits)))
        yield f"| {cells} |"
    good = sum(one.meets_goal() for one in done)
    yield f"\nAt most {GOAL:.0%} lost: {good} of {len(done)}."
    for one in done:
        if one.edits:
            yield f"\nEdited by hand in {one.project}, {one.edits} lines: {one.edits_why}."
        if one.lost:
            yield f"\nLost of {one.project}:\n"
            counted = Counter(one.lost.values())
            yield from (f"- {count}: {why}" for why, count in counted.most_common())


def lost_tests(done: Sequence[Result]) -> Iterator[str]:
    for one in done:
        yield from (f"{one.project}: {test}: {why}" for test, why in sorted(one.lost.items()))
