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
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from eventlet_codemod import checks
from eventlet_codemod.codemods.base import Codemod, Order
from eventlet_codemod.codemods.installed import ensure, installed
from eventlet_codemod.codemods.proofs import lost_comments, staged
from eventlet_codemod.codemods.stage import Stage, StageError, is_python
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
from eventlet_codemod.rules import selected_for
from eventlet_codemod.run import Result, process_context
from eventlet_codemod.source import SourceError, SourceFile, decode

#: The files that hold one of some words, or all Python files that a run covers without any.
Search = Callable[[tuple[str, ...]], Iterable[str]]
#: The built-in rules, over those files of the project at that root.
RunRules = Callable[[Path, Sequence[str]], Result]

_WORTH_PROCESSES = 50  # files
_CHUNK = 16
_MOST_KNOWN = 512  # results of stages


@dataclass(frozen=True, slots=True)
class Layer:
    """What one stage made of a text. Lines of findings and notices are those of ``old``."""

    old: str
    new: str
    findings: tuple[Finding, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class StagedFile:
    """What the stages of one order made of a file."""

    path: str
    data: bytes
    layers: tuple[Layer, ...] = ()
    failures: tuple[StageFailure, ...] = ()


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
) -> Result:
    """Run the stages of the installed codemods around the built-in rules.

    ``files`` are those that mention eventlet. The ledger is that of the built-in rules, with the
    changes of the stages in it.
    """
    before = _over(root, settings, "before", _candidates(settings, "before", search), {}, jobs)
    given = {path: done.data for path, done in before.items() if done.layers}
    changed = {path: data for path, data in given.items() if _is_changed(before[path])}
    with _seen_with(root, settings, changed) as place:
        result = run_rules(place, _mentioning(files, changed, settings))
    changes = {change.entry.path: change for change in result.changes}
    texts = {
        **changed,
        **{path: c.result for path, c in changes.items() if c.result is not None},
    }
    skip = {path for path, c in changes.items() if c.created or c.deleted or c.entry.error}
    wanted = {*_candidates(settings, "after", search), *_holding(texts, settings)} - skip
    after = _over(root, settings, "after", wanted, texts, jobs)
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
    before = _stage_file(root, settings, "before", path, data)
    change = rules(before.data if before is not None else data)
    result = change.result
    after = None
    if result is not None and change.entry.error is None and not change.created:
        after = _stage_file(root, settings, "after", path, result)
    return _composed(_Seen(before, change, after), path, settings)


# --- stages over files ---------------------------------------------------------------------------


def _stages(settings: Settings, order: Order) -> list[Codemod]:
    """The stages of one order, in which they were asked for, that the settings select."""
    return [c for c in installed() if c.make_stage is not None and c.order == order]


def _candidates(settings: Settings, order: Order, search: Search) -> frozenset[str]:
    """The files that the stages of one order may have something to do with."""
    found: set[str] = set()
    for codemod in _stages(settings, order):
        assert codemod.make_stage is not None
        found.update(search(codemod.make_stage(None).requires))
    return frozenset(found)


def _holding(texts: Mapping[str, bytes], settings: Settings) -> Iterator[str]:
    """The changed files that hold a word of a later stage now."""
    wanted = [
        [word.encode() for word in codemod.make_stage(None).requires]
        for codemod in _stages(settings, "after")
        if codemod.make_stage is not None
    ]
    for path, data in texts.items():
        if any(not words or any(word in data for word in words) for words in wanted):
            yield path


@dataclass(frozen=True, slots=True)
class _StageWorker:
    """Takes one file through the stages of an order; picklable, for a pool."""

    root: Path
    settings: Settings
    order: Order
    given: Mapping[str, bytes] = field(default_factory=dict)

    def __call__(self, path: str) -> StagedFile | None:
        ensure(self.settings.codemods, self.root)
        data = self.given.get(path)
        if data is None:
            try:
                data = (self.root / path).read_bytes()
            except OSError as error:
                said = error.strerror or type(error).__name__
                failures = [
                    StageFailure(stage=c.name, kind="unreadable", message=said)
                    for c in _stages(self.settings, self.order)
                ]
                return StagedFile(path, b"", failures=tuple(failures))
        return _stage_file(self.root, self.settings, self.order, path, data)


def _over(
    root: Path,
    settings: Settings,
    order: Order,
    paths: Iterable[str],
    given: Mapping[str, bytes],
    jobs: int,
) -> dict[str, StagedFile]:
    """Take files through the stages of an order; those of which nothing is to be said stay out."""
    wanted = sorted(paths)
    worker = _StageWorker(root, settings, order)
    done: dict[str, StagedFile] = {}
    told: Iterable[StagedFile | None]
    if jobs < 2 or len(wanted) < _WORTH_PROCESSES:
        told = map(replace(worker, given=given), wanted)
        done.update((item.path, item) for item in told if item is not None)
        return done
    # What is in memory goes with its file, not with every one.
    near = [path for path in wanted if path in given]
    far = [path for path in wanted if path not in given]
    done.update((i.path, i) for i in map(replace(worker, given=given), near) if i is not None)
    with ProcessPoolExecutor(jobs, mp_context=process_context()) as pool:
        told = pool.map(worker, far, chunksize=_CHUNK)
        done.update((item.path, item) for item in told if item is not None)
    return done


def _stage_file(
    root: Path | None, settings: Settings, order: Order, path: str, data: bytes
) -> StagedFile | None:
    """Take a file through the stages of an order; None where nothing is to be said of it."""
    chosen = selected_for(path, settings)
    stages = [c for c in _stages(settings, order) if c.code in chosen and _is_asked(c, settings)]
    if not stages:
        return None
    layers: list[Layer] = []
    failures: list[StageFailure] = []
    for codemod in stages:
        assert codemod.make_stage is not None
        stage = codemod.make_stage(root)
        if stage.requires and not any(word.encode() in data for word in stage.requires):
            continue
        made = _MADE.of(codemod, stage, path, data)
        if isinstance(made, StageFailure):
            failures.append(made)
            continue
        layer, data = made
        if layer is not None:
            layers.append(layer)
    if not layers and not failures:
        return None
    return StagedFile(path, data, tuple(layers), tuple(failures))


@dataclass(slots=True)
class _Made:
    """What stages made of files: a series runs the same ones again for each of its rules."""

    codemods: tuple[Codemod, ...] = ()
    known: dict[tuple[str, str, bytes], tuple[Layer | None, bytes] | StageFailure] = field(
        default_factory=dict
    )

    def of(
        self, codemod: Codemod, stage: Stage, path: str, data: bytes
    ) -> tuple[Layer | None, bytes] | StageFailure:
        if self.codemods is not installed():
            self.codemods = installed()
            self.known.clear()
        key = (codemod.name, path, hashlib.sha256(data).digest())
        if key not in self.known:
            if len(self.known) >= _MOST_KNOWN:
                self.known.clear()
            try:
                self.known[key] = _layer(codemod, stage, decode(path, data))
            except (SourceError, StageError) as error:
                self.known[key] = StageFailure(
                    stage=codemod.name, kind=error.kind, message=error.message, line=error.line
                )
        return self.known[key]


_MADE = _Made()


def _is_asked(codemod: Codemod, settings: Settings) -> bool:
    rule = codemod.rules[0]
    return settings.steps is None or rule.step in settings.steps


def _layer(codemod: Codemod, stage: Stage, source: SourceFile) -> tuple[Layer | None, bytes]:
    """What a stage makes of a file, None where it is nothing, and the bytes after it."""
    done = staged(stage, source.text, source.path)
    data = source.encode(done.text)
    edits = list(_edits(codemod, source, done.text))
    warned = [
        _finding(
            codemod, source, (r.line, r.line), status="left", message=r.message, advice=r.advice
        )
        for r in done.remarks
        if r.asks
    ]
    notices = [
        Notice(line=r.line, message=f"{codemod.name}: {r.message}")
        for r in done.remarks
        if not r.asks
    ]
    if not (edits or warned or notices):
        return None, source.data
    findings = _numbered([*edits, *warned])
    return Layer(source.text, done.text, tuple(findings), tuple(notices)), data


def _edits(codemod: Codemod, source: SourceFile, new: str) -> Iterator[Finding]:
    """A finding for each place where the texts differ."""
    if new == source.text:
        return
    last = source.text.count("\n") + bool(source.text and not source.text.endswith("\n"))
    lost = lost_comments(source.text, new)
    for start, stop, _, _ in LineMap.between(source.text, new).changes:
        lines = (min(start, max(last, 1)), min(max(start, stop - 1), max(last, 1)))
        yield _finding(codemod, source, lines, status="rewritten", lost=lost)


def _finding(
    codemod: Codemod,
    source: SourceFile,
    lines: tuple[int, int],
    *,
    status: str,
    message: str = "",
    advice: str = "",
    lost: Sequence[str] = (),
) -> Finding:
    rule = codemod.rules[0]
    text = source.text.split("\n")[lines[0] - 1 : lines[1]]
    code = " ".join(" ".join(text).split())
    asks = codemod.asks if status == "rewritten" else ""
    if lost and status == "rewritten":
        asks = f"{asks} the comment {lost[0]!r} goes: is it said elsewhere?".strip()
    tier = "manual" if status == "left" else "review" if asks else "safe"
    if status == "left":
        advice = advice or "see what the codemod says"
    else:
        advice = f"C-CODEMOD: {asks}" if asks else ""
    key = "\0".join((source.path, rule.code, code))
    return Finding(
        id="",
        rule=rule.code,
        name=rule.name,
        tier=tier,  # type: ignore[arg-type]
        status=status,  # type: ignore[arg-type]
        step=rule.step,
        api=f"codemod.{codemod.name}",
        line=lines[0],
        column=len(text[0]) - len(text[0].lstrip()) if text else 0,
        end_line=lines[1],
        end_column=len(text[-1].rstrip("\r")) if text else 0,
        message=message or f"rewritten by the codemod {codemod.name}",
        why=rule.summary if status == "rewritten" else "the codemod leaves it to a person",
        may_differ=("C-CODEMOD",) if asks else (),
        advice=advice,
        shape=_digest(rule.code, re.sub(r"\w+", "x", code))[:12],
        fingerprint=_digest(key)[:16],
    )


def _numbered(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Equal places of a file are told apart by their number."""
    seen: Counter[str] = Counter()
    for finding in findings:
        seen[finding.fingerprint] += 1
        yield replace(
            finding, fingerprint=_digest(finding.fingerprint, str(seen[finding.fingerprint]))[:16]
        )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


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
    if late and (reason := _conflict(path, layers, texts, late, settings)):
        failures.append(reason)
        late = []
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


def _conflict(
    path: str,
    early: Sequence[Layer],
    texts: Sequence[str],
    late: Sequence[Layer],
    settings: Settings,
) -> StageFailure | None:
    """What a later stage does that would be done again, or adds to what earlier ones took away."""
    final = late[-1].new
    name = late[-1].findings[0].api.removeprefix("codemod.") if late[-1].findings else ""
    more = _uses(path, final, settings) - _uses(path, texts[-1], settings)
    if more:
        said = f"it adds a use of {min(more)}, which the built-in rules are there to take away"
        return StageFailure(stage=name, kind="conflict", message=said)
    for codemod in _stages(settings, "before"):
        assert codemod.make_stage is not None
        stage = codemod.make_stage(None)
        if stage.requires and not any(word in final for word in stage.requires):
            continue
        with contextlib.suppress(StageError):
            if stage(final, path).text != final and stage(texts[-1], path).text == texts[-1]:
                said = f"{codemod.name} would change again what it made"
                return StageFailure(stage=name, kind="conflict", message=said)
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
