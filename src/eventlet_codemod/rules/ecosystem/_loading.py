"""What importing a module loads: whether oslo.service has chosen its backend by then."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator

from eventlet_codemod.facts import Project
from eventlet_codemod.facts.module import package_name

#: Modules that take a component of oslo.service's backend when they are imported.
_CHOOSING = re.compile(r"oslo_service\.(?:service|loopingcall|threadgroup|wsgi)\b|oslo_messaging\b")

#: Packages that load none of them.
_HARMLESS = sys.stdlib_module_names | {
    *("debtcollector", "eventlet", "futurist", "greenlet", "oslo_concurrency", "oslo_config"),
    *("oslo_context", "oslo_i18n", "oslo_log", "oslo_serialization", "oslo_service", "oslo_utils"),
    *("pbr", "pkg_resources", "setproctitle", "setuptools", "six", "stevedore"),
}

_IMPORT = re.compile(
    r"(?m)^(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n#]*)|import[ \t]+([^\n#]+))"
)

#: What stands in a block at the margin that runs when its module is imported.
_BLOCK = re.compile(
    r"(?m)^(?:try|else|finally|(?:except|elif|with|if(?![^\n]*TYPE_CHECKING))\b[^\n]*):[ \t]*"
    r"(?:#[^\n]*)?\r?\n((?:[ \t)]+[^\n]*\n|[ \t]*\r?\n)+)"
)
_MOST = 3000  # files to look through


def loads_backend(name: str, project: Project, but: str = "") -> str:
    """Where importing a name takes the backend: a file of the project, or the name; else ""."""
    if _CHOOSING.match(name):
        return name
    return choosing_module(name, project, but) if is_local(name, project) else ""


def may_load(name: str) -> bool:
    """Whether a package that is not of the project may take the backend, for all that is known."""
    return name.partition(".")[0] not in _HARMLESS


def chooses(text: str, path: str) -> list[str]:
    """What a file imports, in functions as well, that takes a component of the backend."""
    return [n for n in imported_names(_at_margin(text), package_name(path)) if _CHOOSING.match(n)]


def imported_by(path: str, text: str, project: Project) -> list[str]:
    """What a file imports, in functions as well, and the packages around it."""
    around = [name for name, _ in packages(path, project)]
    return [*around, *imported_names(_at_margin(text), package_name(path))]


def _at_margin(text: str) -> str:
    """A text in which every import stands at the margin."""
    return re.sub(r"(?m)^[ \t]+(?=from[ \t]|import[ \t])", "", text)


def packages(path: str, project: Project) -> Iterator[tuple[str, str]]:
    """The packages around a file, which Python imports first: their names and files."""
    parts = path.removesuffix("/__init__.py").removeprefix("src/").split("/")[:-1]
    for end in range(1, len(parts) + 1):
        name = ".".join(parts[:end])
        if (where := project.path_of(name)) is not None:
            yield name, where


def choosing_module(name: str, project: Project, but: str = "") -> str:
    """The file through which a module of the project chooses the backend, "" if it does not."""
    for path, names in loaded([name], project):
        if path != but and any(map(_CHOOSING.match, names)):
            return path
    return ""


def loaded(
    names: Iterable[str], project: Project, *, lazily: bool = False
) -> Iterator[tuple[str, list[str]]]:
    """The files of the project that importing some modules runs, each with what it imports.

    ``lazily``: with what their functions import.
    """
    seen: set[str] = set()
    pending = list(names)
    while pending and len(seen) < _MOST:
        parts = pending.pop().split(".")
        for end in range(1, len(parts) + 1):  # the packages around it come first
            path = project.path_of(".".join(parts[:end]))
            if path is None or path in seen:
                continue
            seen.add(path)
            text = project.reads(path)
            found = list(imported_names(_at_margin(text) if lazily else text, package_name(path)))
            yield path, found
            pending += found


def is_local(name: str, project: Project) -> bool:
    """Whether an imported name is of the project."""
    return project.path_of(name.partition(".")[0]) is not None


def imported_names(text: str, package: str) -> Iterator[str]:
    """The dotted names that the import statements of a module import when it is imported."""
    blocks = (re.sub(r"(?m)^[ \t]+", "", match[1]) for match in _BLOCK.finditer(text))
    for match in (m for part in (text, *blocks) for m in _IMPORT.finditer(part)):
        source, taken, plain = match.groups()
        if plain is not None:
            yield from (item.split()[0] for item in plain.split(",") if item.split())
            continue
        level = len(source) - len(source.lstrip("."))
        if level:
            parts = package.split(".")
            source = ".".join(filter(None, [*parts[: len(parts) - level + 1], source[level:]]))
        items = re.sub(r"#[^\n]*", "", taken).strip("() \t\r\n").split(",")
        yield from (f"{source}.{item.split()[0]}" for item in items if item.split())
