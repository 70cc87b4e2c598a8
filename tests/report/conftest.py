"""Ledgers to report on: one from a real run, and one made by hand of every kind of finding."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.ledger import FileEntry, FileError, Finding, Ledger, Run, summarise
from eventlet_codemod.run import run

SOURCE = """\
import eventlet
from eventlet import backdoor

eventlet.monkey_patch()


def main(delay, sock):
    eventlet.sleep(0.5)
    eventlet.sleep(delay)
    eventlet.sleep(1)
    eventlet.sleep(2)  # eventlet-codemod: ignore
    backdoor.backdoor_server(sock)
"""


@pytest.fixture
def real(tmp_path: Path) -> Ledger:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "a.py").write_text(SOURCE)
    (tmp_path / "b.py").write_text("import eventlet (\n")
    return run(tmp_path, ("a.py", "b.py"), Settings(), files_seen=3).ledger


@pytest.fixture
def made() -> Ledger:
    safe = Finding(
        id="a.py:3:4-20",
        rule="EVT101",
        name="sleep",
        tier="safe",
        status="rewritten",
        step=1,
        api="eventlet.greenthread.sleep",
        line=3,
        column=4,
        end_line=3,
        end_column=20,
        message="it sleeps",
        why="both are one",
    )
    review = replace(safe, tier="review", line=9, advice="C-TYPE: is it a number?")
    manual = replace(safe, tier="manual", status="left", line=5, advice="do it", setting="wsgi")
    findings = (
        review,
        safe,
        replace(safe, line=7),
        manual,
        replace(safe, status="suppressed", line=11),
        replace(review, status="left", line=12),
    )
    files = (
        FileEntry(path="a.py", status="changed", findings=findings, patch="x"),
        FileEntry(path="b\n.py", status="failed", error=FileError(kind="syntax", message="bad")),
    )
    summary = summarise(files, files_seen=2, files_parsed=2)
    run_ = Run(root="/somewhere", profile="stdlib")
    return Ledger(tool={"name": "t", "version": "1"}, run=run_, files=files, summary=summary)
