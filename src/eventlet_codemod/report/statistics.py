"""Counts: by rule, by step, what is left by the name of eventlet that is used, and hazards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventlet_codemod.ledger import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventlet_codemod.ledger import Finding, Ledger
    from eventlet_codemod.report import Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Counts of the findings of one rule, one step or all."""

    label: str
    uses: int
    safe: int
    review: int
    left: int
    suppressed: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The counts of a run; ``left`` counts what is left, by canonical name, ``hazards`` by rule."""

    rules: tuple[Row, ...]
    steps: tuple[Row, ...]
    total: Row
    left: dict[str, int]
    hazards: dict[str, int]


def statistics(ledger: Ledger) -> Statistics:
    """Count."""
    findings = [finding for entry in ledger.files for finding in entry.findings]
    hazards = Counter(
        f"{hazard.rule} {hazard.name}"
        for entry in ledger.files
        for hazard in entry.hazards
        if hazard.status == "open"
    )
    left = Counter(finding.api for finding in findings if finding.status == "left")
    return Statistics(
        rules=_rows(findings, [f"{f.rule} {f.name}" for f in findings]),
        steps=_rows(findings, [f"{f.step} {STEPS[f.step]}" for f in findings]),
        total=_row("all", findings),
        left=dict(sorted(left.items(), key=lambda item: (-item[1], item[0]))),
        hazards=dict(sorted(hazards.items())),
    )


def render(ledger: Ledger, style: Style) -> str:
    """Give the counts in columns."""
    counted = statistics(ledger)
    lines = [
        *_columns("rule", [*counted.rules, counted.total]),
        "",
        *_columns("step", counted.steps),
    ]
    for title, counts in (("left, by name", counted.left), ("hazards", counted.hazards)):
        width = len(str(max(counts.values(), default=0)))
        lines += ["", title] if counts else []
        lines += [f"{number:{width}} {name}" for name, number in counts.items()]
    return "".join(f"{line}\n" for line in lines)


def _rows(findings: list[Finding], labels: list[str]) -> tuple[Row, ...]:
    groups: dict[str, list[Finding]] = {}
    for finding, label in zip(findings, labels, strict=True):
        groups.setdefault(label, []).append(finding)
    return tuple(_row(label, groups[label]) for label in sorted(groups))


def _row(label: str, findings: list[Finding]) -> Row:
    rewritten = Counter(f.tier for f in findings if f.status == "rewritten")
    return Row(
        label=label,
        uses=len(findings),
        safe=rewritten["safe"],
        review=rewritten["review"],
        left=sum(f.status == "left" for f in findings),
        suppressed=sum(f.status == "suppressed" for f in findings),
    )


def _columns(title: str, rows: Iterable[Row]) -> list[str]:
    head = (title, "uses", "rewritten", "safe", "review", "left", "suppressed")
    cells = [head, *((row.label, *map(str, _counts(row))) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    return [
        "  ".join([f"{row[0]:{widths[0]}}", *map(str.rjust, row[1:], widths[1:])]) for row in cells
    ]


def _counts(row: Row) -> tuple[int, ...]:
    rewritten = row.safe + row.review
    return row.uses, rewritten, row.safe, row.review, row.left, row.suppressed
