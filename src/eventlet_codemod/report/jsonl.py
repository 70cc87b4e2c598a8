"""One JSON object on each line: a finding with its path, a file's error, a hazard or a notice."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventlet_codemod.ledger import Ledger
    from eventlet_codemod.report import Style


def render(ledger: Ledger, style: Style) -> str:
    """Give the findings, line by line."""
    return "".join(f"{json.dumps(item)}\n" for item in _items(ledger))


def _items(ledger: Ledger) -> Iterator[dict[str, object]]:
    for entry in ledger.files:
        if entry.error is not None:
            yield {"path": entry.path, "error": asdict(entry.error)}
        for failure in entry.failures:
            yield {"path": entry.path, "failure": asdict(failure)}
        for finding in entry.findings:
            yield {"path": entry.path, **asdict(finding)}
        for hazard in entry.hazards:
            yield {"path": entry.path, "hazard": asdict(hazard)}
        for notice in entry.notices:
            yield {"path": entry.path, "notice": asdict(notice)}
