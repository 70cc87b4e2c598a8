"""A whole run: every file through the engine, again what others decide about, then the ledger."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from eventlet_codemod.config import Settings, detect_line_length
from eventlet_codemod.decisions import LAST
from eventlet_codemod.discovery import project_mentions
from eventlet_codemod.dual_module import end_of_switch, switch_change, switches_in
from eventlet_codemod.engine import FileChange, Traveller
from eventlet_codemod.entry_backend import backend_changes
from eventlet_codemod.facts.known import forget
from eventlet_codemod.facts.module import dotted_name
from eventlet_codemod.facts.project import Move, Origin, Project
from eventlet_codemod.findings import IDLE
from eventlet_codemod.hazards import files_beside, is_covered, told_once
from eventlet_codemod.helper_module import helper_change
from eventlet_codemod.ledger import (
    PACKAGING,
    Clock,
    FileEntry,
    Finding,
    Hazard,
    Ledger,
    Notice,
)
from eventlet_codemod.processing import Looked, Processor
from eventlet_codemod.remembered import Memory
from eventlet_codemod.rules import all_rules, find_rule, selected_for
from eventlet_codemod.rules.ecosystem import _green
from eventlet_codemod.sources import Sources
from eventlet_codemod.written_files import written_changes

Progress = Callable[[int, int], None]

#: What cannot be seen in a project that patches nothing itself.
_OUTSIDE = ". If the program around this code patches, set `monkey-patched` to yes"


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
        self.sources = Sources(root, files, settings, given=given or {}, others=others)
        self.progress = progress
        self._processed = Processor(self.sources, settings, jobs, memory)
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
        if not change.idle or self.sources.others:
            return
        path = change.entry.path
        selected = selected_for(path, self.settings)
        for comment in change.idle:
            looked_for = {find_rule(word).code for word in comment.codes} <= selected
            if looked_for and not any(p == path and is_covered(h, comment) for p, h in placed):
                yield Notice(line=comment.line, message=IDLE)

    def _unchanged(self, path: str, hazards: tuple[Hazard, ...]) -> FileChange:
        """What is to be said of a file without eventlet, to which others lead."""
        data = self.sources.read(path)
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
        project = self.sources.project()
        self._made = self.sources.made_before()
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
        if self.root is None or self.sources.others:
            return
        selected = partial(selected_for, settings=self.settings)
        self._beside = frozenset(files_beside(project, self.done.keys(), selected))
        for path, change in self._processed(sorted(self._beside), project, self._looked()):
            if change.hazards is not None:
                self._hazards[path] = change.hazards

    def _end_dual_mode(self, project: Project) -> None:
        """Let the modules go that decided between two modes, where nothing asks them any more."""
        if self.root is None or self.settings.monkey_patch == "switch":
            return
        for path in switches_in(self.sources.texts_that_patch):
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

    # --- names of eventlet that modules of the project pass on --------------------------------

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
        retired = frozenset(name for name in retired if not project.is_starred_on(name))
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
            self.files = tuple(sorted({*self.files, *(again - set(self.sources.others))}))
            self._selected |= again - set(self.sources.others)
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
            self._process_others(project)
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
        self._process_others(self.sources.project())
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
        return self.sources.read(path).decode(errors="replace")

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
            self._process_others(project)
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
        changes = self._processed(paths, project, self._looked())
        for number, (path, change) in enumerate(changes, 1):
            self.done[path] = change
            if change.hazards is not None:
                self._hazards[path] = change.hazards
            if report and self.progress is not None:
                self.progress(number, total)

    def _process_others(self, project: Project) -> None:
        """Process the files that are only looked at, too."""
        self._process([path for path in self.sources.others if path not in self.done], project)

    def _looked(self) -> Looked:
        fresh = self._selected - self._hazards.keys()  # what is dangerous stays so in every round
        return Looked(fresh, self._beside)


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
