"""The harness for files that configure a project: what a case says, and what holds for each."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eventlet_codemod.config import Settings
from eventlet_codemod.engine import FileChange
from eventlet_codemod.packaging import packaging_changes
from eventlet_codemod.patch import to_bytes

LEFT = "eventlet.greenthread.sleep (a.py:2)"


@dataclass
class Outcome:
    """The changes by path."""

    root: Path
    changes: dict[str, FileChange]

    def text(self, path: str) -> str:
        change = self.changes.get(path)
        if change is None or change.new is None:
            return (self.root / path).read_bytes().decode("utf-8", "surrogateescape")
        return change.new.decode("utf-8", "surrogateescape")

    def told(self, path: str | None = None) -> list[str]:
        """What the findings say, as ``line code tier status``."""
        return [
            f"{f.line} {f.rule} {f.tier} {f.status}"
            for name, change in self.changes.items()
            if path in (None, name)
            for f in change.entry.findings
        ]

    def messages(self) -> str:
        return "\n".join(
            f"{f.message}\n{f.why}\n{f.advice}"
            for change in self.changes.values()
            for f in change.entry.findings
        )


def run_on(root: Path, **given: Any) -> Outcome:
    settings = given.pop("settings", Settings())
    left = given.pop("left", "")
    needs = frozenset(given.pop("needs", ()))
    changes = packaging_changes(root, settings, left=left, needs=needs, **given)
    paths = [change.entry.path for change in changes]
    assert paths == sorted(set(paths))
    for change in changes:
        ids = [f.id for f in change.entry.findings]
        assert len(ids) == len(set(ids)) == change.uses, ids
        for finding in change.entry.findings:
            assert finding.tier != "manual" or finding.advice
            keeps = "stays" in finding.message and finding.tier == "safe"
            assert (finding.hunk is None) == (finding.status != "rewritten" or keeps)
    return Outcome(root, {change.entry.path: change for change in changes})


def prove(outcome: Outcome, given: dict[str, Any]) -> None:
    """git takes the patches, they give what was promised, and a second pass finds nothing more."""
    root = outcome.root
    before = {path: (root / path).read_bytes() for path in outcome.changes}
    for path, change in outcome.changes.items():
        if change.new is None:
            assert not change.entry.patch
            continue
        subprocess.run(
            ["git", "apply", "--whitespace=nowarn", "-"],
            cwd=root,
            input=to_bytes(change.entry.patch),
            check=True,
            env={"GIT_CEILING_DIRECTORIES": str(root.parent), "PATH": "/usr/bin:/bin"},
        )
        assert (root / path).read_bytes() == change.new
    again = run_on(root, **{key: value for key, value in given.items() if key != "done"})
    for change in again.changes.values():
        assert change.new is None, change.entry.patch
    for path, data in before.items():
        (root / path).write_bytes(data)
