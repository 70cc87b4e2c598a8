"""The ledger itself, as ``ledger.schema.json`` describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eventlet_codemod.ledger import Ledger
    from eventlet_codemod.report import Style


def render(ledger: Ledger, style: Style) -> str:
    """Give the ledger as one JSON document."""
    return ledger.to_json() + "\n"
