"""All files of a project that say what it needs, and what becomes of them together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eventlet_codemod.discovery import local_modules, project_files, project_mentions
from eventlet_codemod.ledger import FileEntry, FileError
from eventlet_codemod.packaging import dependencies, packaging_rules, threads_environment
from eventlet_codemod.packaging.base import GREEN, NOWHERE, Context, PackagingRule
from eventlet_codemod.packaging.change import (
    Document,
    Policy,
    change_of,
    document,
    places_of,
    position,
)
from eventlet_codemod.packaging.listing import Listing
from eventlet_codemod.packaging.needed import NEEDS, Need
from eventlet_codemod.rules import expand
from eventlet_codemod.source import SourceError

if TYPE_CHECKING:
    from eventlet_codemod.config import Settings
    from eventlet_codemod.engine import FileChange

#: The words of which a file must hold one to be looked at; lists of requirements are read anyway.
_WORDS = (
    *(b"ventlet", b"VENTLET", b"reenlet", b"REENLET", b"futurist:Green"),
    b"heartbeat_in_pthread",
)

#: Names that only SQLAlchemy's asyncio layer has, which runs on greenlets.
_ASYNC_ALCHEMY = frozenset(
    {"create_async_engine", "AsyncEngine", "AsyncSession", "async_sessionmaker"}
)

#: Libraries that choose how to run by what is installed.
_PICKY = ("flask-socketio", "python-engineio", "python-socketio")

#: Which kind of list a requirement goes into, if there are several and none has it.
_FIRST = ("pyproject.toml", "setup.cfg", "setup.py", "requirements", "Pipfile")

_LARGEST = 2_000_000  # bytes; what is larger is no configuration


@dataclass(frozen=True, slots=True)
class _File:
    """A file that rules of this family read."""

    document: Document
    rules: tuple[PackagingRule, ...]
    listings: tuple[Listing, ...]

    @property
    def path(self) -> str:
        return self.document.path


class Packaging:
    """The files of one project, while their changes are made."""

    def __init__(
        self,
        root: Path,
        settings: Settings,
        left: str,
        needs: frozenset[str],
        done: Mapping[str, FileChange],
        variable: str = "",
        served: bool = False,
        ended: str = "",
    ) -> None:
        self.root = root
        self.settings = settings
        self.left = left
        self.needs = needs
        self.done = done
        self.variable = variable
        self.served = served
        self.ended = ended
        self.failed: list[FileChange] = []

    def changes(self) -> list[FileChange]:
        """Every change, and every file that could not be read, by path."""
        from eventlet_codemod.engine import FileChange

        files = list(self._files())
        contexts = self._contexts(files)
        made = []
        dependents = self._dependents(files, contexts)
        for file in files:
            policy = self._policy(file.path, dependents)
            first = self.done.get(file.path)
            context = contexts[file.path]
            change = change_of(file.document, file.rules, context, policy, first)
            if change is not None:
                made.append(change)
        made += [FileChange(change.entry, change.old) for change in self.failed]
        return sorted(made, key=lambda change: change.entry.path)

    # --- files -----------------------------------------------------------------------------------

    def _files(self) -> Iterator[_File]:
        for path in project_files(self.root, self.settings):
            rules = tuple(rule for rule in packaging_rules() if rule.reads(path))
            first = self.done.get(path)
            if not rules or (first is not None and first.entry.error is not None):
                continue
            try:
                data = first.old if first is not None else self._read(path)
                lists = dependencies.reads(path)
                turns = (self.variable or self.ended) and threads_environment.reads(path)
                if not (lists or turns or any(word in data for word in _WORDS)):
                    continue
                found = document(path, data)
            except OSError as error:
                self._fail(path, "unreadable", error.strerror or str(error))
                continue
            except SourceError as error:
                self._fail(path, error.kind, error.message)
                continue
            listings = tuple(dependencies.listings(found.text, path)) if lists else ()
            yield _File(found, rules, listings)

    def _read(self, path: str) -> bytes:
        target = self.root / path
        return target.read_bytes() if target.stat().st_size < _LARGEST else b""

    def _fail(self, path: str, kind: str, message: str) -> None:
        from eventlet_codemod.engine import FileChange

        error = FileError(kind=kind, message=message)
        self.failed.append(FileChange(FileEntry(path=path, status="failed", error=error), b""))

    # --- what holds for the project --------------------------------------------------------------

    def _contexts(self, files: list[_File]) -> dict[str, Context]:
        wants: dict[str, dict[str, list[Need]]] = {}
        for need in self._needs():
            places = [(f.path, listing.key) for f, listing in self._targets(files, need)]
            packaged = sorted(f.path for f in files if f.path in ("pyproject.toml", "setup.py"))
            for path, key in places or [(path, NOWHERE) for path in packaged[:1]]:
                wants.setdefault(path, {}).setdefault(key, []).append(need)
        names = {e.name for f in files for listing in f.listings for e in listing.entries}
        stays = self._stays() if any("greenlet" in f.document.text for f in files) else {}
        picky = tuple(name for name in _PICKY if name in names)
        return {
            file.path: Context(
                file.path,
                {key: tuple(needs) for key, needs in wants.get(file.path, {}).items()},
                stays,
                picky,
                self.variable,
                self.served,
                self.ended,
            )
            for file in files
        }

    def _needs(self) -> Iterator[Need]:
        own = local_modules(self.root)
        for module in sorted(self.needs):
            if module in NEEDS:
                yield NEEDS[module]
            elif module not in own and not self._imports(module):
                why = f"which release of what brings `{module}` will do is not known here"
                yield Need(module, "", why)

    def _imports(self, module: str) -> bool:
        """Whether the project imports a module in some other place, and so requires it."""
        taken = re.compile(rf"(?m)^[ \t]*(?:import|from)[ \t]+{re.escape(module)}\b".encode())
        mentions = project_mentions(self.root, frozenset({module}), self.settings)
        return any(taken.search(self._read(path)) for path in sorted(mentions[module]))

    def _targets(self, files: list[_File], need: Need) -> list[tuple[_File, Listing]]:
        """The lists that a requirement is to stand in."""
        every = [(file, listing) for file in files for listing in file.listings]
        own = [item for item in every if dependencies.mine(item[1], item[0].path)]
        named = [item for item in own if item[1].named(need.distribution)]
        holders = [item for item in own if any(item[1].named(name) for name in GREEN)]
        chosen = named or holders or sorted(own, key=_rank)[:1]
        lower = [item for item in every if item[1].role == "lower" and "/" not in item[0].path]
        return chosen + (lower if chosen else [])

    def _stays(self) -> dict[str, str]:
        mentions = project_mentions(self.root, _ASYNC_ALCHEMY, self.settings)
        paths = sorted({path for paths in mentions.values() for path in paths})
        if not paths:
            return {}
        return {"greenlet": f"SQLAlchemy's asyncio layer needs it ({paths[0]})"}

    def _policy(self, path: str, dependents: str) -> Policy:
        settings = self.settings
        chosen = expand(settings.select) if settings.select else expand(("ALL",))
        codes = chosen - expand((*settings.ignore, *settings.ignored_for(path)))
        return Policy(settings, codes, self.left, dependents)

    def _dependents(self, files: list[_File], contexts: Mapping[str, Context]) -> str:
        """The first place that stays and fails without eventlet: its requirement stays with it."""
        for file in sorted(files, key=lambda file: file.path):
            policy = self._policy(file.path, "")
            text = file.document.text
            for rule, place in places_of(text, file.rules, contexts[file.path]):
                if place.requires and policy.verdict(place, rule, text)[0] != "rewritten":
                    return f"{place.api} ({file.path}:{position(text, place.start)[0]})"
        return ""


def _rank(item: tuple[_File, Listing]) -> tuple[int, int, str]:
    file, _ = item
    kind = dependencies.kind_of(file.path)
    return file.path.count("/"), _FIRST.index(kind) if kind in _FIRST else len(_FIRST), file.path
