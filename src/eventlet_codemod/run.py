"""A whole run: project facts, every file through the engine, the steps that wait, the ledger."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import multiprocessing
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from eventlet_codemod import dual
from eventlet_codemod.config import Settings, detect_line_length
from eventlet_codemod.decisions import LAST
from eventlet_codemod.discovery import discover, local_modules, project_mentions
from eventlet_codemod.dual_module import end_of_switch, stands_for, switch_change, switches_in
from eventlet_codemod.engine import FileChange, Traveller, rewrite_source
from eventlet_codemod.entry_backend import backend_changes
from eventlet_codemod.facts.api import TIMEOUT, canonical
from eventlet_codemod.facts.derived import may_derive, timeout_classes
from eventlet_codemod.facts.known import forget
from eventlet_codemod.facts.loading import parsed
from eventlet_codemod.facts.module import Module, dotted_name
from eventlet_codemod.facts.project import PATCHABLE, Move, Origin, Project, passed_on, patched_by
from eventlet_codemod.findings import IDLE
from eventlet_codemod.hazards import files_beside, is_covered, told_once
from eventlet_codemod.helper_module import helper_change, path_for
from eventlet_codemod.ledger import (
    PACKAGING,
    Clock,
    FileEntry,
    FileError,
    Finding,
    Hazard,
    Ledger,
    Notice,
)
from eventlet_codemod.remembered import Memory, Question
from eventlet_codemod.rules import all_rules, find_rule, selected_for
from eventlet_codemod.rules.ecosystem import _green
from eventlet_codemod.source import SourceError, decode
from eventlet_codemod.written_files import written_changes

Progress = Callable[[int, int], None]

#: Below this many bytes a second process costs more than it saves.
_WORTH_A_PROCESS = 2_000_000

#: What cannot be seen in a project that patches nothing itself.
_OUTSIDE = ". If the program around this code patches, set `monkey-patched` to yes"

#: A call of `monkey_patch`, or the function passed on: a mention in a comment does not do.
_PATCHES = re.compile(rb"^[^#\n]*\bmonkey_patch\s*[(,)\]]", re.MULTILINE)


class AccountingError(RuntimeError):
    """A file's uses are not as many as those rewritten, left and suppressed: a bug of the tool."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run gives: the ledger, and the bytes of every file of it before and after."""

    ledger: Ledger
    changes: tuple[FileChange, ...]


def run(
    root: Path,
    files: Sequence[str],
    settings: Settings,
    *,
    jobs: int = 1,
    files_seen: int = 0,
    unreadable: Sequence[FileEntry] = (),
    progress: Progress | None = None,
    whole_project: bool = False,
    covers: Callable[[str], bool] | None = None,
    memory: Memory | None = None,
) -> Result:
    """Rewrite ``files`` (paths relative to ``root`` that mention eventlet), writing nothing.

    ``whole_project`` says that no other file of the project does, which spares a look. ``covers``
    tells of a file that mentions no eventlet whether it may change with an object that it uses;
    without it all may, in a whole project. ``memory`` holds what earlier runs over the same files
    made of them.
    """
    clock = Clock()
    others = () if whole_project else None
    if covers is None:
        covers = partial(_always, whole_project)
    runner = _Runner(
        root, tuple(files), settings, jobs, progress, others=others, covers=covers, memory=memory
    )
    changes = runner.run()
    if whole_project:
        from eventlet_codemod.around import with_packaging

        changes = with_packaging(root, runner.settings, changes)
    changes = runner.with_hazards(changes)
    for change in changes:
        _account(change)
    ledger = clock.ledger(
        str(root),
        settings.as_dict(),
        [*unreadable, *(change.entry for change in changes)],
        files_seen=max(files_seen, len(files)),
        files_parsed=max(len(files), len(runner.files)),
    )
    return Result(ledger, tuple(changes))


def rewrite_one(
    data: bytes, path: str, settings: Settings, *, root: Path | None = None
) -> FileChange:
    """Rewrite one file's bytes as `run` would: with the project's facts, steps and all.

    ``root`` is the project around it; without one the file is the project.
    """
    others = None if root is not None else ()
    runner = _Runner(root, (path,), settings, 1, None, given={path: data}, others=others)
    changes = runner.with_hazards(runner.run())
    change = next(change for change in changes if change.entry.path == path)
    _account(change)
    return change


def _always(answer: bool, path: str) -> bool:
    return answer


def _account(change: FileChange) -> None:
    """Fail loudly when a use was lost, or counted twice, between the facts and the findings."""
    entry = change.entry
    told = {f.id for f in entry.findings if f.status in ("rewritten", "left", "suppressed")}
    if entry.status != "failed" and not change.uses == len(told) == len(entry.findings):
        raise AccountingError(
            f"{entry.path}: {change.uses} uses of eventlet, but {len(told)} accounted for"
        )


class _Runner:
    def __init__(
        self,
        root: Path | None,
        files: tuple[str, ...],
        settings: Settings,
        jobs: int,
        progress: Progress | None,
        *,
        given: dict[str, bytes] | None = None,
        others: tuple[str, ...] | None = None,
        covers: Callable[[str], bool] | None = None,
        memory: Memory | None = None,
    ) -> None:
        self.root = root
        self.memory = memory
        self.covers = covers or partial(_always, False)
        self.files = files
        if settings.line_length is None and root is not None:
            settings = replace(settings, line_length=detect_line_length(root))
        self.settings = settings
        self.jobs = jobs
        self.progress = progress
        self.given = given or {}
        self._others = others
        self.done: dict[str, FileChange] = {}
        self._hazards: dict[str, tuple[tuple[str, Hazard], ...]] = {}
        self._selected = frozenset(files)
        self._made = frozenset[str]()
        self._beside = frozenset[str]()

    def run(self) -> list[FileChange]:
        """Process every file; again those whose answer depends on what the others left."""
        if not self.files:
            return []
        enabled = gc.isenabled()
        gc.disable()  # trees are large and live as long as the run: there is little to collect
        if self.memory is None or not self.memory:
            forget()
        try:
            return self._changed()
        finally:
            if self.memory is None:  # else the next run goes on with the same files
                forget()
            if enabled:
                gc.enable()

    def with_hazards(self, changes: Sequence[FileChange]) -> list[FileChange]:
        """The changes with the hazards in their files, and those of other files with some."""
        placed = [
            (path, hazard)
            for _, found in sorted(self._hazards.items())
            for path, hazard in found
            if hazard.rule in selected_for(path, self.settings)
        ]
        told = told_once((change.entry for change in changes), placed)
        done = []
        for change in changes:
            found = tuple(told.pop(change.entry.path, ()))
            if change.entry.error is None:
                notices = (*change.entry.notices, *self._idle(change, placed))
                entry = replace(change.entry, hazards=found, notices=notices)
                change = replace(change, entry=entry)
            done.append(change)
        beside = [path for path in told if path not in self.done and self.covers(path)]
        return [*done, *(self._unchanged(path, tuple(told[path])) for path in beside)]

    def _idle(self, change: FileChange, placed: Sequence[tuple[str, Hazard]]) -> Iterator[Notice]:
        """Suppression comments for hazards that suppress nothing, as far as all was looked at."""
        if not change.idle or self.others:
            return
        path = change.entry.path
        selected = selected_for(path, self.settings)
        for comment in change.idle:
            looked_for = {find_rule(word).code for word in comment.codes} <= selected
            if looked_for and not any(p == path and is_covered(h, comment) for p, h in placed):
                yield Notice(line=comment.line, message=IDLE)

    def _unchanged(self, path: str, hazards: tuple[Hazard, ...]) -> FileChange:
        """What is to be said of a file without eventlet, to which others lead."""
        data = self._read(path)
        digest = hashlib.sha256(data).hexdigest()
        entry = FileEntry(
            path=path,
            status="unchanged",
            sha256_before=digest,
            sha256_after=digest,
            hazards=hazards,
        )
        return FileChange(entry, data)

    def _changed(self) -> list[FileChange]:
        project = self._project()
        self._made = self._made_before()
        takers = self._takers(project)
        beside = takers.union(*map(project.naming_class, project.timeouts))
        self.files = tuple(sorted({*self.files, *(path for path in beside if self.covers(path))}))
        self._selected = frozenset(self.files)
        self._process(self.files, project, report=True)
        self._look_beside(project)
        project = self._travel(self._bridge(self._travel(project)))
        project = self._retire(self._follow(project), takers)
        project = self._follow(self._release(project))
        self._end_dual_mode(project)
        changes = [self.done[path] for path in self.files]
        helpers = frozenset[str]().union(*(change.helpers for change in changes))
        if helpers and self.root is not None:
            changes.append(helper_change(self.root, self.settings, helpers))
        switch = max((change.makes for change in changes), default="")
        if switch and self.root is not None:
            made = switch_change(self.root, self.settings, project, switch)
            changes += [made] if made is not None else []
        if self.root is not None:
            changes += written_changes(self.root, changes)
        return self._with_backends(changes, project)

    def _look_beside(self, project: Project) -> None:
        """Look for hazards in files without eventlet, if the run covers all that mention it."""
        if self.root is None or self.others:
            return
        selected = partial(selected_for, settings=self.settings)
        self._beside = frozenset(files_beside(project, self.done.keys(), selected))
        for path, change in self._changes(sorted(self._beside), project):
            if change.hazards is not None:
                self._hazards[path] = change.hazards

    def _end_dual_mode(self, project: Project) -> None:
        """Let the modules go that decided between two modes, where nothing asks them any more."""
        if self.root is None or self.settings.monkey_patch == "switch":
            return
        for path in switches_in(self._texts_that_patch):
            change = self.done.get(path)
            if path in self._selected and change is not None and change.entry.error is None:
                ended = end_of_switch(change, self.settings, project, self._text_after)
                self.done[path] = ended

    def _with_backends(self, changes: list[FileChange], project: Project) -> list[FileChange]:
        """Entry points that choose no backend get one, where the run chooses any."""
        if self.root is None:
            return changes
        done = {change.entry.path: change for change in changes}
        for change in backend_changes(self.root, self.settings, project, done):
            if self.covers(change.entry.path):
                done[change.entry.path] = change
        return list(done.values())

    def _made_before(self) -> frozenset[str]:
        """The modules that this tool has written into the project, as far as it has."""
        paths = set(switches_in(self._texts_that_patch))
        if self.root is not None and self.settings.helpers is not None:
            paths.add(path_for(self.root, self.settings.helpers))
        return frozenset(paths)

    # --- names of eventlet that modules of the project pass on --------------------------------

    def _shims(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for path, data in self._sources():
            if b"from eventlet" in data or b"from oslo_service" in data:
                with contextlib.suppress(SourceError):
                    found.update(passed_on(path, decode(path, data).text))
        if self.settings.monkey_patch != "switch":  # two modes come to their end
            for module in switches_in(self._texts_that_patch).values():
                found.update(stands_for(module))
        return found

    def _takers(self, project: Project) -> frozenset[str]:
        """The files that may take a shim, whether they mention eventlet or not."""
        found: set[str] = set()
        for shim in project.shims:
            home = project.path_of(shim.rpartition(".")[0])
            found.update(project.takers_of(shim, home) if home is not None else ())
        return frozenset(found)

    def _retire(self, project: Project, takers: frozenset[str]) -> Project:
        """Let the shims go that no file takes any more."""
        taken: set[str] = set()
        for path in takers:
            change = self.done.get(path) if path in self._selected else None
            if change is None or change.entry.error is not None:
                return project
            taken |= change.takes
        retired = frozenset(project.shims) - taken - project.declared.names.keys()
        homes = {project.path_of(shim.rpartition(".")[0]) for shim in retired}
        again = sorted(path for path in homes if path is not None and path in self._selected)
        if takers and again:
            project = replace(project, retired=retired)
            self._process(again, project)
        return project

    # --- objects that more than one file has a part in ----------------------------------------

    def _travel(self, project: Project) -> Project:
        """Let every file know what comes to it; rewrite an object in all its files or in none."""
        while True:
            incoming, held = self._incoming(), self._held()
            if incoming == project.incoming and held == project.held:
                return project
            again = {
                path
                for path, origins in incoming.items()
                if origins != project.incoming.get(path) and self._takes(path)
            }
            fresh = held.keys() - project.held.keys()
            again |= {
                path
                for path, change in self.done.items()
                if any(item.id in fresh and not item.held for item in change.travellers)
            }
            project = replace(project, incoming=incoming, held=held)
            self.files = tuple(sorted({*self.files, *(again - set(self.others))}))
            self._selected |= again - set(self.others)
            self._process(sorted(again), project)

    def _takes(self, path: str) -> bool:
        return path in self.done or self.covers(path)

    def _incoming(self) -> dict[str, tuple[Origin, ...]]:
        found: dict[str, set[Origin]] = {}
        for path in self.files:
            for item in self.done[path].travellers:
                for other in item.paths - {path}:
                    theirs = {o for o in item.origins if o.path != other}
                    found.setdefault(other, set()).update(theirs)
        return {
            path: tuple(sorted(origins, key=lambda o: (o.path, sorted(o.places))))
            for path, origins in sorted(found.items())
            if origins
        }

    def _held(self) -> dict[str, str]:
        """Why an object stays: what the first file says whose part of it cannot be rewritten."""
        found: dict[str, str] = {}
        for path in self.files:
            for item in self.done[path].travellers:
                reasons = [self._why_held(other, item) for other in sorted(item.paths)]
                reason = next(filter(None, reasons), "")
                if reason:
                    found.setdefault(item.id, reason)
        return found

    def _why_held(self, path: str, item: Traveller) -> str:
        change = self.done.get(path)
        if path not in self._selected:
            if self._takes(path) and change is None:
                return ""  # it is about to be processed
            return f"{path} uses it too, and was not asked for"
        if change is None:
            return ""
        if change.entry.error is not None:
            return f"{path} uses it too, and failed"
        parts = [other for other in change.travellers if other.id == item.id]
        if not parts:
            return ""
        return parts[0].held

    # --- tests that patch what the run replaces -------------------------------------------------

    def _follow(self, project: Project) -> Project:
        """Let tests patch what the code uses now: in files that are not asked for it stays.

        What chooses oslo.service's backend may do so when what that refuses has gone.
        """
        again = [path for path in self.files if self.done[path].patches]
        if any(api.startswith("oslo_service.") for c in self.done.values() for api in c.moves):
            again = sorted({*again, *self._without_backend()})
        if again:
            self._process([path for path in self.others if path not in self.done], project)
        moves = {
            dotted_name(path): change.moves
            if path in self._selected
            else dict.fromkeys(change.moves, Move(stays=True))
            for path, change in sorted(self.done.items())
            if change.moves
        }
        if moves != project.moves:
            project = replace(project, moves=moves)
            self._process(again, project)
        return project

    def _without_backend(self) -> Iterator[str]:
        """The files that were to choose a backend, and could not."""
        for path in self.files:
            findings = self.done[path].entry.findings
            if any(f.name == "init-backend" and f.status == "left" for f in findings):
                yield path

    # --- the project -----------------------------------------------------------------------

    def _project(self) -> Project:
        blocked = {3: "other uses of eventlet must go first", LAST: "it goes last"}
        project = Project(
            root=self.root,
            patched=self._patched(),
            local_modules=local_modules(self.root) if self.root else frozenset(),
            blocked=blocked,
            chooses_backend=self.settings.monkey_patch in ("init-backend", "switch")
            and self._patches(),
            takes_cotyledon=self.settings.services == "cotyledon" and self._patches(),
            declared=self.settings.declared,
        )
        shims = {**self._used_shims(project), **self.settings.declared.names}
        project = replace(project, shims=shims)
        return replace(project, timeouts=self._timeout_classes(project))

    def _timeout_classes(self, project: Project) -> frozenset[str]:
        """The classes of the project that derive from eventlet's Timeout."""
        paths = {path for path, data in self._sources() if may_derive(data)}
        passed = (name for name, found in project.shims.items() if canonical(found) == TIMEOUT)
        for name in passed:  # files that do not mention eventlet derive from these
            paths |= project.deriving_from(name.rpartition(".")[2])

        def parse(path: str, known: Collection[str]) -> Module | None:
            try:
                text = decode(path, self._read(path)).text
                return parsed(path, text, replace(project, timeouts=frozenset(known)))
            except (OSError, SourceError, SyntaxError, ValueError, RecursionError):
                return None  # told where the file is processed

        return timeout_classes(sorted(paths), parse, project.deriving_from)

    def _used_shims(self, project: Project) -> dict[str, str]:
        """Those names that another file may take from the module that imports them."""
        if self.root is None:
            return {}
        return {
            name: path
            for name, path in self._shims().items()
            if (home := project.path_of(name.rpartition(".")[0])) is not None
            and project.takers_of(name, home)
        }

    def _patched(self) -> frozenset[str]:
        if self.settings.monkey_patched == "yes":
            return PATCHABLE
        if self.settings.monkey_patched == "no":
            return frozenset()
        sources = dict(self._texts_that_patch)
        switches = switches_in(sources)
        project = Project(root=self.root)
        for path, module in switches.items():
            for taker in project.takers_of(f"{module}.{dual.PATCH}", path):
                sources.setdefault(taker, project.reads(taker))
        through = {path: f"{module}.{dual.PATCH}" for path, module in switches.items()}
        return patched_by(sources.items(), through)

    def _patches(self) -> bool:
        """Whether anything of the project is patched, so that something takes its place."""
        return self.settings.monkey_patched == "yes" or bool(self._texts_that_patch)

    @cached_property
    def _texts_that_patch(self) -> dict[str, str]:
        """The files of the project that call or hand on `monkey_patch`, by path."""
        texts = {}
        for path, data in self._sources():
            if b"monkey_patch" in data and _PATCHES.search(data):
                with contextlib.suppress(SourceError):  # reported where the file is processed
                    texts[path] = decode(path, data).text
        return texts

    def _sources(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the project that mentions eventlet, as far as it can be read."""
        for path in (*self.files, *self.others):
            with contextlib.suppress(OSError):
                yield path, self._read(path)

    @property
    def others(self) -> tuple[str, ...]:
        """The project's other files that mention eventlet."""
        if self._others is None:
            found = discover(self.root, [self.root], self.settings).files if self.root else ()
            self._others = tuple(sorted(set(found) - set(self.files)))
        return self._others

    def _read(self, path: str) -> bytes:
        if path in self.given:
            return self.given[path]
        assert self.root is not None
        return (self.root / path).read_bytes()

    # --- what waits for other files ----------------------------------------------------------

    def _bridge(self, project: Project) -> Project:
        """Hold back native code where nothing is patched and green threads remain.

        Under `monkey_patch` a native call is green too. Without it, one would stop every green
        thread that remains: then such rewrites change together or not at all.
        """
        relied = frozenset[str]().union(*(change.relies_on for change in self.done.values()))
        exposed = relied - project.patched
        if not exposed:
            return project
        remains = self._what_runs_green()
        if remains is None:
            return project
        unbridged = {
            part: f"monkey_patch() does not cover {part} here, and {remains} still runs green "
            "threads that native code would block: they go together"
            + ("" if project.patched else _OUTSIDE)
            for part in sorted(exposed)
        }
        project = replace(project, unbridged=unbridged)
        again = [path for path, change in self.done.items() if change.relies_on & exposed]
        self._process(again, project)
        return project

    def _what_runs_green(self) -> str | None:
        """A place that still needs green threads after this run, or None."""
        self._process([p for p in self.others if p not in self.done], self._project())
        for path in sorted(self.done):
            if self.done[path].entry.error is not None:
                return f"{path}, which failed,"
            for finding in self.done[path].entry.findings:
                if not self._goes(path, finding) and _needs_green_threads(finding):
                    return f"{finding.api} ({path}:{finding.line})"
        if self.root is not None:
            words = frozenset({_green.LIBRARY})
            mentions = project_mentions(self.root, words, self.settings)[_green.LIBRARY]
            for path in sorted(mentions):
                if name := _green.runs_green(self._text_after(path), path):
                    return f"{name} ({path})"
        return None

    def _text_after(self, path: str) -> str:
        """The text of a file as this run leaves it."""
        change = self.done.get(path)
        if change is not None and change.new is not None and path in self._selected:
            return change.new.decode(errors="replace")
        return self._read(path).decode(errors="replace")

    def _release(self, project: Project) -> Project:
        """Open the steps that nothing blocks any more, the last one last."""
        if self.settings.force and project.moves:
            # nothing waits, but some of it was decided before it was known what else goes
            undecided = [
                path
                for path, change in self.done.items()
                if any(f.step == 3 and f.status == "left" for f in change.entry.findings)
            ]
            self._process(undecided, project)
        for step in (LAST,) if self.settings.force else (3, LAST):
            waiting = self._waiting(project.blocked[step])
            if not waiting:
                continue
            self._process([p for p in self.others if p not in self.done], project)
            blocker = self._blocker(step)
            blocked = dict(project.blocked)
            if blocker is None:
                del blocked[step]
            else:
                blocked[step] = f"{blocker} must go first"
            project = replace(project, blocked=blocked)
            self._process(waiting, project)
            if blocker is not None:
                break
        return project

    def _goes(self, path: str, finding: Finding) -> bool:
        """Whether this run rewrites a use: not in a file that it only looks at."""
        return finding.status == "rewritten" and path in self._selected

    def _waiting(self, reason: str) -> list[str]:
        return [
            path
            for path, change in self.done.items()
            if any(f.message == f"left: {reason}" for f in change.entry.findings)
        ]

    def _blocker(self, step: int) -> str | None:
        """The first use, or file that could not be read, that stands before ``step``."""
        last = {rule.code for rule in all_rules() if rule.last}
        for path in sorted(self.done):
            if self.done[path].entry.error is not None:
                return f"{path}, which failed,"
            for finding in self.done[path].entry.findings:
                if self._goes(path, finding) or finding.rule in last:
                    continue
                if finding.status == "suppressed" and path in self._made:
                    continue  # what these modules ask of eventlet serves both modes
                if finding.step < min(step, PACKAGING):
                    return f"{finding.api} ({path}:{finding.line})"
        return None

    # --- processing --------------------------------------------------------------------------

    def _process(self, paths: Sequence[str], project: Project, *, report: bool = False) -> None:
        total = len(paths)
        for number, (path, change) in enumerate(self._changes(paths, project), 1):
            self.done[path] = change
            if change.hazards is not None:
                self._hazards[path] = change.hazards
            if report and self.progress is not None:
                self.progress(number, total)

    def _changes(self, paths: Sequence[str], project: Project) -> Iterator[tuple[str, FileChange]]:
        """What becomes of files: as an earlier run found it, where it was asked the same."""
        if self.memory is None:
            yield from self._computed(paths, project)
            return
        asked = {}
        for path in paths:
            question = self._question(path, project)
            known = self.memory.get(question) if question is not None else None
            if known is not None:
                yield path, known
            else:
                asked[path] = question
        for path, change in self._computed(list(asked), project):
            if (question := asked[path]) is not None:
                self.memory.put(question, change)
            yield path, change

    def _question(self, path: str, project: Project) -> Question | None:
        try:
            data = self._read(path)
        except OSError:
            return None
        worker = self._worker(project)
        beside = path in worker.beside
        look = beside or path in worker.fresh
        return Question(path, data, self.settings, project, look, beside)

    def _computed(self, paths: Sequence[str], project: Project) -> Iterator[tuple[str, FileChange]]:
        tasks = [(path, self._size(path)) for path in paths]
        large = sum(size for _, size in tasks) > _WORTH_A_PROCESS
        if self.jobs < 2 or len(tasks) < 2 or not large:
            worker = self._worker(project)
            for path in paths:
                yield path, worker(path)
            return
        tasks.sort(key=lambda task: -task[1])
        worker = self._worker(project)
        _warm_up()
        with ProcessPoolExecutor(min(self.jobs, len(tasks)), mp_context=process_context()) as pool:
            yield from zip(
                (p for p, _ in tasks), pool.map(worker, [p for p, _ in tasks]), strict=True
            )

    def _worker(self, project: Project) -> _Worker:
        fresh = self._selected - self._hazards.keys()  # what is dangerous stays so in every round
        return _Worker(self.root, self.settings, project, self.given, fresh, self._beside)

    def _size(self, path: str) -> int:
        if path in self.given or self.root is None:
            return 0
        try:
            return (self.root / path).stat().st_size
        except OSError:
            return 0


@dataclass(frozen=True, slots=True)
class _Worker:
    """Processes one file; picklable, so that it can do so in another process.

    In the ``fresh`` ones it looks for hazards, in those ``beside`` for nothing else.
    """

    root: Path | None
    settings: Settings
    project: Project
    given: dict[str, bytes]
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


def _needs_green_threads(finding: Finding) -> bool:
    """Whether a use that stays runs, or waits in, a green thread."""
    if finding.api.startswith("eventlet.patcher"):
        return False
    if finding.message.endswith("is imported and not used"):
        return False
    if finding.name == "mock-target":
        return False  # a test that patches it does not run it
    strings = finding.message.startswith("the string ")
    return not strings and finding.step < 3 and "`greenlet" not in finding.message
