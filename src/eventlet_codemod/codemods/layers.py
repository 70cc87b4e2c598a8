"""Stages over files: what codemods of one order make of each, layer upon layer, and what they tell.

A stage that fails on a file loses its edit of that file, and the others go on.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from eventlet_codemod.codemods.base import Codemod, Order
from eventlet_codemod.codemods.installed import ensure, installed
from eventlet_codemod.codemods.proofs import lost_comments, staged
from eventlet_codemod.codemods.stage import Stage, StageError
from eventlet_codemod.config import Settings
from eventlet_codemod.ledger import Finding, Notice, StageFailure
from eventlet_codemod.linemap import LineMap
from eventlet_codemod.processing import process_context
from eventlet_codemod.rules import selected_for
from eventlet_codemod.source import SourceError, SourceFile, decode

#: The files that hold one of some words, or all Python files that a run covers without any.
Search = Callable[[tuple[str, ...]], Iterable[str]]

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


def stages_of(settings: Settings, order: Order) -> list[Codemod]:
    """The stages of one order, in which they were asked for, that the settings select."""
    return [c for c in installed() if c.make_stage is not None and c.order == order]


def candidates(settings: Settings, order: Order, search: Search) -> frozenset[str]:
    """The files that the stages of one order may have something to do with."""
    found: set[str] = set()
    for codemod in stages_of(settings, order):
        assert codemod.make_stage is not None
        found.update(search(codemod.make_stage(None).requires))
    return frozenset(found)


def holding(texts: Mapping[str, bytes], settings: Settings) -> Iterator[str]:
    """The changed files that hold a word of a later stage now."""
    wanted = [
        [word.encode() for word in codemod.make_stage(None).requires]
        for codemod in stages_of(settings, "after")
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
                    for c in stages_of(self.settings, self.order)
                ]
                return StagedFile(path, b"", failures=tuple(failures))
        return stage_file(self.root, self.settings, self.order, path, data)


def over(
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


def stage_file(
    root: Path | None, settings: Settings, order: Order, path: str, data: bytes
) -> StagedFile | None:
    """Take a file through the stages of an order; None where nothing is to be said of it."""
    chosen = selected_for(path, settings)
    stages = [c for c in stages_of(settings, order) if c.code in chosen and _is_asked(c, settings)]
    if not stages:
        return None
    layers: list[Layer] = []
    failures: list[StageFailure] = []
    edited: list[tuple[Codemod, Stage]] = []
    for codemod in stages:
        assert codemod.make_stage is not None
        stage = codemod.make_stage(root)
        if stage.requires and not any(word.encode() in data for word in stage.requires):
            continue
        made = _MADE.of(codemod, stage, root, path, data)
        if isinstance(made, StageFailure):
            failures.append(made)
            continue
        layer, after = made
        if layer is None:
            continue
        undone = next((c.name for c, s in edited if would_change_again(s, path, layer)), None)
        if undone is not None:
            failures.append(again(codemod.name, undone))
            continue
        if layer.new != layer.old:
            edited.append((codemod, stage))
        layers.append(layer)
        data = after
    if not layers and not failures:
        return None
    return StagedFile(path, data, tuple(layers), tuple(failures))


def would_change_again(stage: Stage, path: str, layer: Layer) -> bool:
    """Whether a stage that is done with a text is not any more, after a later layer."""
    if stage.requires and not any(word in layer.new for word in stage.requires):
        return False
    with contextlib.suppress(StageError):
        return stage(layer.new, path).text != layer.new and stage(layer.old, path).text == layer.old
    return False


def again(name: str, earlier: str) -> StageFailure:
    """What is told of a stage that undoes what an earlier one did."""
    said = f"{earlier} would change again what it made"
    return StageFailure(stage=name, kind="conflict", message=said)


@dataclass(slots=True)
class _Made:
    """What stages made of files: a series runs the same ones again for each of its rules."""

    codemods: tuple[Codemod, ...] = ()
    known: dict[Hashable, tuple[Layer | None, bytes] | StageFailure] = field(default_factory=dict)

    def of(
        self, codemod: Codemod, stage: Stage, root: Path | None, path: str, data: bytes
    ) -> tuple[Layer | None, bytes] | StageFailure:
        """What a stage makes of a file, or why it makes nothing of it."""
        if self.codemods is not installed():
            self.codemods = installed()
            self.known.clear()
        key = (codemod.name, root, path, hashlib.sha256(data).digest())
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
