"""A table for a terminal: file by file, findings that say the same told once."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from eventlet_codemod.report.words import (
    by_place,
    count,
    danger,
    evidence,
    outcome,
    printable,
    stage_failed,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventlet_codemod.ledger import FileEntry, Finding, Ledger
    from eventlet_codemod.report import Style

_COLORS = {"safe": "green", "review": "yellow", "manual": "red"}


def render(ledger: Ledger, style: Style) -> str:
    """Give the table, as wide as ``style`` says."""
    last = max((number for entry in ledger.files for number in _numbers(entry)), default=0)
    blocks: list[RenderableType] = []
    for entry in ledger.files:
        blocks += [Text(printable(entry.path), style="bold"), _table(entry, len(str(last)), style)]
    return printed(blocks, style)


def printed(blocks: Iterable[RenderableType], style: Style) -> str:
    """Give what a terminal would show of ``blocks``."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=style.width,
        force_terminal=style.color,
        color_system="standard" if style.color else None,
        no_color=not style.color,
        highlight=False,
        emoji=False,
        markup=False,
        _environ={},
    )
    for block in blocks:
        console.print(block, overflow="fold")
    # Padding up to a border that is not there is no content.
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().split("\n")[:-1])


def _numbers(entry: FileEntry) -> Iterator[int]:
    """The lines that stand in the table of a file."""
    yield from (finding.line for finding in entry.findings)
    yield from (hazard.line for hazard in entry.hazards)


def _table(entry: FileEntry, digits: int, style: Style) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", min_width=digits + 2)
    table.add_column(no_wrap=True, min_width=6)
    table.add_column(no_wrap=True, min_width=6)
    table.add_column(overflow="fold")
    if entry.error is not None:
        line = str(entry.error.line or "")
        table.add_row(line, _styled("failed", "bold red"), "", printable(entry.error.message))
    for failure in entry.failures:
        line, said = str(failure.line or ""), printable(stage_failed(failure))
        table.add_row(line, _styled("failed", "bold red"), "", said)
    for findings in _alike(by_place(entry.findings)):
        first = findings[0]
        tier = _styled(outcome(first).replace(", ", "\n"), _COLORS[first.tier])
        table.add_row(str(first.line), tier, first.rule, _told(findings, style))
    for hazard in entry.hazards:
        told = [Text.assemble((hazard.name, "bold"), ": ", printable(hazard.message))]
        told += [_styled(f"at {printable(text)}", "dim") for text in evidence(hazard)]
        told.append(_styled(f"→ {printable(hazard.advice)}", "dim"))
        word = _styled(danger(hazard).replace(", ", "\n"), _COLORS[hazard.tier])
        table.add_row(str(hazard.line), word, hazard.rule, Group(*told))
    for notice in entry.notices:
        table.add_row(str(notice.line), "notice", "", printable(notice.message))
    table.add_row()
    return table


def _alike(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Fold findings that would be told in the same words."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for f in findings:
        key = (f.rule, f.tier, f.status, f.message, f.why, f.advice)
        groups.setdefault(key, []).append(f)
    yield from groups.values()


def _told(findings: list[Finding], style: Style) -> Group:
    first = findings[0]
    told = [Text.assemble((first.name, "bold"), ": ", printable(first.message))]
    if len(findings) > 1:
        lines = ", ".join(str(finding.line) for finding in findings[1:])
        told.append(Text(f"also on {count(len(findings) - 1, 'line')[2:]} {lines}"))
    if style.verbose and first.why:
        told.append(_styled(f"why: {printable(first.why)}", "dim"))
    if first.advice and first.status != "suppressed":
        told.append(_styled(f"→ {printable(first.advice)}", "dim"))
    return Group(*told)


def _styled(text: str, style: str) -> Text:
    """Style the text alone, not what pads it."""
    return Text.assemble((text, style))
