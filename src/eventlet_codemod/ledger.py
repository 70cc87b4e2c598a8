"""The ledger: the one record of a run, from which every output is made.

The classes are plain immutable values; `to_json` and `from_json` are exact inverses, and the JSON
form is described by ``ledger.schema.json`` beside this module.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from eventlet_codemod import __version__

SCHEMA_VERSION = 1

Tier = Literal["safe", "review", "manual"]
Status = Literal["rewritten", "left", "suppressed"]
HazardStatus = Literal["open", "suppressed"]
FileStatus = Literal["changed", "unchanged", "failed"]

#: Where a rewrite stands in a migration that works at every point.
STEPS: dict[int, str] = {
    1: "primitives",
    2: "services",
    3: "entry-points",
    4: "packaging",
    5: "guard",
}
#: The step that waits for every use that needs eventlet to be installed.
PACKAGING = 4
#: The step in which patching ends.
ENTRY_POINTS = 3
#: The last step: a use that is left there stands before nothing.
GUARD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule says of one use of eventlet.

    Lines count from 1 and columns from 0 (in characters), both in the file as it was before.
    ``hunk`` counts from 1 within the file's patch; it is None where the use changed no line.
    """

    id: str
    rule: str
    name: str
    tier: Tier
    status: Status
    step: int
    api: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    why: str
    may_differ: tuple[str, ...] = ()
    advice: str = ""
    setting: str | None = None
    hunk: int | None = None
    shape: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileError:
    """Why a file was left as it was: ``kind`` is a short stable word, ``line`` may be unknown."""

    kind: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFailure:
    """Why a codemod's stage lost its edit of a file, while the others went on.

    ``kind`` is a short stable word, ``line`` may be unknown.
    """

    stage: str
    kind: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something about a file that is no use of eventlet: a suppression that suppresses nothing."""

    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A place that makes a hazard one, and what happens there."""

    path: str
    line: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """What threads make dangerous, in code that need not mention eventlet: no use, and no edit.

    Lines and columns as of `Finding`. ``evidence`` names the places that belong together, the
    hazard's own among them.
    """

    id: str
    rule: str
    name: str
    status: HazardStatus
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    why: str
    advice: str
    evidence: tuple[Evidence, ...] = ()
    fingerprint: str = ""
    tier: Tier = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """One file of the run. ``path`` is relative to the run's root, with forward slashes.

    ``patch`` is a git-style patch of this file alone, without commentary ("" when unchanged).
    Bytes that are not UTF-8 stand in it as surrogate escapes.
    """

    path: str
    status: FileStatus
    error: FileError | None = None
    sha256_before: str = ""
    sha256_after: str = ""
    patch: str = ""
    findings: tuple[Finding, ...] = ()
    notices: tuple[Notice, ...] = ()
    hazards: tuple[Hazard, ...] = ()
    failures: tuple[StageFailure, ...] = ()

    @property
    def tells(self) -> bool:
        """Whether anything is to be said of the file."""
        told = (self.findings, self.error, self.notices, self.hazards, self.patch, self.failures)
        return any(told)

    @property
    def failed(self) -> bool:
        """Whether the file failed, or a stage of a codemod did on it."""
        return self.status == "failed" or bool(self.failures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Circumstances of the run. ``started`` is ISO 8601 in UTC, ``seconds`` is wall time."""

    root: str
    profile: str
    settings: dict[str, Any] = field(default_factory=dict)
    started: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Counts over the whole run; ``uses == rewritten + left + suppressed`` always holds.

    ``hazards`` are no uses: those that no comment suppresses are counted apart. ``review`` and
    ``manual`` count findings of that tier whatever their status. ``by_rule`` and
    ``by_step`` map a rule code or a step's name to ``{"rewritten", "left", "suppressed"}`` counts.
    """

    files_seen: int = 0
    files_parsed: int = 0
    files_changed: int = 0
    files_failed: int = 0
    uses: int = 0
    rewritten: int = 0
    left: int = 0
    suppressed: int = 0
    safe: int = 0
    review: int = 0
    manual: int = 0
    hazards: int = 0
    by_rule: dict[str, dict[str, int]] = field(default_factory=dict)
    by_step: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One run over one project. ``files`` holds, by path, every file that something is said of."""

    tool: dict[str, str]
    run: Run
    files: tuple[FileEntry, ...]
    summary: Summary

    def to_json(self, *, indent: int | None = 2) -> str:
        """Serialise; lone surrogates survive because everything beyond ASCII is escaped."""
        return json.dumps({"schema": SCHEMA_VERSION, **dataclasses.asdict(self)}, indent=indent)

    @classmethod
    def from_json(cls, text: str) -> Ledger:
        """Read back what `to_json` wrote. Raises ValueError for anything else."""
        raw = json.loads(text)
        if not isinstance(raw, dict) or raw.get("schema") != SCHEMA_VERSION:
            raise ValueError(f"not a ledger of schema {SCHEMA_VERSION}")
        return cls(
            tool=raw["tool"],
            run=Run(**raw["run"]),
            files=tuple(map(_entry_from_raw, raw["files"])),
            summary=Summary(**raw["summary"]),
        )


def _entry_from_raw(raw: dict[str, Any]) -> FileEntry:
    findings = tuple(
        Finding(**{**item, "may_differ": tuple(item["may_differ"])}) for item in raw["findings"]
    )
    error = FileError(**raw["error"]) if raw["error"] else None
    notices = tuple(Notice(**item) for item in raw["notices"])
    hazards = tuple(
        Hazard(**{**item, "evidence": tuple(Evidence(**place) for place in item["evidence"])})
        for item in raw.get("hazards", ())  # those of older versions have none
    )
    failures = tuple(StageFailure(**item) for item in raw.get("failures", ()))
    parts = {
        "findings": findings,
        "error": error,
        "notices": notices,
        "hazards": hazards,
        "failures": failures,
    }
    return FileEntry(**{**raw, **parts})


class Clock:
    """Begins a run, and makes its ledger at the end."""

    def __init__(self) -> None:
        self._started = datetime.datetime.now(datetime.UTC)
        self._clock = time.monotonic()

    def ledger(
        self,
        root: str,
        settings: dict[str, Any],
        files: Iterable[FileEntry],
        *,
        files_seen: int,
        files_parsed: int,
    ) -> Ledger:
        """The ledger of a run that ends now; files that nothing is to be said of stay out."""
        entries = tuple(sorted((entry for entry in files if entry.tells), key=lambda e: e.path))
        return Ledger(
            tool={"name": "eventlet-codemod", "version": __version__},
            run=Run(
                root=root,
                profile=settings["profile"],
                settings=settings,
                started=self._started.isoformat(timespec="seconds"),
                seconds=round(time.monotonic() - self._clock, 3),
            ),
            files=entries,
            summary=summarise(entries, files_seen=files_seen, files_parsed=files_parsed),
        )


def summarise(files: tuple[FileEntry, ...], *, files_seen: int, files_parsed: int) -> Summary:
    """Count the findings of ``files``."""
    findings = [finding for entry in files for finding in entry.findings]
    by_rule: dict[str, dict[str, int]] = {}
    by_step: dict[str, dict[str, int]] = {}
    for finding in findings:
        for table, key in ((by_rule, finding.rule), (by_step, STEPS[finding.step])):
            counts = table.setdefault(key, {"rewritten": 0, "left": 0, "suppressed": 0})
            counts[finding.status] += 1
    return Summary(
        files_seen=files_seen,
        files_parsed=files_parsed,
        files_changed=sum(entry.status == "changed" for entry in files),
        files_failed=sum(entry.failed for entry in files),
        uses=len(findings),
        rewritten=sum(f.status == "rewritten" for f in findings),
        left=sum(f.status == "left" for f in findings),
        suppressed=sum(f.status == "suppressed" for f in findings),
        safe=sum(f.tier == "safe" for f in findings),
        review=sum(f.tier == "review" for f in findings),
        manual=sum(f.tier == "manual" for f in findings),
        hazards=sum(h.status == "open" for entry in files for h in entry.hazards),
        by_rule=dict(sorted(by_rule.items())),
        by_step={name: by_step[name] for name in STEPS.values() if name in by_step},
    )
