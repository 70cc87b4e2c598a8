"""The ways into a project: its scripts and its test packages, and which of them patch nothing."""

from __future__ import annotations

import configparser
import contextlib
import re
import tomllib
from collections.abc import Iterator

from eventlet_codemod.facts import Project
from eventlet_codemod.rules.ecosystem._loading import choosing_module

_PATCHES = re.compile(r"\bmonkey_patch\b|\binit_backend\b")
_SCRIPTS = ("console_scripts", "gui_scripts", "wsgi_scripts")


def entries_without_backend(project: Project) -> list[str]:
    """Files that start a program or the tests, load oslo.service and choose no backend for it."""
    found = []
    for module in (*_scripts(project), *_test_packages(project)):
        path = project.path_of(module)
        if (
            path is None
            or path in found
            or any(_patches(p, project) for p in _paths(module, project))
        ):
            continue
        if path.endswith("__init__.py") or choosing_module(module, project):
            found.append(path)
    return found


def _scripts(project: Project) -> Iterator[str]:
    """The modules of the scripts that setup.cfg and pyproject.toml name."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    data = {}
    # what cannot be read is told to whoever installs the project
    with contextlib.suppress(configparser.Error):
        parser.read_string(_read("setup.cfg", project))
    with contextlib.suppress(tomllib.TOMLDecodeError):
        data = tomllib.loads(_read("pyproject.toml", project))
    lines: list[str] = []
    if parser.has_section("entry_points"):
        for group in _SCRIPTS:
            lines += parser.get("entry_points", group, fallback="").splitlines()
    table = data.get("project", {})
    scripts = table.get("scripts", {})
    groups = [scripts, *(table.get("entry-points", {}).get(group, {}) for group in _SCRIPTS)]
    for group in groups:
        lines += [f"{name} = {value}" for name, value in group.items()]
    for line in lines:
        module = line.partition("=")[2].partition(":")[0].strip()
        if module:
            yield module


def _read(name: str, project: Project) -> str:
    try:
        return project.reads(name)
    except OSError:
        return ""


def _test_packages(project: Project) -> Iterator[str]:
    """Packages of tests, where nothing below them patches."""
    for package in sorted(project.local_modules):
        tests = f"{package}.tests"
        inner = [f"{tests}.{name}" for name in ("unit", "functional")]
        paths = [project.path_of(name) for name in inner]
        if project.path_of(tests) and not any(_patches(p, project) for p in paths if p):
            yield tests


def _paths(module: str, project: Project) -> Iterator[str]:
    """The files that importing a module runs: the packages around it, and its own."""
    parts = module.split(".")
    for end in range(1, len(parts) + 1):
        path = project.path_of(".".join(parts[:end]))
        if path is not None:
            yield path


def _patches(path: str, project: Project) -> bool:
    return _PATCHES.search(project.reads(path)) is not None
