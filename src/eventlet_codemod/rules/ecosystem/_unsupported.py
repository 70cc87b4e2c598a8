"""What oslo.service's threading backend does not do, and where a project relies on it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eventlet_codemod.facts import Facts
from eventlet_codemod.facts.groups import LINKED
from eventlet_codemod.facts.module import dotted_name
from eventlet_codemod.facts.project import Move, Project, is_test
from eventlet_codemod.rules.ecosystem._loading import chooses, imported_by, loaded

_SERVER = "oslo_service.wsgi.Server"
_GROUP = "oslo_service.threadgroup.ThreadGroup"
_LINK = "oslo_service.threadgroup.Thread.link"

_WSGI = re.compile(
    r"(?m)^[ \t]*(?:from[ \t]+oslo_service[ \t]+import|import[ \t]+oslo_service\.)[ \t(]*"
    r"wsgi\b(?:[ \t]+as[ \t]+(\w+))?"
)
_THREADS = re.compile(r"\badd_thread\(")
_LINKS = re.compile(r"\w\.link\(")
_SIZED = re.compile(r"\bThreadGroup\([^)]*\bthread_pool_size[ \t]*=")


def unsupported(path: str, text: str, project: Project, *, everywhere: bool = False) -> str:
    """The first thing that the backend refuses or passes over, and where; "" if there is none.

    Looked through is what the file loads, or the whole project. What this run puts something else
    in the place of does not count.
    """
    moves = project.moves.get(dotted_name(path), {})
    found_here = (item for item in _found_in(text) if moves.get(item[0], Move(stays=True)).stays)
    own = next((f"{what} (line {line})" for _, what, line in found_here), "")
    if own or project.root is None:
        return own
    found = dict(_in_project(path, project))
    if found and not everywhere:
        names = imported_by(path, text, project)
        reached = {other for other, _ in loaded(names, project, lazily=True)}
        found = {other: what for other, what in found.items() if other in reached}
    return next((what for _, what in sorted(found.items())), "")


def uses_the_backend(facts: Facts) -> bool:
    """Whether code of the project loads what takes a backend, and goes on doing so."""
    if facts.project.root is None or chooses(facts.text, facts.path):
        return True
    return project_uses_the_backend(facts.project, facts.path)


def project_uses_the_backend(project: Project, but: str = "") -> bool:
    """The same of a whole project, or of all of it ``but`` one file."""
    found = project.mentions(frozenset({"oslo_service", "oslo_messaging"}), but)
    for path in sorted({path for paths in found.values() for path in paths}):
        names = [] if is_test(path) else chooses(project.reads(path), path)
        move = project.moves.get(dotted_name(path), {}).get(_SERVER)
        if move is not None and not move.stays:
            names = [name for name in names if not name.startswith("oslo_service.wsgi")]
        if names:
            return True
    return False


def _in_project(but: str, project: Project) -> Iterator[tuple[str, str]]:
    for path in project.mentions(frozenset({"oslo_service"}), but).get("oslo_service", ()):
        moves = project.moves.get(dotted_name(path), {})
        for api, what, line in _found_in(project.reads(path)) if not is_test(path) else ():
            if moves.get(api, Move(stays=True)).stays:
                yield path, f"{what} ({path}:{line})"
                break


def _found_in(text: str) -> Iterator[tuple[str, str, int]]:
    """By name, what is not supported, and its line."""
    imported = _WSGI.search(text)
    if imported is not None:
        server = re.search(rf"\b{imported[1] or 'wsgi'}\.Server\b", text)
        if server is not None:
            yield _SERVER, "oslo.service's wsgi.Server refuses to start", _line(text, server)
    if _THREADS.search(text) and f"{LINKED}(" not in text and (link := _LINKS.search(text)):
        yield _LINK, "link() of a ThreadGroup's thread does nothing", _line(text, link)
    if sized := _SIZED.search(text):
        yield _GROUP, "a ThreadGroup takes no thread_pool_size by its name", _line(text, sized)


def _line(text: str, match: re.Match[str]) -> int:
    return text.count("\n", 0, match.start()) + 1
