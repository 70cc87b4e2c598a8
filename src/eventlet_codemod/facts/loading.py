"""The files of a project, parsed when a question needs them, and kept for a while."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from eventlet_codemod.facts.module import Module, package_name
from eventlet_codemod.facts.project import Project, is_test
from eventlet_codemod.facts.scopes import Walker, parse
from eventlet_codemod.facts.uses import find_uses

_KEPT = 48
_loaded: OrderedDict[tuple[Path, str, int, int], Module | None] = OrderedDict()


def load(project: Project, path: str) -> Module | None:
    """Parse a file of the project, or take it from those parsed last."""
    assert project.root is not None
    try:
        found = (project.root / path).stat()
    except OSError:
        return None
    key = (project.root, path, found.st_mtime_ns, found.st_size)
    if key in _loaded:
        _loaded.move_to_end(key)
        return _loaded[key]
    _loaded[key] = _parse(project, path)
    while len(_loaded) > _KEPT:
        _loaded.popitem(last=False)
    return _loaded[key]


def forget_modules() -> None:
    """Parse files anew from now on: they, or what is known of their names, may have changed."""
    _loaded.clear()


def _parse(project: Project, path: str) -> Module | None:
    from eventlet_codemod.source import SourceError, decode

    assert project.root is not None
    try:
        text = decode(path, (project.root / path).read_bytes()).text
        return parsed(path, text, project)
    except (OSError, SourceError, SyntaxError, ValueError, RecursionError):
        return None


def parsed(path: str, text: str, project: Project) -> Module:
    """Parse the text of a file. Raises SyntaxError, ValueError or RecursionError."""
    tree = parse(text, path)
    walker = Walker(tree, text)
    names = find_uses(
        walker,
        local_modules=project.hiding_modules(path),
        has_module=project.has_module,
        shims=project.shims_in(text),
        timeouts=project.timeouts_in(text),
        package=package_name(path),
        backend=project.chooses_backend and not is_test(path),
        cotyledon=project.takes_cotyledon and not is_test(path),
        declared=project.declared,
    )
    return Module(path, text, tree, walker, names, project)
