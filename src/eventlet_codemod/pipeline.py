"""A run with stages: what codemods make of the project before and after the built-in rules.

    the project -> stages before -> built-in rules -> stages after -> one change per file

Each layer sees only what the layers before it left. The built-in rules look at the project around a
file, so where a stage before them changed something they are given a copy of the project that has
it. What comes out is told in lines of the files as they are now, whatever layer said it.

A stage that fails on a file loses its edit of that file, and the others go on.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eventlet_codemod import checks
from eventlet_codemod.codemods.layers import (
    Layer,
    Search,
    StagedFile,
    again,
    candidates,
    holding,
    over,
    stage_file,
    stages_of,
    would_change_again,
)
from eventlet_codemod.codemods.stage import is_python
from eventlet_codemod.config import Settings
from eventlet_codemod.discovery import mentions_eventlet, project_files
from eventlet_codemod.engine import FileChange
from eventlet_codemod.facts import Project, gather
from eventlet_codemod.ledger import (
    FileEntry,
    Finding,
    Hazard,
    Ledger,
    Notice,
    StageFailure,
    summarise,
)
from eventlet_codemod.linemap import LineMap
from eventlet_codemod.patch import HunkSpan, hunk_of
from eventlet_codemod.remembered import Memory
from eventlet_codemod.run import Result
from eventlet_codemod.source import SourceError, decode

#: The built-in rules, over those files of the project at that root.
RunRules = Callable[[Path, Sequence[str]], Result]


@dataclass(frozen=True, slots=True)
class _Seen:
    """All that was made of one file."""

    before: StagedFile | None = None
    change: FileChange | None = None
    after: StagedFile | None = None

    @property
    def failures(self) -> tuple[StageFailure, ...]:
        parts = (self.before, self.after)
        return tuple(f for part in parts if part is not None for f in part.failures)


def run(
    root: Path,
    files: Sequence[str],
    settings: Settings,
    *,
    search: Search,
    run_rules: RunRules,
    jobs: int = 1,
    memory: Memory | None = None,
) -> Result:
    """Run the stages of the installed codemods around the built-in rules.

    ``files`` are those that mention eventlet. The ledger is that of the built-in rules, with the
    changes of the stages in it. ``memory`` is what `run_rules` remembers with.
    """
    before = over(root, settings, "before", candidates(settings, "before", search), {}, jobs)
    given = {path: done.data for path, done in before.items() if done.layers}
    changed = {path: data for path, data in given.items() if _is_changed(before[path])}
    if memory is not None:
        memory.begin(tuple(sorted(changed.items())))
    with _seen_with(root, settings, changed) as place:
        result = run_rules(place, _mentioning(files, changed, settings))
    changes = {change.entry.path: change for change in result.changes}
    texts = {
        **changed,
        **{path: c.result for path, c in changes.items() if c.result is not None},
    }
    skip = {path for path, c in changes.items() if c.created or c.deleted or c.entry.error}
    wanted = {*candidates(settings, "after", search), *holding(texts, settings)} - skip
    after = over(root, settings, "after", wanted, texts, jobs)
    done = [
        _composed(_Seen(before.get(path), changes.get(path), after.get(path)), path, settings)
        for path in sorted({*before, *changes, *after})
    ]
    return Result(_ledger(result.ledger, root, done), tuple(done))


def rewrite_one(
    data: bytes,
    path: str,
    settings: Settings,
    rules: Callable[[bytes], FileChange],
    *,
    root: Path | None = None,
) -> FileChange:
    """Take one file's bytes through the stages and, between them, through ``rules``."""
    before = stage_file(root, settings, "before", path, data)
    change = rules(before.data if before is not None else data)
    result = change.result
    after = None
    if result is not None and change.entry.error is None and not change.created:
        after = stage_file(root, settings, "after", path, result)
    return _composed(_Seen(before, change, after), path, settings)


# --- the built-in rules between them --------------------------------------------------------------


def _is_changed(done: StagedFile) -> bool:
    return any(layer.new != layer.old for layer in done.layers)


def _mentioning(
    files: Sequence[str], changed: Mapping[str, bytes], settings: Settings
) -> list[str]:
    """The files that mention eventlet after the stages."""
    now = {path for path, data in changed.items() if mentions_eventlet(data, settings)}
    return sorted((set(files) - changed.keys()) | now)


@contextlib.contextmanager
def _seen_with(root: Path, settings: Settings, changed: Mapping[str, bytes]) -> Iterator[Path]:
    """The project with some files changed: a copy of links, or itself where nothing is."""
    if not changed:
        yield root
        return
    with tempfile.TemporaryDirectory(prefix="eventlet-codemod-") as scratch:
        place = Path(scratch).resolve() / (root.name or "project")
        for path in project_files(root, settings):
            target = place / path
            if target.name == ".gitignore":
                continue  # what git has is there, whatever it ignores
            target.parent.mkdir(parents=True, exist_ok=True)
            if path in changed:
                target.write_bytes(changed[path])
            else:
                _link(root / path, target)
        yield place


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copyfile(source, target)


# --- one change of all layers ---------------------------------------------------------------------


def _composed(seen: _Seen, path: str, settings: Settings) -> FileChange:
    """All that was made of a file as one change, in terms of the file as it is."""
    before, change, after = seen.before, seen.change, seen.after
    if before is None and after is None:
        assert change is not None
        return change
    if change is None:
        data = (before or after).data  # type: ignore[union-attr]
        change = FileChange(FileEntry(path=path, status="unchanged"), data)
    layers = [*(before.layers if before is not None else ())]
    failures = [*seen.failures, *change.entry.failures]
    if change.entry.error is not None and layers and not is_python(layers[0].old):
        # A stage for Python 2 has done what the built-in rules cannot.
        assert before is not None
        change = FileChange(FileEntry(path=path, status="unchanged"), before.data)
    if change.entry.error is not None:
        return _failed(change, layers, failures)
    texts = [_text(path, change.old)]
    if change.new is not None:
        texts.append(_text(path, change.new))
    late = list(after.layers) if after is not None else []
    late, taken_back = _without_conflict(path, layers, texts, late, settings)
    failures += taken_back
    old = _bytes_before(path, layers, change.old)
    new = _encoded(path, late[-1].new, change) if late else change.result
    assert new is not None
    maps = [LineMap.between(layer.old, layer.new) for layer in layers]
    own = _LineBack(tuple(maps))
    found: list[Finding] = []
    notices: list[Notice] = []
    for number, layer in enumerate(layers):
        back = _LineBack(tuple(maps[:number]))
        found += [back.of_finding(finding) for finding in layer.findings]
        notices += [back.of_notice(notice) for notice in layer.notices]
    found += [own.of_finding(finding) for finding in change.entry.findings]
    notices += [own.of_notice(notice) for notice in change.entry.notices]
    maps += [LineMap.between(texts[0], texts[-1])]
    for layer in late:
        back = _LineBack(tuple(maps))
        found += [back.of_finding(finding) for finding in layer.findings]
        notices += [back.of_notice(notice) for notice in layer.notices]
        maps.append(LineMap.between(layer.old, layer.new))
    patch, spans = checks.prove_patch(path, old, new, None) if new != old else ("", ())
    said = sum(len(layer.findings) for layer in (*layers, *late))
    entry = replace(
        change.entry,
        status="changed" if patch else "unchanged",
        sha256_before=hashlib.sha256(old).hexdigest(),
        sha256_after=hashlib.sha256(new).hexdigest(),
        patch=patch,
        findings=tuple(_placed(found, path, spans)),
        notices=tuple(notices),
        hazards=tuple(own.of_hazard(hazard) for hazard in change.entry.hazards),
        failures=tuple(failures),
    )
    return replace(
        change,
        entry=entry,
        old=old,
        new=new if patch else None,
        uses=change.uses + said,
    )


def _failed(
    change: FileChange, layers: Sequence[Layer], failures: Sequence[StageFailure]
) -> FileChange:
    """A file on which the built-in rules fail stays as it was before all stages."""
    maps = tuple(LineMap.between(layer.old, layer.new) for layer in layers)
    old = _bytes_before(change.entry.path, layers, change.old)
    error = change.entry.error
    if error is not None and error.line is not None:
        error = replace(error, line=_LineBack(maps)(error.line))
    digest = hashlib.sha256(old).hexdigest()
    entry = replace(change.entry, error=error, sha256_before=digest, failures=tuple(failures))
    return replace(change, entry=entry, old=old)


def _without_conflict(
    path: str,
    early: Sequence[Layer],
    texts: Sequence[str],
    late: list[Layer],
    settings: Settings,
) -> tuple[list[Layer], list[StageFailure]]:
    """The later layers before the first that is in conflict, and why it and the rest are not."""
    for number in range(1, len(late) + 1):
        reason = _conflict(path, early, texts, late[:number], settings)
        if reason is not None:
            said = f"it goes on from what {reason.stage} made, which is taken back"
            rest = [
                StageFailure(stage=_stage_of(layer), kind="conflict", message=said)
                for layer in late[number:]
            ]
            return late[: number - 1], [reason, *rest]
    return late, []


def _stage_of(layer: Layer) -> str:
    """The name of the codemod that made a layer, "" for one that only has a notice."""
    return layer.findings[0].api.removeprefix("codemod.") if layer.findings else ""


def _conflict(
    path: str,
    early: Sequence[Layer],
    texts: Sequence[str],
    late: Sequence[Layer],
    settings: Settings,
) -> StageFailure | None:
    """What a later stage does that would be done again, or adds to what earlier ones took away."""
    final = late[-1].new
    name = _stage_of(late[-1])
    more = _uses(path, final, settings) - _uses(path, texts[-1], settings)
    if more:
        said = f"it adds a use of {min(more)}, which the built-in rules are there to take away"
        return StageFailure(stage=name, kind="conflict", message=said)
    for codemod in stages_of(settings, "before"):
        assert codemod.make_stage is not None
        whole = Layer(texts[-1], final)
        if would_change_again(codemod.make_stage(None), path, whole):
            return again(name, codemod.name)
    return None


def _uses(path: str, text: str, settings: Settings) -> Counter[str]:
    if not mentions_eventlet(text.encode("utf-8", "surrogatepass"), settings):
        return Counter()
    project = Project(declared=settings.declared, shims=settings.declared.names)
    facts = gather(path, text, project, follow=False)
    try:
        return Counter(use.api for use in facts.uses if use.kind != "string")
    finally:
        facts.release()


def _text(path: str, data: bytes) -> str:
    try:
        return decode(path, data).text
    except SourceError:
        return ""


def _encoded(path: str, text: str, change: FileChange) -> bytes:
    return decode(path, change.result or b"").encode(text)


def _bytes_before(path: str, layers: Sequence[Layer], after: bytes) -> bytes:
    """The file as it was before the first of its layers."""
    return decode(path, after).encode(layers[0].old) if layers else after


@dataclass(frozen=True, slots=True)
class _LineBack:
    """From the lines of a text to those of the file as it is."""

    maps: tuple[LineMap, ...]

    def __call__(self, line: int) -> int:
        for one in reversed(self.maps):
            line = one.back(line)
        return line

    def of_finding(self, finding: Finding) -> Finding:
        line, end = self(finding.line), self(finding.end_line)
        return replace(finding, line=line, end_line=max(line, end))

    def of_notice(self, notice: Notice) -> Notice:
        return replace(notice, line=self(notice.line))

    def of_hazard(self, hazard: Hazard) -> Hazard:
        line, end = self(hazard.line), self(hazard.end_line)
        return replace(hazard, line=line, end_line=max(line, end))


def _placed(findings: Sequence[Finding], path: str, spans: Sequence[HunkSpan]) -> Iterator[Finding]:
    """Findings in the order of their lines, each with its own id and its hunk of the patch."""
    taken: Counter[str] = Counter()
    ordered = sorted(findings, key=lambda f: (f.line, f.column, f.rule))
    for finding in ordered:
        columns = f"{finding.column}-{finding.end_column}"
        name = f"{path}:{finding.line}:{columns}"
        if finding.api.startswith("codemod."):
            name = f"{name}:{finding.rule}"
        taken[name] += 1
        edited = finding.status == "rewritten" and finding.api.startswith("codemod.")
        hunk = None
        if edited or finding.hunk is not None:
            hunk = hunk_of(spans, finding.line, finding.end_line)
        number = f"#{taken[name]}" if taken[name] > 1 else ""
        yield replace(finding, id=f"{name}{number}", hunk=hunk)


def _ledger(ledger: Ledger, root: Path, changes: Sequence[FileChange]) -> Ledger:
    """The ledger of the built-in rules, with what was made of it."""
    known = {change.entry.path for change in changes}
    kept = [entry for entry in ledger.files if entry.path not in known]
    told = [change.entry for change in changes if change.entry.tells]
    files = tuple(sorted((*kept, *told), key=lambda entry: entry.path))
    counts = ledger.summary
    summary = summarise(
        files,
        files_seen=counts.files_seen,
        files_parsed=max(counts.files_parsed, len(changes)),
    )
    return replace(ledger, run=replace(ledger.run, root=str(root)), files=files, summary=summary)
