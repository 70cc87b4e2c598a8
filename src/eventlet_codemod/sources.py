"""What the files of a project say before any is rewritten: which patch, and which pass names on."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from eventlet_codemod import dual
from eventlet_codemod.config import Settings
from eventlet_codemod.decisions import LAST
from eventlet_codemod.discovery import discover, local_modules
from eventlet_codemod.dual_module import stands_for, switches_in
from eventlet_codemod.facts.api import TIMEOUT, canonical
from eventlet_codemod.facts.derived import may_derive, timeout_classes
from eventlet_codemod.facts.loading import parsed
from eventlet_codemod.facts.module import Module
from eventlet_codemod.facts.project import PATCHABLE, Project, passed_on, patched_by
from eventlet_codemod.helper_module import path_for
from eventlet_codemod.source import SourceError, decode

#: A call of `monkey_patch`, or the function passed on: a mention in a comment does not do.
_PATCHES = re.compile(rb"^[^#\n]*\bmonkey_patch\s*[(,)\]]", re.MULTILINE)


class Sources:
    """The files of a run and around it, by their paths relative to ``root``.

    ``files`` are those that were asked for. ``given`` has the bytes of some, which are not read.
    ``others`` are the project's other files that mention eventlet; None: they are looked for when
    they are wanted.
    """

    def __init__(
        self,
        root: Path | None,
        files: Sequence[str],
        settings: Settings,
        *,
        given: Mapping[str, bytes],
        others: tuple[str, ...] | None,
    ) -> None:
        self.root = root
        self.given = given
        self._files = files
        self._settings = settings
        self._others = others

    @property
    def others(self) -> tuple[str, ...]:
        """The project's other files that mention eventlet."""
        if self._others is None:
            found = discover(self.root, [self.root], self._settings).files if self.root else ()
            self._others = tuple(sorted(set(found) - set(self._files)))
        return self._others

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises OSError."""
        if path in self.given:
            return self.given[path]
        assert self.root is not None
        return (self.root / path).read_bytes()

    def size(self, path: str) -> int:
        """How many bytes there are to read, 0 where that is not known."""
        if path in self.given or self.root is None:
            return 0
        try:
            return (self.root / path).stat().st_size
        except OSError:
            return 0

    @cached_property
    def texts_that_patch(self) -> dict[str, str]:
        """The files of the project that call or hand on `monkey_patch`, by path."""
        texts = {}
        for path, data in self._all():
            if b"monkey_patch" in data and _PATCHES.search(data):
                with contextlib.suppress(SourceError):  # reported where the file is processed
                    texts[path] = decode(path, data).text
        return texts

    def _all(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the project that mentions eventlet, as far as it can be read."""
        for path in (*self._files, *self.others):
            with contextlib.suppress(OSError):
                yield path, self.read(path)

    # --- the project -----------------------------------------------------------------------

    def project(self) -> Project:
        """What each file has to know of the others, before any is rewritten."""
        settings = self._settings
        blocked = {3: "other uses of eventlet must go first", LAST: "it goes last"}
        chosen = settings.monkey_patch in ("init-backend", "switch")
        project = Project(
            root=self.root,
            patched=self._patched(),
            local_modules=local_modules(self.root) if self.root else frozenset(),
            blocked=blocked,
            chooses_backend=chosen and self._patches(),
            takes_cotyledon=settings.services == "cotyledon" and self._patches(),
            declared=settings.declared,
        )
        shims = {**self._used_shims(project), **settings.declared.names}
        project = replace(project, shims=shims)
        return replace(project, timeouts=self._timeout_classes(project))

    def made_before(self) -> frozenset[str]:
        """The modules that this tool has written into the project, as far as it has."""
        paths = set(switches_in(self.texts_that_patch))
        if self.root is not None and self._settings.helpers is not None:
            paths.add(path_for(self.root, self._settings.helpers))
        return frozenset(paths)

    def _patched(self) -> frozenset[str]:
        if self._settings.monkey_patched == "yes":
            return PATCHABLE
        if self._settings.monkey_patched == "no":
            return frozenset()
        sources = dict(self.texts_that_patch)
        switches = switches_in(sources)
        project = Project(root=self.root)
        for path, module in switches.items():
            for taker in project.takers_of(f"{module}.{dual.PATCH}", path):
                sources.setdefault(taker, project.reads(taker))
        through = {path: f"{module}.{dual.PATCH}" for path, module in switches.items()}
        return patched_by(sources.items(), through)

    def _patches(self) -> bool:
        """Whether anything of the project is patched, so that something takes its place."""
        return self._settings.monkey_patched == "yes" or bool(self.texts_that_patch)

    # --- names of eventlet that modules of the project pass on --------------------------------

    def _shims(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for path, data in self._all():
            if b"from eventlet" in data or b"from oslo_service" in data:
                with contextlib.suppress(SourceError):
                    found.update(passed_on(path, decode(path, data).text))
        if self._settings.monkey_patch != "switch":  # two modes come to their end
            for module in switches_in(self.texts_that_patch).values():
                found.update(stands_for(module))
        return found

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

    def _timeout_classes(self, project: Project) -> frozenset[str]:
        """The classes of the project that derive from eventlet's Timeout."""
        paths = {path for path, data in self._all() if may_derive(data)}
        passed = (name for name, found in project.shims.items() if canonical(found) == TIMEOUT)
        for name in passed:  # files that do not mention eventlet derive from these
            paths |= project.deriving_from(name.rpartition(".")[2])

        def parse(path: str, known: Collection[str]) -> Module | None:
            try:
                text = decode(path, self.read(path)).text
                return parsed(path, text, replace(project, timeouts=frozenset(known)))
            except (OSError, SourceError, SyntaxError, ValueError, RecursionError):
                return None  # told where the file is processed

        return timeout_classes(sorted(paths), parse, project.deriving_from)
