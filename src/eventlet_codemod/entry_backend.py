"""The choice of oslo.service's backend in entry points that never patched anything.

`rules.ecosystem.init_backend` puts it where `monkey_patch()` stood. A script that did not patch, or
a package of tests, loads oslo.service as well, and takes eventlet's backend if it chooses none. So
when the run chooses a backend anywhere, these files get the same two lines, above the first import
that is not of the standard library. Where the packages around a file load oslo.service before it is
reached, it is left, with advice.
"""

from __future__ import annotations

import ast
import hashlib
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from eventlet_codemod import checks
from eventlet_codemod.config import Settings
from eventlet_codemod.engine import FileChange
from eventlet_codemod.facts.project import Project, is_test
from eventlet_codemod.ledger import FileEntry, FileError, Finding
from eventlet_codemod.patch import HunkSpan, hunk_of
from eventlet_codemod.rules.ecosystem._entries import entries_without_backend
from eventlet_codemod.rules.ecosystem._loading import choosing_package
from eventlet_codemod.rules.ecosystem._unsupported import unsupported
from eventlet_codemod.rules.ecosystem.init_backend import CHOSEN, rule
from eventlet_codemod.source import SourceError, decode

_API = "oslo_service.backend.init_backend"
_NAMES = ("backend", "oslo_service_backend")


def backend_changes(
    root: Path, settings: Settings, project: Project, done: Mapping[str, FileChange]
) -> list[FileChange]:
    """The changes of entry points that choose no backend, by path; none where the run does not.

    ``done`` holds what the run made of files; a result for one of them takes its place.
    """
    chosen = any(
        finding.status == "rewritten" and finding.message.startswith(CHOSEN)
        for change in done.values()
        for finding in change.entry.findings
    )
    if settings.monkey_patch != "init-backend" or not chosen:
        return []
    changes = []
    for path in sorted(entries_without_backend(project)):
        first = done.get(path)
        if first is None or first.entry.error is None:
            changes.append(_change(path, root, project, first))
    return changes


def with_backend(text: str) -> tuple[str, int] | None:
    """A module's text with the choice of a backend, and the line that it stands on.

    None where the module has a name for something else that the lines would bind.
    """
    tree = ast.parse(text)
    name = next((n for n in _NAMES if not re.search(rf"\b{n}\b", text)), None)
    if name is None:
        return None
    newline = "\r\n" if "\r\n" in text else "\n"
    alias = "" if name == "backend" else f" as {name}"
    new = [
        f"from oslo_service import backend{alias}",
        f"{name}.init_backend({name}.BackendType.THREADING)",
    ]
    lines = text.splitlines(keepends=True)
    line = _place(tree)
    if line is None:
        gap = [""] if lines and lines[-1].strip() else []
        if lines and not lines[-1].endswith(("\n", "\r")):
            lines[-1] += newline
        lines += [item + newline for item in (*gap, *new)]
        return "".join(lines), len(lines)
    lines[line - 1 : line - 1] = [item + newline for item in (*new, "")]
    return "".join(lines), line


def _place(tree: ast.Module) -> int | None:
    """The line of the first statement below docstring and imports of the standard library."""
    body = tree.body[1:] if ast.get_docstring(tree, clean=False) is not None else tree.body
    for statement in body:
        if any(name not in sys.stdlib_module_names for name in _roots(statement)):
            decorators = getattr(statement, "decorator_list", [])
            return int(min([statement.lineno, *(item.lineno for item in decorators)]))
    return None


def _roots(statement: ast.stmt) -> Iterator[str]:
    """The packages that an import statement takes from; "" for anything else."""
    if isinstance(statement, ast.ImportFrom) and not statement.level:
        yield (statement.module or "").partition(".")[0]
    elif isinstance(statement, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in statement.names)
    else:
        yield ""


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
    loader = choosing_package(path, project)
    refused = "" if is_test(path) else unsupported(path, source.text, project)
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
    what = "oslo.service's threading backend is chosen for this entry point"
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
        may_differ=() if reason else ("C-LIFE",),
        advice="call oslo_service.backend.init_backend(BackendType.THREADING) above the first "
        "import that loads oslo.service, in the __init__ of the outermost package if need be"
        if reason
        else "C-LIFE: threads that it starts now hold up the exit: does it end them?",
        setting="monkey-patch",
        shape=hashlib.sha256(rule.code.encode()).hexdigest()[:12],
        fingerprint=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16],
    )
