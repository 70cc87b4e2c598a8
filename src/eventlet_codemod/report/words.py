"""What the reports for people have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventlet_codemod.ledger import Finding, Hazard, StageFailure


def printable(text: str) -> str:
    """Escape what would act on a terminal or break a line; bytes that are not UTF-8 stay."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or "\udc80" <= c <= "\udcff" else ascii(c)[1:-1] for c in text
    )


def outcome(finding: Finding) -> str:
    """The tier of a finding, and its status where the tier alone would mislead."""
    expected = "left" if finding.tier == "manual" else "rewritten"
    return finding.tier if finding.status == expected else f"{finding.tier}, {finding.status}"


def stage_failed(failure: StageFailure) -> str:
    """What became of the stage of a codemod on a file."""
    return f"codemod {failure.stage}: {failure.message}"


def danger(hazard: Hazard) -> str:
    """What stands where a finding has its outcome."""
    return "hazard" if hazard.status == "open" else f"hazard, {hazard.status}"


def evidence(hazard: Hazard) -> list[str]:
    """The places of a hazard and what happens there."""
    return [f"{place.path}:{place.line}: {place.what}" for place in hazard.evidence]


def by_place(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings as their file is read."""
    return sorted(findings, key=lambda finding: (finding.line, finding.column, finding.rule))


def count(number: int, word: str) -> str:
    """Count things."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
