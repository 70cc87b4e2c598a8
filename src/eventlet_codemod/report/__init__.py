"""Reports: one module per format, each a function from the ledger to text."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eventlet_codemod.ledger import Ledger

#: Where each format is made: a module here with ``render(ledger, style) -> str``.
FORMATS = {
    "table": "eventlet_codemod.report.table",
    "text": "eventlet_codemod.report.text",
    "json": "eventlet_codemod.report.json",
    "jsonl": "eventlet_codemod.report.jsonl",
    "statistics": "eventlet_codemod.report.statistics",
}


@dataclass(frozen=True, slots=True)
class Style:
    """How a report for people is to look; machine formats do not care."""

    color: bool = False
    width: int = 80
    verbose: bool = False


def render(form: str, ledger: Ledger, style: Style = Style()) -> str:
    """Give the report in that format.

    File names and code that are not UTF-8 stand in it as surrogate escapes.
    """
    text: str = importlib.import_module(FORMATS[form]).render(ledger, style)
    return text
