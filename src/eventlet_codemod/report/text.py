"""One line for each finding, as compilers write them: ``path:line:column: EVT101 sleep [safe] …``.

Columns count from 1 here, as editors count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventlet_codemod.report.words import (
    by_place,
    danger,
    evidence,
    outcome,
    printable,
    stage_failed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventlet_codemod.ledger import FileEntry, Finding, Ledger
    from eventlet_codemod.report import Style

_COLORS = {"safe": "32", "review": "33", "manual": "31"}


def render(ledger: Ledger, style: Style) -> str:
    """Give the findings, with reasons and advice below them where ``style`` is verbose."""
    return "".join(f"{line}\n" for entry in ledger.files for line in _lines(entry, style))


def _lines(entry: FileEntry, style: Style) -> Iterator[str]:
    path = printable(entry.path)
    if entry.error is not None:
        line = f":{entry.error.line}" if entry.error.line else ""
        yield f"{path}{line}: error: {printable(entry.error.message)}"
    for failure in entry.failures:
        line = f":{failure.line}" if failure.line else ""
        yield f"{path}{line}: error: {printable(stage_failed(failure))}"
    for finding in by_place(entry.findings):
        place = f"{path}:{finding.line}:{finding.column + 1}"
        what = f"{finding.rule} {finding.name} [{_outcome(finding, style)}]"
        yield f"{place}: {what} {printable(finding.message)}"
        if style.verbose:
            yield from _more(finding)
    for hazard in entry.hazards:
        place = f"{path}:{hazard.line}:{hazard.column + 1}"
        what = f"{hazard.rule} {hazard.name} [{danger(hazard)}]"
        yield f"{place}: {what} {printable(hazard.message)}"
        if style.verbose:
            yield f"    why: {printable(hazard.why)}"
            yield from (f"    at {printable(text)}" for text in evidence(hazard))
            yield f"    advice: {printable(hazard.advice)}"
    for notice in entry.notices:
        yield f"{path}:{notice.line}: notice: {printable(notice.message)}"


def _outcome(finding: Finding, style: Style) -> str:
    text = outcome(finding)
    return f"\x1b[{_COLORS[finding.tier]}m{text}\x1b[0m" if style.color else text


def _more(finding: Finding) -> Iterator[str]:
    advice = "check" if finding.status == "rewritten" else "advice"
    for label, text in (("why", finding.why), (advice, finding.advice)):
        if text:
            yield f"    {label}: {printable(text)}"
    if finding.setting:
        yield f"    setting: {finding.setting}"
