"""Whether oslo.service's backend is chosen by the time that a file is reached.

Python imports the packages around a file first. One of them may choose the threading backend before
anything is loaded, where it patches or chooses at its top; then all below it is settled. One that
loads oslo.service itself would take eventlet's: it has to choose, and gets the two lines if it can
have them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from eventlet_codemod.facts import Facts, Project
from eventlet_codemod.facts.module import package_name
from eventlet_codemod.rules.ecosystem._choice import with_backend
from eventlet_codemod.rules.ecosystem._loading import (
    choosing_module,
    imported_names,
    loads_backend,
    may_load,
    packages,
)

_CHOICE = re.compile(r"(?m)^(?:[\w.]+\.)?(?:monkey_patch|init_backend)\([^\n]*")
_PATCHES = re.compile(r"\bmonkey_patch\b")


@dataclass(frozen=True, slots=True)
class Around:
    """What the packages around a file do about the backend; paths, "" where there is none."""

    chosen: str = ""  # chooses threads before anything is loaded, or will when it is rewritten
    missing: str = ""  # loads oslo.service, and is to choose first
    loader: str = ""  # loads oslo.service, and cannot choose: a text that names it


def choice_around(path: str, project: Project) -> Around:
    """What the packages around a file do, the first that does anything."""
    for name, where in packages(path, project):
        if _chooses_at_top(where, project):
            return Around(chosen=where)
        found = choosing_module(name, project, path)
        if found and _can_choose(where, project):
            return Around(missing=where)
        if found:
            return Around(loader=found if found == where else f"{where}, which loads {found}")
    return Around()


def chosen_before(statement: ast.stmt, facts: Facts) -> tuple[str, str]:
    """What loads oslo.service's eventlet backend before a statement of the module is reached.

    The first text says what certainly does, the second what may.
    """
    around = choice_around(facts.path, facts.project)
    if around != Around():
        return around.loader, ""
    doubtful = ""
    for name, where in (*packages(facts.path, facts.project), *_imported_above(statement, facts)):
        if found := loads_backend(name, facts.project, facts.path):
            return where if found in (name, where) else f"{where}, which loads {found}", ""
        if facts.project.path_of(name.partition(".")[0]) is None and may_load(name):
            doubtful = doubtful or where
    return "", doubtful


def _imported_above(statement: ast.stmt, facts: Facts) -> Iterator[tuple[str, str]]:
    for item in facts.tree.body:
        if item.lineno >= statement.lineno:
            return
        if isinstance(item, (ast.Import, ast.ImportFrom)):
            for name in imported_names(ast.unparse(item), package_name(facts.path)):
                yield name, f"the import on line {item.lineno}"


def _chooses_at_top(path: str, project: Project) -> bool:
    """Whether a module patches or chooses at its margin, and loads nothing before that."""
    text = project.reads(path)
    choice = _CHOICE.search(text)
    if choice is None or "eventlet-codemod: ignore" in choice[0]:
        return False
    above = imported_names(text[: choice.start()], package_name(path))
    return not any(loads_backend(name, project, path) for name in above)


def _can_choose(path: str, project: Project) -> bool:
    """Whether a package's module can have the two lines at its top."""
    text = project.reads(path)
    if _PATCHES.search(text):
        return False
    try:
        return with_backend(text) is not None
    except SyntaxError:
        return False
