"""Runs the tool over a small project and gives the hazards that it tells."""

from __future__ import annotations

import tempfile
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eventlet_codemod.config import Settings
from eventlet_codemod.ledger import Hazard, Ledger
from eventlet_codemod.rules import find_rule
from eventlet_codemod.run import run


def ledger_of(files: Mapping[str, str], **settings: Any) -> Ledger:
    """The ledger of a run over the files that mention eventlet."""
    with tempfile.TemporaryDirectory(prefix="eventlet-codemod-") as scratch:
        root = Path(scratch)
        texts = {path: textwrap.dedent(text).lstrip("\n") for path, text in files.items()}
        for path, text in texts.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        chosen = Settings(**{"monkey_patched": "yes", **settings})
        asked = sorted(path for path, text in texts.items() if "eventlet" in text)
        result = run(root, asked, chosen, whole_project=True)
    assert not [entry.error for entry in result.ledger.files if entry.error]
    return result.ledger


def look(code: str, source: str, *, path: str = "service.py", **more: Any) -> list[Hazard]:
    """The hazards of one rule in a project of one file, and of ``files`` around it."""
    code = find_rule(code).code
    ledger = ledger_of({path: source, **more.pop("files", {})}, **more)
    return [h for entry in ledger.files for h in entry.hazards if h.rule == code]


def lines_of(hazard: Hazard) -> list[tuple[str, int]]:
    """The places of the evidence."""
    return [(place.path, place.line) for place in hazard.evidence]
