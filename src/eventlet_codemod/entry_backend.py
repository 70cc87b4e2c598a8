"""The choice of oslo.service's backend in entry points that never patched anything.

`rules.ecosystem.init_backend` puts it where `monkey_patch()` stood. A script that did not patch, or
a package of tests, loads oslo.service as well, and takes eventlet's backend if it chooses none. So
when the run chooses a backend anywhere, these files get the same two lines, above the first import
that is not of the standard library. Where a package around a file loads oslo.service before it is
reached, that package gets them in its place; where it cannot, the file is left, with advice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from eventlet_codemod import checks
from eventlet_codemod.config import Settings
from eventlet_codemod.engine import FileChange
from eventlet_codemod.facts.project import Project, is_test
from eventlet_codemod.ledger import FileEntry, FileError, Finding
from eventlet_codemod.patch import HunkSpan, hunk_of
from eventlet_codemod.rules.ecosystem._choice import with_backend
from eventlet_codemod.rules.ecosystem._entries import entries_without_backend
from eventlet_codemod.rules.ecosystem._packages import choice_around
from eventlet_codemod.rules.ecosystem._unsupported import unsupported
from eventlet_codemod.rules.ecosystem.init_backend import CHOSEN, rule
from eventlet_codemod.source import SourceError, decode

_API = "oslo_service.backend.init_backend"


def backend_changes(
    root: Path, settings: Settings, project: Project, done: Mapping[str, FileChange]
) -> list[FileChange]:
    """The changes of entry points that choose no backend, by path; none where the run does not.

    ``done`` holds what the run made of files; a result for one of them takes its place.
    """
    chosen = [path for path, change in done.items() if _chooses(change)]
    if settings.monkey_patch != "init-backend" or not chosen:
        return []
    changes = []
    for path in sorted(_to_choose(chosen, project)):
        first = done.get(path)
        if first is None or first.entry.error is None:
            changes.append(_change(path, root, project, first))
    return changes


def _chooses(change: FileChange) -> bool:
    return any(
        finding.status == "rewritten" and finding.message.startswith(CHOSEN)
        for finding in change.entry.findings
    )


def _to_choose(chosen: Sequence[str], project: Project) -> set[str]:
    """Entry points, or the packages around them and around ``chosen`` that load oslo.service."""
    entries = entries_without_backend(project)
    packages = {path: choice_around(path, project) for path in (*entries, *chosen)}
    missing = {around.missing for around in packages.values() if around.missing}
    return missing | {path for path in entries if not packages[path].missing}


def _change(path: str, root: Path, project: Project, first: FileChange | None) -> FileChange:
    try:
        old = first.old if first is not None else (root / path).read_bytes()
        source = decode(path, old)
        base = decode(path, first.new) if first is not None and first.new else source
        made = with_backend(base.text)
        shown = with_backend(source.text)
    except (OSError, SourceError, SyntaxError, ValueError) as error:
        failure = FileError(kind="unreadable", message=f"no backend can be chosen here: {error}")
        return FileChange(FileEntry(path=path, status="failed", error=failure), b"")
    before = hashlib.sha256(old).hexdigest()
    entry = FileEntry(path=path, status="unchanged", sha256_before=before, sha256_after=before)
    change = first or FileChange(entry, old)
    loader = choice_around(path, project).loader
    everywhere = path.endswith("__init__.py")
    refused = ""
    if not is_test(path):
        refused = unsupported(path, source.text, project, everywhere=everywhere)
    if refused or loader or made is None or shown is None:
        reason = f"{loader} loads oslo.service before" if loader else "its names are taken here"
        reason = refused or reason
        finding = _finding(path, 1, reason)
        return _with(change, finding, change.entry)
    new = source.encode(made[0])
    try:
        patch, spans = checks.prove_patch(path, old, new, None)
    except checks.CheckFailed as error:
        failure = FileError(kind="check", message=str(error))
        return FileChange(replace(entry, status="failed", error=failure), old)
    finding = _finding(path, min(shown[1], source.text.count("\n") or 1), "")
    digest = hashlib.sha256(new).hexdigest()
    entry = replace(change.entry, status="changed", sha256_after=digest, patch=patch)
    return replace(_with(change, finding, entry, spans), new=new)


def _with(
    change: FileChange, finding: Finding, entry: FileEntry, spans: Sequence[HunkSpan] = ()
) -> FileChange:
    """The change with one more finding; where the patch is another, hunks count anew."""
    findings = sorted((*entry.findings, finding), key=lambda f: (f.line, f.column, f.rule))
    if spans:
        findings = [
            replace(f, hunk=hunk_of(spans, f.line, f.end_line) or _only(spans))
            if f.hunk is not None or f is finding
            else f
            for f in findings
        ]
    return replace(change, entry=replace(entry, findings=tuple(findings)), uses=len(findings))


def _only(spans: Sequence[HunkSpan]) -> int | None:
    """The one hunk of a patch: that of a file that only grows at its end may show no line."""
    return 1 if len(spans) == 1 else None


def _finding(path: str, line: int, reason: str) -> Finding:
    key = "\0".join((path, rule.code, _API))
    package = path.endswith("__init__.py") and not is_test(path)
    what = "oslo.service's threading backend is chosen for this entry point"
    asked = {"C-LIFE": "threads that it starts now hold up the exit: does it end them?"}
    if package:
        what = "oslo.service's threading backend is chosen for whoever imports this package"
        asked["C-EARLY"] = (
            "can a process have loaded oslo.service before it imports this? Then "
            "BackendAlreadySelected is raised here"
        )
    return Finding(
        id=f"{path}:{line}:0-0:{_API}",
        rule=rule.code,
        name="init-backend",
        tier="manual" if reason else "review",
        status="left" if reason else "rewritten",
        step=rule.step,
        api=_API,
        line=line,
        column=0,
        end_line=line,
        end_column=0,
        message=f"no backend is chosen for this entry point: {reason}" if reason else what,
        why="it loads oslo.service, which takes eventlet's backend unless another one is chosen",
        may_differ=() if reason else tuple(asked),
        advice="call oslo_service.backend.init_backend(BackendType.THREADING) above the first "
        "import that loads oslo.service, in the __init__ of the outermost package if need be"
        if reason
        else " ".join(f"{code}: {question}" for code, question in asked.items()),
        setting="monkey-patch",
        shape=hashlib.sha256(rule.code.encode()).hexdigest()[:12],
        fingerprint=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16],
    )
