"""What importing a module loads: whether oslo.service has chosen its backend by then."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

from eventlet_codemod.facts import Facts, Project
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
_MOST = 600  # files to look through


def chosen_before(statement: ast.stmt, facts: Facts) -> tuple[str, str]:
    """What loads oslo.service's eventlet backend before a statement of the module is reached.

    The first text says what certainly does, the second what may.
    """
    names = [*_packages(facts.path, facts.project), *_imported_above(statement, facts)]
    doubtful = ""
    for name, where in names:
        if _CHOOSING.match(name):
            return where, ""
        if _is_local(name, facts.project):
            found = choosing_module(name, facts.project, facts.path)
            if found:
                return f"{where}, which loads {found}", ""
        elif name.partition(".")[0] not in _HARMLESS:
            doubtful = doubtful or where
    return "", doubtful


def _imported_above(statement: ast.stmt, facts: Facts) -> Iterator[tuple[str, str]]:
    for item in facts.tree.body:
        if item.lineno >= statement.lineno:
            return
        if isinstance(item, (ast.Import, ast.ImportFrom)):
            for name in _names(ast.unparse(item), package_name(facts.path)):
                yield name, f"the import on line {item.lineno}"


def choosing_package(path: str, project: Project) -> str:
    """What loads the backend when a file's packages are imported, before the file itself."""
    for name, where in _packages(path, project):
        if found := choosing_module(name, project, path):
            return found if found == where else f"{where}, which loads {found}"
    return ""


def _packages(path: str, project: Project) -> Iterator[tuple[str, str]]:
    """The packages around a file, which Python imports first: their names and files."""
    parts = path.removesuffix("/__init__.py").removeprefix("src/").split("/")[:-1]
    for end in range(1, len(parts) + 1):
        name = ".".join(parts[:end])
        if (where := project.path_of(name)) is not None:
            yield name, where


def choosing_module(name: str, project: Project, but: str = "") -> str:
    """The file through which a module of the project chooses the backend, "" if it does not."""
    seen: set[str] = set()
    pending = [name]
    while pending and len(seen) < _MOST:
        parts = pending.pop().split(".")
        for end in range(1, len(parts) + 1):  # and the packages around it
            path = project.path_of(".".join(parts[:end]))
            if path is None or path in seen or path == but:
                continue
            seen.add(path)
            for found in _names(project.reads(path), package_name(path)):
                if _CHOOSING.match(found):
                    return path
                pending.append(found)
    return ""


def _is_local(name: str, project: Project) -> bool:
    return project.path_of(name.partition(".")[0]) is not None


def _while_importing(text: str) -> str:
    """A text without the bodies of functions, classes and what type checkers see, at the margin."""
    lines: list[str] = []
    runs = True
    for line in text.splitlines():
        if line[:1] not in (" ", "\t", ")", "#", ""):
            runs = not re.match(r"(?:async|def|class|@)\b|@|if .*TYPE_CHECKING", line)
            lines.append(line)
        elif runs:
            lines.append(line.lstrip())
    return "\n".join(lines)


def _names(text: str, package: str) -> Iterator[str]:
    """The dotted names that the import statements of a module import when it is imported."""
    for match in _IMPORT.finditer(_while_importing(text)):
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
