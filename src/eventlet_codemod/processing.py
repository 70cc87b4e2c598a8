"""Files through the engine: in this process or in several, or as an earlier run found it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from eventlet_codemod.config import Settings
from eventlet_codemod.engine import FileChange, rewrite_source
from eventlet_codemod.facts.project import Project
from eventlet_codemod.ledger import FileEntry, FileError
from eventlet_codemod.remembered import Memory, Question
from eventlet_codemod.rules import all_rules
from eventlet_codemod.sources import Sources

#: Below this many bytes a second process costs more than it saves.
_WORTH_A_PROCESS = 2_000_000


@dataclass(frozen=True, slots=True)
class Looked:
    """Where hazards are looked for: in the ``fresh`` files, too, in those ``beside`` alone."""

    fresh: Collection[str]
    beside: Collection[str]


@dataclass(frozen=True, slots=True)
class Processor:
    """Processes files of a project in at most ``jobs`` processes."""

    sources: Sources
    settings: Settings
    jobs: int
    memory: Memory | None

    def __call__(
        self, paths: Sequence[str], project: Project, looked: Looked
    ) -> Iterator[tuple[str, FileChange]]:
        """What becomes of files: as an earlier run found it, where it was asked the same."""
        sources = self.sources
        worker = _Worker(
            sources.root,
            self.settings,
            project,
            sources.given,
            frozenset(looked.fresh),
            frozenset(looked.beside),
        )
        if self.memory is None:
            yield from self._computed(paths, worker)
            return
        asked = {}
        for path in paths:
            question = self._question(path, worker)
            known = self.memory.get(question) if question is not None else None
            if known is not None:
                yield path, known
            else:
                asked[path] = question
        for path, change in self._computed(list(asked), worker):
            if (question := asked[path]) is not None:
                self.memory.put(question, change)
            yield path, change

    def _question(self, path: str, worker: _Worker) -> Question | None:
        try:
            data = self.sources.read(path)
        except OSError:
            return None
        beside = path in worker.beside
        look = beside or path in worker.fresh
        return Question(path, data, self.settings, worker.project, look, beside)

    def _computed(self, paths: Sequence[str], worker: _Worker) -> Iterator[tuple[str, FileChange]]:
        tasks = [(path, self.sources.size(path)) for path in paths]
        large = sum(size for _, size in tasks) > _WORTH_A_PROCESS
        if self.jobs < 2 or len(tasks) < 2 or not large:
            for path in paths:
                yield path, worker(path)
            return
        tasks.sort(key=lambda task: -task[1])
        _warm_up()
        with ProcessPoolExecutor(min(self.jobs, len(tasks)), mp_context=process_context()) as pool:
            yield from zip(
                (p for p, _ in tasks), pool.map(worker, [p for p, _ in tasks]), strict=True
            )


@dataclass(frozen=True, slots=True)
class _Worker:
    """Processes one file; picklable, so that it can do so in another process."""

    root: Path | None
    settings: Settings
    project: Project
    given: Mapping[str, bytes]
    fresh: frozenset[str]
    beside: frozenset[str]

    def __call__(self, path: str) -> FileChange:
        if self.settings.codemods:
            from eventlet_codemod.codemods.installed import ensure

            ensure(self.settings.codemods, self.root)
        data = self.given.get(path)
        if data is None:
            assert self.root is not None
            try:
                data = (self.root / path).read_bytes()
            except OSError as error:
                failure = FileError(kind="unreadable", message=error.strerror or str(error))
                return FileChange(FileEntry(path=path, status="failed", error=failure), b"")
        beside = path in self.beside
        look = beside or path in self.fresh
        return rewrite_source(data, path, self.settings, self.project, hazards=look, beside=beside)


def _warm_up() -> None:
    """Import what every worker needs, so that forked ones share it."""
    import eventlet_codemod.imports
    import eventlet_codemod.rewrite  # noqa: F401

    all_rules()


def process_context() -> multiprocessing.context.BaseContext:
    """How worker processes are started: forked where that can be, so that they share imports."""
    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("fork" if "fork" in methods else "spawn")
